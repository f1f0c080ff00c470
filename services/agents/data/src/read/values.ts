/**
 * What texts in a column can mean: the list of ways to read them, tried in order over a sample.
 * Each way has a pattern for the sample and the SQL that converts the whole column.
 */
import { identifier, literal } from "../intent/quote.ts";

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

interface Way extends Reading {
  readonly pattern: RegExp;
  /** Only tried when the file as a whole writes numbers this way. */
  readonly comma?: boolean;
}

/** Texts that people write where a number or a date is missing. */
export const missingWords = ["", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "k.a.", "?"];

const cast = (type: string) => (column: string) =>
  `try_cast(trim(${identifier(column)}::VARCHAR) AS ${type})`;

/** Removes what groups and decorates, turns a decimal comma into a point. */
const cleaned = (drop: string, comma: boolean, scale = "") => {
  return (column: string) => {
    const kept = `regexp_replace(${identifier(column)}::VARCHAR, ${literal(drop)}, '', 'g')`;
    const pointed = comma ? `replace(${kept}, ',', '.')` : kept;
    return `try_cast(${pointed} AS DOUBLE)${scale}`;
  };
};

const parsed = (format: string, type: "DATE" | "TIMESTAMP") => (column: string) =>
  `try_strptime(trim(${identifier(column)}::VARCHAR), ${literal(format)})::${type}`;

const way = (
  type: CellType,
  pattern: RegExp,
  expression: Reading["expression"],
  rest: { plain?: boolean; comma?: boolean; unit?: string } = {},
): Way => ({ type, pattern, expression, plain: false, ...rest });

const money = "[$€£¥]|USD|EUR|GBP";
const moneyPattern = (number: string) =>
  new RegExp(`^(${money})\\s?[-+]?${number}$|^[-+]?${number}\\s?(${money})$`);
const english = "\\d{1,3}(,\\d{3})*(\\.\\d+)?";
const englishOrPlain = "(\\d+|\\d{1,3}(,\\d{3})+)(\\.\\d+)?";
const german = "(\\d+|\\d{1,3}(\\.\\d{3})+)(,\\d+)?";

const months = "(?:[A-Za-z]{3})";
const clock = "\\d{1,2}:\\d{2}";

