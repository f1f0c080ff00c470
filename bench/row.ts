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

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/**
 * The quantile of each round, and of those the median: a neighbour that takes the processor for one
 * round does not decide what all of them say.
 */
export function quantileOfRounds(rounds: readonly (readonly number[])[], q: number): number {
  return median(rounds.map((samples) => quantile(samples, q)));
}

/** Three significant digits: more would pretend to a precision that no shared machine has. */
export function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

export function printRows(rows: readonly Row[]): void {
  const verdict = ({ goal, met }: Row) => `${goal} ${met ? "met" : "MISSED"}`;
  const width = {
    name: Math.max(0, ...rows.map(({ name }) => name.length)),
    value: Math.max(0, ...rows.map(({ value }) => value.length)),
    goal: Math.max(0, ...rows.map((row) => (row.goal ? verdict(row).length : 0))),
  };
  for (const row of rows) {
    const goal = row.goal ? verdict(row) : "";
    const cells = [
      row.name.padEnd(width.name),
      row.value.padEnd(width.value),
      goal.padEnd(width.goal),
    ];
    console.log([...cells, row.note ?? ""].join("  ").trimEnd());
  }
}
