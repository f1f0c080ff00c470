/** What the texts of a column can mean: tried in order over a sample, from the plainest on. Pure. */
import { identifier, literal } from "../intent/quote.ts";
import { findDate, findNumericDate } from "./dates.ts";
import { type DecimalSign, findNumber } from "./numbers.ts";
import type { Warning } from "./warning.ts";

export type CellType = "integer" | "number" | "text" | "truth" | "date" | "time";

/** How the texts of one column are read. */
export interface Reading {
  readonly type: CellType;
  /** SQL that gives the typed value, or NULL where the text is something else. */
  readonly expression: (column: string) => string;
  /** DuckDB's own reading of the file would give the same. */
  readonly plain: boolean;
  /** What one unit is, where the texts say so. */
  readonly unit?: string;
}

/** Texts that people write where a number or a date is missing. */
export const missingWords = [
  ...["", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "–", "—"],
  ...["k.a.", "k. a.", "keine angabe", "?", ".", "…"],
];

const cast = (type: string) => (column: string) =>
  `try_cast(trim(${identifier(column)}::VARCHAR) AS ${type})`;
const plain = (type: CellType, pattern: RegExp, sql: string) => ({
  pattern,
  reading: { type, plain: true, expression: cast(sql) } satisfies Reading,
});

/** What DuckDB reads in the same way by itself. */
const plainNumbers = [
  plain("integer", /^[-+]?(0|[1-9]\d{0,17})$/, "BIGINT"),
  plain("number", /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/, "DOUBLE"),
];
const plainOthers = [
  plain("truth", /^(true|false)$/i, "BOOLEAN"),
  plain("date", /^\d{4}-\d{2}-\d{2}$/, "DATE"),
  plain("time", /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/, "TIMESTAMP"),
  zoned(),
];

/** The clock as it is written: nine in the morning stays nine, whatever the zone. */
function zoned() {
  const zone = "[-+]\\d{2}:?\\d{2}$";
  const expression = (column: string) =>
    `try_cast(regexp_replace(trim(${identifier(column)}::VARCHAR), ${literal(zone)}, '') AS TIMESTAMP)`;
  return {
    pattern: new RegExp(`^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?${zone}`),
    reading: { type: "time", plain: false, expression } satisfies Reading,
  };
}

/** Codes such as "01001" are names, though they look like numbers. */
const code = /^0\d+$/;
const isMissing = (text: string) => missingWords.includes(text.trim().toLowerCase());

export interface ColumnHints {
  readonly name: string;
  readonly decimals: DecimalSign;
  /** The rest of the file is written the German way. */
  readonly german: boolean;
}

/** A way to read a column, and the share of its texts that fit. */
export interface Candidate {
  readonly reading: Reading;
  readonly share: number;
}

/** Texts that do not fit count as missing, so only a few may. */
export const share_min = 0.95;

export const shareOf = (present: readonly string[], fits: (text: string) => boolean) =>
  present.filter(fits).length / present.length;

/** The way that reads most texts of the sample, the plainest of several; undefined: they stay texts. */
export function findReading(
  texts: readonly string[],
  hints: ColumnHints,
  notes: Warning[],
): Reading | undefined {
  const present = texts.map((text) => text.trim()).filter((text) => !isMissing(text));
  if (present.length === 0 || present.some((text) => code.test(text))) return undefined;
  const byPattern = ({ pattern, reading }: { pattern: RegExp; reading: Reading }): Candidate => ({
    reading,
    share: shareOf(present, (text) => pattern.test(text)),
  });
  // "1.234" means another number where the file writes commas; whole numbers are the same in both.
  const numbers = hints.decimals === "comma" ? plainNumbers.slice(0, 1) : plainNumbers;
  const found: (Candidate | undefined)[] = [
    findNumericDate(present, hints),
    ...[...numbers, ...plainOthers].map(byPattern),
  ];
  if (!found.some((candidate) => candidate?.share === 1)) {
    found.push(findDate(present, hints, notes), findNumber(hints.name, present, hints, notes));
  }
  const fitting = found.filter((candidate) => candidate !== undefined);
  const best = Math.max(...fitting.map(({ share }) => share));
  return best < share_min ? undefined : fitting.find(({ share }) => share === best)?.reading;
}
