// What a specification keeps so that its chart can be drawn again in another way: the table, and the
// words that were said about it, in order, under `usermeta.keiko`. Read again by `read-kept.ts`.

import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { type Table, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

/** A table, and what was said about it from the first wish to the last change. */
export interface Kept {
  readonly table: Table;
  readonly wishes: readonly string[];
  readonly language: string;
}

export const KEPT = {
  version: 1,
  rows_max: 10_000,
  wishes_max: 100,
  wish_letters_max: 4000,
} as const;
const ROWS_LETTERS_MAX = 6 * 1024 * 1024;

/** The value of `usermeta`. Of a table too large to keep come the first rows and its file. */
export function keep({ table, wishes, language }: Kept): Record<string, JsonValue> {
  const all = table.rows;
  const rows: JsonValue[] = [];
  let letters = 0;
  for (const row of all.slice(0, KEPT.rows_max)) {
    const values = row.cells.map(({ value }): JsonValue => value.value ?? null);
    letters += JSON.stringify(values).length;
    if (letters > ROWS_LETTERS_MAX) break;
    rows.push(values);
  }
  const rowCount = BigInt(Math.max(Number(table.rowCount), all.length));
  const head = toJson(TableSchema, { ...table, rows: [], rowCount });
  const said = [...wishes.slice(0, 1), ...wishes.slice(1).slice(-(KEPT.wishes_max - 1))];
  return { keiko: { version: KEPT.version, language, wishes: said, table: head, rows } };
}
