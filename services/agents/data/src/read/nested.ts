/** Makes rows of JSON flat: objects inside them become columns, one list of objects becomes the rows. */
import { unreadable } from "../failure.ts";
import { identifier } from "../intent/quote.ts";
import type { Database } from "./database.ts";

type Described = readonly (readonly [name: string, type: string])[];

const depthMax = 3;
const isObject = (type: string) => /^STRUCT\(.*\)$/s.test(type);
const isListOfObjects = (type: string) => /^STRUCT\(.*\)\[\]$/s.test(type);

export async function spreadNested(database: Database, filename: string) {
  for (let depth = 0; depth <= depthMax; depth++) {
    const columns = await describe(database);
    const lists = columns.filter(([, type]) => isListOfObjects(type));
    if (depth === 0 && lists.length > 0 && (await isOneRow(database))) {
      await listToRows(
        database,
        filename,
        lists.map(([name]) => name),
      );
    } else if (depth < depthMax && columns.some(([, type]) => isObject(type))) {
      await database.query(flatSelect(columns));
    } else return;
  }
}

async function describe(database: Database): Promise<Described> {
  const { rows } = await database.query("DESCRIBE raw");
  return rows.map((row) => [String(row[0]), String(row[1])] as const);
}

async function isOneRow(database: Database): Promise<boolean> {
  const { rows } = await database.query("SELECT count(*) FROM raw");
  return rows[0]?.[0] === 1;
}

/** `{"data": [{…}, {…}]}` is a table; with two such lists it is not said which. */
async function listToRows(database: Database, filename: string, lists: readonly string[]) {
  const [name, other] = lists;
  if (name === undefined || other !== undefined) {
    throw unreadable(
      filename,
      {
        en: `it holds ${lists.length} lists (${lists.join(", ")}) rather than one table`,
        de: `die Datei enthält ${lists.length} Listen (${lists.join(", ")}) statt einer Tabelle`,
      },
      {
        en: "Attach the list that you want to ask about as a file of its own.",
        de: "Die Liste, um die es geht, als eigene Datei anhängen.",
      },
    );
  }
  const list = identifier(name);
  await database.query(
    `CREATE OR REPLACE TABLE raw AS SELECT unnest(${list}, max_depth := 2) FROM (SELECT ${list} FROM raw)`,
  );
}

/** Objects become columns of their own: record.high, record.low. */
function flatSelect(columns: Described): string {
  const parts = columns.flatMap(([name, type]) => {
    if (!isObject(type)) return [identifier(name)];
    return objectFields(type).map(
      (field) => `${identifier(name)}.${identifier(field)} AS ${identifier(`${name}.${field}`)}`,
    );
  });
  return `CREATE OR REPLACE TABLE raw AS SELECT ${parts.join(", ")} FROM raw`;
}

/** The names at the first level of "STRUCT(high BIGINT, "a b" STRUCT(…))". */
function objectFields(type: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let start = "STRUCT(".length;
  for (let at = start; at < type.length; at++) {
    const sign = type[at];
    if (sign === "(") depth++;
    const ends = (sign === "," || sign === ")") && depth === 0;
    if (sign === ")") depth--;
    if (!ends) continue;
    const field = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s/.exec(type.slice(start, at));
    if (field) names.push((field[1] ?? field[2] ?? "").replaceAll('""', '"'));
    start = at + 1;
  }
  return names;
}
