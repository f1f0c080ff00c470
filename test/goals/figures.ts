/** Statistics and choices of rows, the plain way, for what the goals expect. */
import type { Expected } from "./check.ts";
import type { Rows } from "./goal.ts";
import { groupBy, mean, numbers, perGroup, type SourceRow, sum, top } from "./source.ts";

type Figure = (values: readonly number[]) => number;

export const of = (column: string, figure: Figure) => (rows: Rows) => figure(numbers(rows, column));
export const where = (rows: Rows, test: (row: SourceRow) => boolean) => rows.filter(test);
export const key = (column: string) => (row: SourceRow) => String(row[column]);
export const known = (column: string) => (row: SourceRow) => (row[column] ?? null) !== null;
export const missing = (column: string) => (row: SourceRow) => (row[column] ?? null) === null;
export const size = (rows: Rows) => rows.length;
export const distinct = (rows: Rows, column: string) =>
  new Set(where(rows, known(column)).map(key(column))).size;

/** Parts of a date that is written YYYY-MM-DD. */
export const year = (row: SourceRow, column = "date") => String(row[column]).slice(0, 4);
export const yearOf = (column: string) => (row: SourceRow) => year(row, column);
export const monthOf = (column: string) => (row: SourceRow) => String(row[column]).slice(0, 7);
export const dayOf = (column: string) => (row: SourceRow) => String(row[column]).slice(0, 10);
/** First day of the quarter. */
export const quarterOf = (column: string) => (row: SourceRow) => {
  const month = Number(String(row[column]).slice(5, 7));
  const first = String(month - ((month - 1) % 3)).padStart(2, "0");
  return `${year(row, column)}-${first}-01`;
};
export const decadeOf = (column: string) => (row: SourceRow) =>
  String(Math.floor(Number(String(row[column]).slice(0, 4)) / 10) * 10);

const weekdays = {
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  de: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
};
const utc = (day: string) => new Date(`${day.replaceAll("/", "-").slice(0, 10)}T00:00:00Z`);
export const weekdayOf = (column: string, language: "de" | "en") => (row: SourceRow) =>
  weekdays[language][utc(String(row[column])).getUTCDay()]!;
/** The Monday of the week. */
export const weekOf = (column: string) => (row: SourceRow) => {
  const day = utc(String(row[column]));
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
};

/** Group figures, the best of them named in the sentence. */
export function best(groups: Record<string, number>, direction: "max" | "min" = "max"): Expected {
  return { groups, ...winner(groups, direction) };
}

/** Only the best: whether the table also holds the others is left open. */
export function winner(
  groups: Readonly<Record<string, number>>,
  direction: "max" | "min" = "max",
): Expected {
  const [[name, figure] = ["", 0]] = Object.entries(top(groups, 1, direction));
  return { names: [name], figures: [figure] };
}

/** Each figure as a part of all of them together. */
export function shares(figures: Readonly<Record<string, number>>): Record<string, number> {
  const whole = sum(Object.values(figures));
  return mapped(figures, (figure) => figure / whole);
}

export function mapped(
  figures: Readonly<Record<string, number>>,
  change: (figure: number) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, change(value)]));
}

/** Entries by name, which is by time where names are dates. */
export const inOrder = (figures: Readonly<Record<string, number>>) =>
  Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1));

export function running(figures: Readonly<Record<string, number>>): Record<string, number> {
  let total = 0;
  return Object.fromEntries(
    inOrder(figures).map(([name, figure]) => {
      total += figure;
      return [name, total];
    }),
  );
}

/** Each figure against the one before it; the first has none. */
export function steps(
  figures: Readonly<Record<string, number>>,
  compare: (now: number, before: number) => number,
): Record<string, number> {
  const entries = inOrder(figures);
  return Object.fromEntries(
    entries.slice(1).map(([name, now], index) => [name, compare(now, entries[index]![1])]),
  );
}
export const difference = (now: number, before: number) => now - before;
export const growth = (now: number, before: number) => (now - before) / before;

export function deviation(values: readonly number[], kind: "sample" | "population"): number {
  const center = mean(values);
  const squares = sum(values.map((value) => (value - center) ** 2));
  return Math.sqrt(squares / (kind === "sample" ? values.length - 1 : values.length));
}

/** Between the two nearest values in proportion, as most tools do. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}

/** Values beyond one and a half times the distance of the quartiles. */
export function outliers(values: readonly number[]): number[] {
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  const reach = 1.5 * (high - low);
  return values.filter((value) => value < low - reach || value > high + reach);
}

type Pair = readonly [number, number];

export function pairs(rows: Rows, x: string, y: string): Pair[] {
  return rows.flatMap((row) => {
    const [a, b] = [row[x], row[y]];
    return typeof a === "number" && typeof b === "number" ? [[a, b] as const] : [];
  });
}

/** The straight line of least squares through the pairs, and how well the two go together. */
export function line(points: readonly Pair[]) {
  const [x, y] = [mean(points.map(([a]) => a)), mean(points.map(([, b]) => b))];
  const xy = sum(points.map(([a, b]) => (a - x) * (b - y)));
  const xx = sum(points.map(([a]) => (a - x) ** 2));
  const yy = sum(points.map(([, b]) => (b - y) ** 2));
  const correlation = xy / Math.sqrt(xx * yy);
  return { slope: xy / xx, correlation, fit: correlation ** 2 };
}

export const sumPer = (rows: Rows, group: (row: SourceRow) => string, column: string) =>
  perGroup(rows, group, of(column, sum));
export const meanPer = (rows: Rows, group: (row: SourceRow) => string, column: string) =>
  perGroup(rows, group, of(column, mean));
export const countPer = (rows: Rows, group: (row: SourceRow) => string) =>
  perGroup(rows, group, size);
/** Two keys together, as a group of an expectation names them. */
export const both =
  (first: (row: SourceRow) => string, second: (row: SourceRow) => string) => (row: SourceRow) =>
    `${first(row)} | ${second(row)}`;

export const text = (row: SourceRow, column: string) => String(row[column] ?? "");
export const figure = (row: SourceRow, column: string) => Number(row[column] ?? Number.NaN);
export const is = (column: string, value: string | number) => (row: SourceRow) =>
  row[column] === value;
/** Days written YYYY-MM-DD, the last one included. */
export const during = (column: string, first: string, last: string) => (row: SourceRow) =>
  text(row, column).slice(0, 10) >= first && text(row, column).slice(0, 10) <= last;
export const descending = (figures: Readonly<Record<string, number>>) =>
  Object.values(figures).sort((a, b) => b - a);
/** Rows that are the same, once. */
export const once = (rows: Rows): Rows =>
  [...groupBy(rows, JSON.stringify).values()].map(([row]) => row!);
