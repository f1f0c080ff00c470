/** Compares an answer with what was expected; says what is wrong in words. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

/** What an answer must hold. Everything named must be there. */
export interface Expected {
  /** Figures that stand in the sentence and in the table. */
  readonly figures?: readonly number[];
  /** Names that the sentence must say, and the table must hold. */
  readonly names?: readonly string[];
  /** Figure per group: each is one row of the table. */
  readonly groups?: Readonly<Record<string, number>>;
  /** Number of rows of the table. */
  readonly rows?: number;
  /** Names of the columns of the table, where a chart is drawn from raw rows. */
  readonly columns?: readonly string[];
}

type Table = MessageInitShape<typeof TableSchema>;

/** @returns what is wrong; empty: nothing. */
export function check(
  expected: Expected,
  sentence: string,
  table: Table,
  language: "de" | "en",
): string[] {
  const wrong: string[] = [];
  const rows = (table.rows ?? []).map((row) => (row.cells ?? []).map(cellValue));
  for (const figure of expected.figures ?? []) {
    if (!numbersIn(sentence, language).some((said) => rounds(said, figure))) {
      wrong.push(`the sentence does not say ${figure}: ${sentence}`);
    }
    if (!rows.flat().some((cell) => same(cell, figure))) wrong.push(`the table lacks ${figure}`);
  }
  for (const name of expected.names ?? []) {
    if (!sentence.includes(name)) wrong.push(`the sentence does not name ${name}: ${sentence}`);
    if (!rows.flat().some((cell) => isNamed(cell, name))) wrong.push(`the table lacks ${name}`);
  }
  for (const [name, figure] of Object.entries(expected.groups ?? {})) {
    const found = rows.some(
      (row) => row.some((cell) => isNamed(cell, name)) && row.some((cell) => same(cell, figure)),
    );
    if (!found) wrong.push(`no row has ${name} with ${figure}`);
  }
  if (expected.rows !== undefined && Number(table.rowCount) !== expected.rows) {
    wrong.push(`${table.rowCount} rows instead of ${expected.rows}`);
  }
  const columns = (table.columns ?? []).map((column) => column.name ?? "");
  for (const name of expected.columns ?? []) {
    if (!columns.includes(name)) wrong.push(`column ${name} is missing in ${columns.join(", ")}`);
  }
  return wrong;
}

type CellValue = string | number | boolean | undefined;

function cellValue(
  cell: NonNullable<NonNullable<Table["rows"]>[number]["cells"]>[number],
): CellValue {
  return cell.value?.value;
}

const same = (cell: CellValue, figure: number) =>
  typeof cell === "number" && Math.abs(cell - figure) <= Math.abs(figure) * 1e-9 + 1e-9;

const isNamed = (cell: CellValue, name: string) =>
  cell !== undefined &&
  (String(cell) === name || (/^\d{4}-\d{2}/.test(String(cell)) && String(cell).startsWith(name)));

/** Numbers as the language writes them. */
export function numbersIn(sentence: string, language: "de" | "en"): number[] {
  const written = sentence.match(/-?\d+(?:[.,]\d+)*/g) ?? [];
  return written.map((text) =>
    Number(
      language === "de" ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", ""),
    ),
  );
}

/** A sentence rounds to three digits or two decimals. */
const rounds = (said: number, figure: number) =>
  Math.abs(said - figure) <= Math.max(0.006, Math.abs(figure) * 0.002);
