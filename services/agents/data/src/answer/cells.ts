/** Columns of answers that are neither rows nor figures of groups. */
import { ColumnType } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Intent } from "../intent/intent.ts";
import type { Language } from "../language/lexicon.ts";
import { type Cells, dimensionCells, sourceCells } from "./table.ts";
import { wordsOf } from "./words.ts";

type Of<K extends Intent["kind"]> = Extract<Intent, { kind: K }>;

const plain = (name: string, label: string, type: ColumnType, unit = ""): Cells => ({
  column: { name, label, type, unit },
  cell: (value) => value,
});

export function relationCells(intent: Of<"relation">, language: Language): Cells[] {
  const labels = wordsOf(language).relationColumns;
  const groups = intent.dimensions.map((dimension) => dimensionCells(dimension, language));
  const number = (name: keyof typeof labels) => plain(name, labels[name], ColumnType.NUMBER);
  const count = (name: keyof typeof labels) => plain(name, labels[name], ColumnType.INTEGER);
  return intent.how === "correlation"
    ? [...groups, number("correlation"), count("pairs")]
    : [...groups, number("slope"), number("r2"), count("points")];
}

export function qualityCells(intent: Of<"quality">, language: Language): Cells[] {
  const words = wordsOf(language);
  const labels = words.relationColumns;
  const counted = plain("count", words.figureLabel("count", undefined), ColumnType.INTEGER);
  if (intent.of === "duplicates")
    return [...intent.columns.map((column) => sourceCells(column, language)), counted];
  return [
    plain("column", words.describeColumns[0], ColumnType.TEXT),
    plain("missing", labels.missing, ColumnType.INTEGER),
    plain("share", labels.share, ColumnType.NUMBER, "%"),
  ];
}

/** The bounds beside each outlier. */
export function boundCells(intent: Of<"rows">, language: Language): Cells[] {
  const { low, high } = wordsOf(language).relationColumns;
  const unit = intent.columns[intent.order!.index]!.unit;
  return [plain("low", low, ColumnType.NUMBER, unit), plain("high", high, ColumnType.NUMBER, unit)];
}