export const ways: readonly Way[] = [
  way("integer", /^[-+]?(0|[1-9]\d{0,17})$/, cast("BIGINT"), { plain: true }),
  way("number", /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/, cast("DOUBLE"), { plain: true }),
  way("number", new RegExp(`^[-+]?${german}$`), cleaned("[.\\s]", true), { comma: true }),
  way("number", new RegExp(`^[-+]?${english}$`), cleaned("[,\\s]", false)),
  way("number", /^[-+]?\d{1,3}([ \u00a0\u202f']\d{3})+$/, cleaned("[^0-9.+-]", false)),
  way("number", /^[-+]?\d+([.]\d+)?\s?%$/, cleaned("[%\\s]", false), { unit: "%" }),
  way("number", /^[-+]?\d+(,\d+)?\s?%$/, cleaned("[%\\s.]", true), { unit: "%" }),
  way("number", moneyPattern(german), cleaned("[^0-9,+-]", true), { comma: true }),
  way("number", moneyPattern(englishOrPlain), cleaned("[^0-9.+-]", false)),
  way("truth", /^(true|false)$/i, cast("BOOLEAN"), { plain: true }),
  way("date", /^\d{4}-\d{2}-\d{2}$/, cast("DATE"), { plain: true }),
  way("time", /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/, cast("TIMESTAMP"), {
    plain: true,
  }),
  way("date", /^\d{1,2}\.\d{1,2}\.\d{4}$/, parsed("%d.%m.%Y", "DATE")),
  way("date", /^\d{1,2}\.\d{1,2}\.\d{2}$/, parsed("%d.%m.%y", "DATE")),
  way("date", /^(0?[1-9]|1[0-2])\/([12]?\d|0\d|3[01])\/\d{4}$/, parsed("%m/%d/%Y", "DATE")),
  way("date", /^([12]?\d|0\d|3[01])\/(0?[1-9]|1[0-2])\/\d{4}$/, parsed("%d/%m/%Y", "DATE")),
  way("date", /^\d{4}\/\d{1,2}\/\d{1,2}$/, parsed("%Y/%m/%d", "DATE")),
  way(
    "time",
    new RegExp(`^\\d{4}/\\d{1,2}/\\d{1,2} ${clock}$`),
    parsed("%Y/%m/%d %H:%M", "TIMESTAMP"),
  ),
  way(
    "time",
    new RegExp(`^\\d{4}/\\d{1,2}/\\d{1,2} ${clock}:\\d{2}$`),
    parsed("%Y/%m/%d %H:%M:%S", "TIMESTAMP"),
  ),
  way(
    "time",
    new RegExp(`^\\d{1,2}\\.\\d{1,2}\\.\\d{4} ${clock}$`),
    parsed("%d.%m.%Y %H:%M", "TIMESTAMP"),
  ),
  way("date", new RegExp(`^${months} \\d{1,2} \\d{4}$`), parsed("%b %d %Y", "DATE")),
  way("date", new RegExp(`^${months} \\d{1,2}, \\d{4}$`), parsed("%b %d, %Y", "DATE")),
  way("date", new RegExp(`^\\d{1,2} ${months} \\d{4}$`), parsed("%d %b %Y", "DATE")),
  way("date", /^[A-Z][a-z]{2,8} \d{1,2}, \d{4}$/, parsed("%B %d, %Y", "DATE")),
  way("date", /^\d{1,2} [A-Z][a-z]{2,8} \d{4}$/, parsed("%d %B %Y", "DATE")),
  way("date", /^\d{4}-(0[1-9]|1[0-2])$/, parsed("%Y-%m", "DATE")),
  way("date", new RegExp(`^${months} \\d{4}$`), parsed("%b %Y", "DATE")),
];

/** Codes such as "01001" are names, though they look like numbers. */
const code = /^0\d+$/;

const isMissing = (text: string) => missingWords.includes(text.trim().toLowerCase());

/**
 * The first way that reads nearly every text of the sample; undefined: they stay texts.
 * @param comma the file writes decimal commas
 */
export function findReading(texts: readonly string[], comma: boolean): Reading | undefined {
  const present = texts.map((text) => text.trim()).filter((text) => !isMissing(text));
  if (present.length === 0 || present.some((text) => code.test(text))) return undefined;
  for (const candidate of ways) {
    if (candidate.comma && !comma) continue;
    // "1.234" and "12.5" mean other numbers where the file writes commas.
    if (comma && candidate.type === "number" && candidate.plain) continue;
    const fitting = present.filter((text) => candidate.pattern.test(text)).length;
    if (fitting >= present.length * 0.95 && fitting > 0) {
      const unit = candidate.unit ?? currencyOf(present[0]!);
      return candidate.type === "number" && unit !== undefined ? { ...candidate, unit } : candidate;
    }
  }
  return undefined;
}

function currencyOf(text: string): string | undefined {
  const found = new RegExp(money).exec(text)?.[0];
  const signs: Record<string, string> = { USD: "$", EUR: "€", GBP: "£" };
  return found === undefined ? undefined : (signs[found] ?? found);
}

/** Whether a file writes decimal commas, judged over all its columns. */
export function writesDecimalCommas(columns: readonly (readonly string[])[]): boolean {
  let commas = 0;
  let points = 0;
  for (const texts of columns) {
    for (const text of texts) {
      const bare = text.trim().replace(/\s?([$€£%]|EUR|USD)$/, "");
      if (/^[-+]?\d+(\.\d{3})*,\d+$/.test(bare) && !/^[-+]?\d{1,3},\d{3}$/.test(bare)) commas++;
      else if (/^[-+]?\d+\.\d+$/.test(bare) && !/^[-+]?\d{1,3}\.\d{3}$/.test(bare)) points++;
    }
  }
  return commas > points;
}
