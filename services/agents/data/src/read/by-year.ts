/**
 * Tables with a column for each year say when something was in their header. Beside such a table
 * stands the same with a row for each year, so that periods, courses and growth can be asked of it.
 */
import { identifier, literal } from "../intent/quote.ts";
import { detectLanguage } from "../language/detect.ts";
import type { DataLimits } from "../limits.ts";
import type { Database } from "./database.ts";
import { type Column, isNumeric, type Profile, profileTable } from "./profile.ts";

/** Fewer columns that look like years may be called so for another reason. */
const yearsMin = 3;
const names = { de: ["Jahr", "Wert"], en: ["Year", "Value"] } as const;

export interface ByYear {
  readonly database: Database;
  readonly profile: Profile;
}

/** Undefined: the table is not one of these. */
export async function byYear(
  { database, profile }: ByYear,
  limits: DataLimits,
): Promise<ByYear | undefined> {
  const years = profile.columns.filter(isOfYear);
  const others = profile.columns.filter((column) => !isOfYear(column));
  const distinct = new Set(years.map(({ bare }) => bare)).size;
  // Other figures belong to no year, and would come once more with each.
  if (distinct < yearsMin || distinct < years.length || others.some(isFigure)) return undefined;
  const [year, value] = names[detectLanguage(others.map(({ bare }) => bare).join(" "))];
  const [unit, other] = new Set(years.map((column) => column.unit));
  const figure = unit && other === undefined ? `${value} (${unit})` : value;
  if (others.some(({ name }) => name === year || name === figure)) return undefined;
  const sql = longForm(years, others, year, figure);
  const long = prefixed(database, `WITH source AS (${sql("main.source")})\n`);
  const whole = years.every(({ type }) => type === "integer");
  const columns = [
    ...others.map(({ name, type, unit: own }) => ({ name, type, unit: own })),
    { name: year, type: "integer" as const },
    { name: figure, type: whole ? ("integer" as const) : ("number" as const) },
  ];
  const loaded = {
    ...{ database: long, columns, warnings: profile.warnings },
    row_count: profile.row_count * years.length,
    preamble: preambleOf(profile.preamble, sql),
  };
  return { database: long, profile: await profileTable(loaded, profile.filename, limits) };
}

const isFigure = ({ type, is_year }: Column) => isNumeric(type) && !is_year;

const isOfYear = ({ bare, type }: Column) => isNumeric(type) && /^(1[89]|20)\d\d$/.test(bare);

function longForm(
  years: readonly Column[],
  others: readonly Column[],
  year: string,
  figure: string,
) {
  const type = years.every((column) => column.type === "integer") ? "BIGINT" : "DOUBLE";
  const kept = others.map(({ name }) => `${identifier(name)}, `).join("");
  const cells = years.map(({ name }) => `${identifier(name)}::${type} AS ${identifier(name)}`);
  const list = years.map(({ name, bare }) => `${identifier(name)} AS ${literal(bare)}`);
  return (from: string) => `
  SELECT ${kept}${identifier(year)}::BIGINT AS ${identifier(year)}, ${identifier(figure)}
  FROM (SELECT ${kept}${cells.join(", ")} FROM ${from})
  UNPIVOT INCLUDE NULLS (${identifier(figure)} FOR ${identifier(year)} IN (${list.join(", ")}))
`;
}

/** What is written for people: the types that "source" is given first, then its other form. */
function preambleOf(before: string, sql: (from: string) => string): string {
  if (before === "") return `WITH source AS (${sql("main.source")})\n`;
  const file = before.replace(/^WITH source AS/, "WITH file AS").trimEnd();
  return `${file},\nsource AS (${sql("file")})\n`;
}

const prefixed = (database: Database, prefix: string): Database => ({
  query: (sql, options) => database.query(prefix + sql, options),
  lock: () => database.lock(),
  close: () => database.close(),
});
