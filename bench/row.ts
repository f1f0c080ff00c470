/** One line of the bench table. Numbers are ratios where they can be: machines differ. */
export interface Row {
  name: string;
  value: string;
  goal?: string;
  met?: boolean;
  /** Why a goal is missed, or what the number rests on. */
  note?: string;
}

/** The q-th part of the samples lies at or below the result; 0.5 gives the median. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** For a bench file that is run by itself. */
export function printRows(rows: readonly Row[]): void {
  for (const { name, value, goal, met, note } of rows) {
    const verdict = goal === undefined ? "" : `  goal ${goal}: ${met ? "met" : "MISSED"}`;
    console.log(`${name}: ${value}${verdict}${note ? `  (${note})` : ""}`);
  }
}
