/** Compares an answer with what was expected; says what is wrong in words. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

/** What an answer must hold. Everything named must be there. */
export interface Expected {
  /** Figures that stand in the sentence and in the table. */
  readonly figures?: readonly number[];
  /** Figures that stand in the sentence, whatever the table shows. */
  readonly said?: readonly number[];
  /** Names that the sentence must say, and the table must hold; a list: one of them. */
  readonly names?: readonly (string | readonly string[])[];
  /**
   * Figure or figures per group: each group is one row of the table. A group by two columns is
   * named by both values: "Japan | 4". Where `rows` is not stated, one more row may be there, for
   * what has no group or what has nothing before it.
   */
  readonly groups?: Readonly<Record<string, number | readonly number[]>>;
  /** Figures and groups are parts of one: 0.25 may be written as 25 too. */
  readonly share?: true;
  /** Figures are changes: a sentence may say -5 as a fall by 5. */
  readonly change?: true;
  /** What one column of the table holds, from top to bottom. */
  readonly series?: readonly number[];
  /** What the figures of one column of the table come to. */
  readonly total?: number;
  /** Number of rows of the table. */
  readonly rows?: number;
  /** Names of the columns of the table, where a chart is drawn from raw rows. */
  readonly columns?: readonly string[];
}

type Table = MessageInitShape<typeof TableSchema>;
type CellValue = string | number | boolean | undefined;
type Language = "de" | "en";

interface Answered {
  readonly sentence: string;
  readonly said: readonly number[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly rowCount: number;
  readonly columns: readonly string[];
}

/** @returns what is wrong with the reading that fits best; empty: nothing. */
export function check(
  expected: Expected | readonly Expected[],
  sentence: string,
  table: Table,
  language: Language,
): string[] {
  const answered: Answered = {
    sentence,
    said: numbersIn(sentence, language),
    rows: (table.rows ?? []).map((row) => (row.cells ?? []).map((cell) => cell.value?.value)),
    rowCount: Number(table.rowCount),
    columns: (table.columns ?? []).map((column) => column.name ?? ""),
  };
  const readings: readonly Expected[] = Array.isArray(expected) ? expected : [expected];
  const wrong = readings.map((reading) => [
    ...wrongFigures(reading, answered),
    ...wrongNames(reading, answered),
    ...wrongRows(reading, answered),
  ]);
  return wrong.reduce((a, b) => (b.length < a.length ? b : a));
}

function wrongFigures(expected: Expected, { sentence, said, rows }: Answered): string[] {
  const wrong: string[] = [];
  const { figures = [], share, change } = expected;
  const writes = (number: number, figure: number) =>
    rounds(number, share ? figure * 100 : figure) ||
    (change === true && rounds(Math.abs(number), Math.abs(share ? figure * 100 : figure)));
  for (const figure of [...figures, ...(expected.said ?? [])]) {
    if (!said.some((number) => writes(number, figure))) {
      wrong.push(`the sentence does not say ${share ? `${figure * 100} %` : figure}: ${sentence}`);
    }
  }
  for (const figure of figures) {
    if (!rows.flat().some((cell) => holds(cell, figure, share))) {
      wrong.push(`the table lacks ${figure}`);
    }
  }
  return wrong;
}

function wrongNames({ names = [] }: Expected, { sentence, rows }: Answered): string[] {
  const wrong: string[] = [];
  for (const name of names) {
    const spellings = typeof name === "string" ? [name] : name;
    if (!spellings.some((spelling) => sentence.includes(spelling))) {
      wrong.push(`the sentence does not name ${spellings.join(" or ")}: ${sentence}`);
    }
    if (!rows.flat().some((cell) => spellings.some((spelling) => isNamed(cell, spelling)))) {
      wrong.push(`the table lacks ${spellings.join(" or ")}`);
    }
  }
  return wrong;
}

function wrongRows(expected: Expected, { rows, rowCount, columns }: Answered): string[] {
  const wrong: string[] = [];
  for (const [name, figure] of Object.entries(expected.groups ?? {})) {
    const figures = typeof figure === "number" ? [figure] : figure;
    const parts = name.split(" | ");
    const found = rows.some(
      (row) =>
        parts.every((part) => row.some((cell) => isNamed(cell, part))) &&
        figures.every((one) => row.some((cell) => holds(cell, one, expected.share))),
    );
    if (!found) wrong.push(`no row has ${name} with ${figures.join(" and ")}`);
  }
  const columnsOfRows = columns.map((_, index) => rows.map((row) => row[index]));
  const { series, total } = expected;
  if (series && !columnsOfRows.some((cells) => isSeries(cells, series, expected.share))) {
    wrong.push(`no column holds ${series.slice(0, 12).join(", ")} in this order`);
  }
  if (total !== undefined && !columnsOfRows.some((cells) => same(totalOf(cells), total))) {
    wrong.push(`no column comes to ${total}`);
  }
  if (expected.rows !== undefined && rowCount !== expected.rows) {
    wrong.push(`${rowCount} rows instead of ${expected.rows}`);
  }
  const groupCount = Object.keys(expected.groups ?? {}).length;
  if (expected.rows === undefined && groupCount > 0 && rowCount > groupCount + 1) {
    wrong.push(`${rowCount} rows for ${groupCount} groups`);
  }
  for (const name of expected.columns ?? []) {
    if (!columns.includes(name)) wrong.push(`column ${name} is missing in ${columns.join(", ")}`);
  }
  return wrong;
}

const same = (cell: CellValue, figure: number) =>
  typeof cell === "number" && Math.abs(cell - figure) <= Math.abs(figure) * 1e-9 + 1e-9;

const holds = (cell: CellValue, figure: number, share: true | undefined) =>
  same(cell, figure) || (share === true && same(cell, figure * 100));

const isSeries = (cells: readonly CellValue[], series: readonly number[], share?: true) =>
  cells.length === series.length &&
  series.every((figure, index) => holds(cells[index], figure, share));

const totalOf = (cells: readonly CellValue[]) =>
  cells.reduce<number>((all, cell) => all + (typeof cell === "number" ? cell : 0), 0);

const isNamed = (cell: CellValue, name: string) =>
  cell !== undefined &&
  (String(cell) === name || (/^\d{4}-\d{2}/.test(String(cell)) && String(cell).startsWith(name)));

/** What a number word makes of the number before it. */
const scales: Readonly<Record<string, number>> = {
  million: 1e6,
  "Mio.": 1e6,
  Millionen: 1e6,
  billion: 1e9,
  "Mrd.": 1e9,
  Milliarden: 1e9,
};

/** Numbers as the language writes them. */
export function numbersIn(sentence: string, language: Language): number[] {
  const written = sentence.matchAll(
    /([-−]?\d+(?:[.,]\d+)*)(?:\s(million|Mio\.|Millionen|billion|Mrd\.|Milliarden))?/g,
  );
  return [...written].map(([, digits = "", word = ""]) => {
    const plain = digits.replace("−", "-");
    const number =
      language === "de" ? plain.replaceAll(".", "").replace(",", ".") : plain.replaceAll(",", "");
    return Number(number) * (scales[word] ?? 1);
  });
}

/** A sentence rounds to three digits or two decimals. */
const rounds = (said: number, figure: number) =>
  Math.abs(said - figure) <= Math.max(0.006, Math.abs(figure) * 0.002);
