// Bins with round edges, as many as the spread of the values deserves.

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Of which small multiple; empty when there is one plot. */
  readonly panel: string;
}

const BINS_MIN = 6;
const BINS_MAX = 24;

/** Counts values in bins [from, to); the last also takes its end. Takes ascending values. */
export function binValues(sorted: readonly number[]): Bin[] {
  const low = sorted[0] ?? 0;
  const high = sorted.at(-1) ?? 0;
  if (low === high) return [{ from: low - 0.5, to: low + 0.5, count: sorted.length, panel: "" }];
  const whole = sorted.every(Number.isInteger);
  const step = Math.max(whole ? 1 : 0, roundStep(widthFor(sorted, high - low)));
  // A bin of one whole number stands over that number, not between it and the next.
  const shift = whole && step === 1 ? 0.5 : 0;
  const start = Math.floor((low + shift) / step) * step - shift;
  const counts: number[] = Array.from({ length: binIndex(high, start, step) + 1 }, () => 0);
  for (const value of sorted) {
    const at = binIndex(value, start, step);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  if (counts.length > 1 && shift === 0 && clean(start + (counts.length - 1) * step) === high) {
    const end = counts.pop() ?? 0;
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + end;
  }
  return counts.map((count, i) => ({
    from: clean(start + i * step),
    to: clean(start + (i + 1) * step),
    count,
    panel: "",
  }));
}

/** Counts other values, all within the same bins, for one small multiple. */
export function countInto(bins: readonly Bin[], values: readonly number[], panel: string): Bin[] {
  const last = bins.length - 1;
  return bins.map(({ from, to }, i) => ({
    from,
    to,
    count: values.filter((v) => v >= from && (v < to || (i === last && v <= to))).length,
    panel,
  }));
}

/** Freedman and Diaconis, within a number of bins that can be read. */
function widthFor(sorted: readonly number[], range: number): number {
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const width = (2 * spread) / Math.cbrt(sorted.length);
  return Math.min(range / BINS_MIN, Math.max(range / BINS_MAX, width));
}

/** The next larger of 1, 2, 5 times a power of ten. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5].find((f) => f * power >= width * 0.999) ?? 10;
  return factor * power;
}

function binIndex(value: number, start: number, step: number): number {
  return Math.floor(clean((value - start) / step));
}

/** Takes the last bits of floating-point noise off: 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** Linear between neighbours (type 7). Takes ascending values, at least one. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
