// All rows of a table: those that came along, or, when they are only the first ones, those of the
// CSV file behind it. A file too large to draw from is left alone; the chart then says that it shows
// the first rows.

import { create } from "@bufbuild/protobuf";
import type { Artifacts } from "@keiko/agent";
import {
  type Cell,
  CellSchema,
  ColumnType,
  RowSchema,
  type Table,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { csvParseRows } from "d3-dsv";

const BYTES_MAX = 32 * 1024 * 1024;
const ROWS_MAX = 200_000;

/** Reads the file when it holds more rows than the message. */
export async function completeTable(table: Table, artifacts: Pick<Artifacts, "read">) {
  const { data } = table;
  const isPart = Number(table.rowCount) > table.rows.length;
  if (!data || !isPart || Number(data.sizeBytes) > BYTES_MAX) return table;
  const pieces: Uint8Array[] = [];
  for await (const piece of artifacts.read(data)) pieces.push(piece);
  const [, ...lines] = csvParseRows(
    Buffer.concat(pieces)
      .toString("utf8")
      .replace(/^\uFEFF/, ""),
  );
  const rows = lines
    .slice(0, ROWS_MAX)
    .map((texts) =>
      create(RowSchema, { cells: table.columns.map(({ type }, i) => readCell(texts[i], type)) }),
    );
  return { ...table, rows };
}

/** An empty text is a missing value, as it is in CSV. */
function readCell(text: string | undefined, type: ColumnType): Cell {
  if (text === undefined || text === "") return create(CellSchema);
  if (type === ColumnType.INTEGER || type === ColumnType.NUMBER) {
    const value = Number(text);
    return Number.isFinite(value)
      ? create(CellSchema, { value: { case: "number", value } })
      : create(CellSchema);
  }
  if (type === ColumnType.TRUTH) {
    return create(CellSchema, { value: { case: "truth", value: /^(true|1)$/i.test(text) } });
  }
  return create(CellSchema, { value: { case: "text", value: text } });
}
