// Reads what a specification keeps. A file that a caller names is never trusted: it has the form that
// `kept.ts` writes and keeps the bounds of the contract, or it is refused.

import { create, fromJson } from "@bufbuild/protobuf";
import type { Artifacts } from "@keiko/agent";
import {
  type Cell,
  CellSchema,
  type File,
  RowSchema,
  TableSchema,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { validator } from "@keiko/runtime/interceptors/validate.ts";

import { KEPT, type Kept } from "./kept.ts";

const BYTES_MAX = 16 * 1024 * 1024;

/** What the file keeps; null when it is larger than we write, or not of that form. */
export async function readSpecification(
  file: File,
  artifacts: Pick<Artifacts, "read">,
): Promise<Kept | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of artifacts.read(file)) {
    bytes += piece.length;
    // The size that the message states is only what the caller says.
    if (bytes > BYTES_MAX) return null;
    pieces.push(piece);
  }
  return readKept(Buffer.concat(pieces).toString("utf8"));
}

/** Reads a specification; null when it is none of ours, or not in the bounds that we keep. */
export function readKept(text: string): Kept | null {
  try {
    const { usermeta } = JSON.parse(text);
    const { version, language, wishes, table: head, rows } = usermeta.keiko;
    if (version !== KEPT.version || (language !== "de" && language !== "en")) return null;
    if (!isTexts(wishes) || !isRows(rows)) return null;
    const table = fromJson(TableSchema, head);
    if (rows.some((row) => row.length !== table.columns.length)) return null;
    const whole = { ...table, rows: rows.map(toRow) };
    if (validator.validate(TableSchema, whole).kind !== "valid") return null;
    return { table: whole, wishes, language };
  } catch {
    return null;
  }
}

function isTexts(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= KEPT.wishes_max &&
    value.every((text) => typeof text === "string" && text.length <= KEPT.wish_letters_max)
  );
}

type KeptValue = number | string | boolean | null;

function isRows(value: unknown): value is KeptValue[][] {
  const isCell = (cell: unknown) =>
    cell === null || ["number", "string", "boolean"].includes(typeof cell);
  return (
    Array.isArray(value) &&
    value.length <= KEPT.rows_max &&
    value.every((row) => Array.isArray(row) && row.every(isCell))
  );
}

function toRow(values: readonly KeptValue[]) {
  return create(RowSchema, { cells: values.map(toCell) });
}

function toCell(value: KeptValue): Cell {
  if (typeof value === "number") return create(CellSchema, { value: { case: "number", value } });
  if (typeof value === "boolean") return create(CellSchema, { value: { case: "truth", value } });
  if (value === null) return create(CellSchema);
  return create(CellSchema, { value: { case: "text", value } });
}
