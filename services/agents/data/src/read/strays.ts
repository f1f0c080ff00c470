/** Cells that are neither missing nor what the rest of their column is: counted, shown, located. */
import { identifier, literal } from "../intent/quote.ts";
import type { Database } from "./database.ts";
import { missingWords, type Reading } from "./values.ts";
import { firstFew, type Warning } from "./warning.ts";

/** Says where a row of "raw" is in the file: a line, or the number of a record. */
export interface RowPlaces {
  readonly en: string;
  readonly de: string;
  readonly of: (row: number) => Promise<number>;
}

const places_max = 3;
const kinds: Readonly<Record<Reading["type"], { en: string; de: string }>> = {
  integer: { en: "a whole number", de: "keine ganze Zahl" },
  number: { en: "a number", de: "keine Zahl" },
  text: { en: "a text", de: "kein Text" },
  truth: { en: "true or false", de: "weder true noch false" },
  date: { en: "a date", de: "kein Datum" },
  time: { en: "a moment", de: "kein Zeitpunkt" },
};

export async function reportStrays(
  database: Database,
  columns: readonly { readonly name: string; readonly reading: Reading | undefined }[],
  places: RowPlaces,
  warnings: Warning[],
) {
  const converted = columns.filter(
    ({ name, reading }) => reading && !reading.expression(name).startsWith(identifier(name)),
  );
  if (converted.length === 0) return;
  const counts = converted.map(({ name }) => `count_if(${isStray(name)})`).join(", ");
  const { rows } = await database.query(`SELECT ${counts} FROM raw POSITIONAL JOIN source`);
  for (const [index, { name, reading }] of converted.entries()) {
    const count = Number(rows[0]?.[index] ?? 0);
    if (count > 0) warnings.push(await describe(database, name, reading!, count, places));
  }
}

const missing = missingWords.map(literal).join(", ");
const isStray = (name: string) => {
  const column = identifier(name);
  return `source.${column} IS NULL AND lower(trim(raw.${column}::VARCHAR)) NOT IN (${missing})`;
};

async function describe(
  database: Database,
  name: string,
  { type }: Reading,
  count: number,
  places: RowPlaces,
): Promise<Warning> {
  const { rows } = await database.query(
    `SELECT raw.rowid, raw.${identifier(name)}::VARCHAR FROM raw POSITIONAL JOIN source
     WHERE ${isStray(name)} ORDER BY raw.rowid LIMIT ${places_max}`,
  );
  const found = await Promise.all(
    rows.map(async ([row, text]) => ({
      at: await places.of(Number(row)),
      text: cut(String(text)),
    })),
  );
  const example = found[0]?.text ?? "";
  const more = count > found.length ? ", …" : "";
  const at = firstFew(found.map((one) => one.at)) + more;
  const [is, sind] = count === 1 ? ["value", "Wert"] : ["values", "Werte"];
  const kind = kinds[type];
  return {
    en: `${count} ${is} of "${name}" ${count === 1 ? "is not" : "are not"} ${kind.en}, such as "${example}" (${places.en} ${at}); they count as missing.`,
    de: `${count} ${sind} in „${name}“ ${count === 1 ? "ist" : "sind"} ${kind.de}, zum Beispiel „${example}“ (${places.de} ${at}); sie gelten als fehlend.`,
  };
}

const cut = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
