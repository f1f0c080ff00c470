/**
 * Everything that the data agent does, apart from how it is called: local files come in, the messages
 * of the contract come out. Refuses with `DataFailure`, never guesses.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { FileSchema, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type {
  AnswerQuestionResponseSchema,
  DescribeTableResponseSchema,
  PreviewTableResponseSchema,
  SourceFactsSchema,
} from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { describeCells, describeRows, describeSentence, describeSql } from "./answer/describe.ts";
import { nothingFits, refusalOf } from "./answer/refusal.ts";
import { type Facts, sentenceOf, titleOf } from "./answer/sentence.ts";
import { shownRows } from "./answer/sentence-others.ts";
import { suggestQuestions } from "./answer/suggest.ts";
import { type Cells, cellsOf, csvOf, rowInit, sourceCells } from "./answer/table.ts";
import { understandingOf } from "./answer/understanding.ts";
import { compile } from "./intent/compile.ts";
import type { Intent } from "./intent/intent.ts";
import type { Language } from "./language/lexicon.ts";
import { parse } from "./language/parse.ts";
import type { DataLimits } from "./limits.ts";
import { type PageRequest, pageOf, requirePageSize } from "./preview/pages.ts";
import type { Value } from "./read/database.ts";
import { type LocalFile, type OpenTable, openTables } from "./read/open.ts";

export type AnswerInit = MessageInitShape<typeof AnswerQuestionResponseSchema>;
export type DescribeInit = MessageInitShape<typeof DescribeTableResponseSchema>;
export type PreviewInit = MessageInitShape<typeof PreviewTableResponseSchema>;
type TableInit = MessageInitShape<typeof TableSchema>;
type FileInit = MessageInitShape<typeof FileSchema>;

/** Keeps the rows that are too many to carry; gives the file that holds them. */
export type WriteFile = (file: {
  filename: string;
  mediaType: string;
  bytes: Uint8Array;
}) => Promise<FileInit>;

export interface Call {
  readonly file: LocalFile;
  /** Language of the answer; empty: that of the question, else English. */
  readonly language: string;
  readonly signal?: AbortSignal;
  readonly write: WriteFile;
}

export interface Asked extends Call {
  readonly question: string;
  /** Questions before, oldest first. */
  readonly earlier?: readonly string[];
}

export interface Engine {
  answer(call: Asked): Promise<AnswerInit>;
  describe(call: Call): Promise<DescribeInit>;
  preview(call: Call & PageRequest): Promise<PreviewInit>;
  close(): Promise<void>;
}

export function createEngine(limits: DataLimits): Engine {
  const tables = openTables(limits);
  return {
    answer: (call) => tables.with(call.file, (table) => answer(table, call, limits)),
    describe: (call) => tables.with(call.file, (table) => describe(table, call, limits)),
    preview: (call) => tables.with(call.file, (table) => preview(table, call, limits)),
    close: () => tables.close(),
  };
}

const languageOf = (wanted: string, fallback: Language): Language =>
  wanted === "de" || wanted === "en" ? wanted : fallback;

async function answer(given: OpenTable, call: Asked, limits: DataLimits): Promise<AnswerInit> {
  const { table, parsed } = understand(given, call, limits);
  const { vocabulary } = table;
  const language = languageOf(call.language, parsed.language);
  if (!parsed.ok) {
    throw refusalOf(parsed, call.question, vocabulary, language, limits);
  }
  const results: Computed[] = [];
  for (const intent of parsed.intents) {
    results.push(await compute(intent, table, call, language, limits));
  }
  // Of two questions, the one with more to see is the table; both have their sentence.
  const main = results.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
  return {
    // Asked in two ways at once, the same is still said once.
    sentence: [...new Set(results.map(({ sentence }) => sentence))].join(" "),
    table: isFromBothEnds(parsed.intents) ? together(results) : main.table,
    sql: [...new Set(results.map(({ sql }) => sql))].join(";\n\n"),
    understanding: understandingOf(parsed, vocabulary, language, limits),
    source: {
      ...sourceFacts(table, main.rows_used, language),
      queryTime: duration(results.reduce((sum, { query_ms }) => sum + query_ms, 0)),
    },
  };
}

/** As the table stands, else with its years as rows. */
function understand(given: OpenTable, { question, earlier }: Asked, limits: DataLimits) {
  const parsed = parse(question, given.vocabulary, limits, earlier);
  const long = parsed.ok ? undefined : given.by_year;
  const again = long && parse(question, long.vocabulary, limits, earlier);
  return long && again?.ok ? { table: long, parsed: again } : { table: given, parsed };
}

/** Rows first, then columns. */
const sizeOf = ({ table }: Computed) =>
  Number(table.rowCount) * columns_max + (table.columns?.length ?? 0);
const columns_max = 10_000;

/** The first and the last of one ranking are one table. */
const isFromBothEnds = ([first, second, third]: readonly Intent[]) =>
  first?.kind === "rows" &&
  second?.kind === "rows" &&
  third === undefined &&
  first.limit !== undefined &&
  second.limit !== undefined &&
  first.columns.join() === second.columns.join() &&
  first.order?.direction !== second.order?.direction;

function together(results: readonly Computed[]): TableInit {
  const rows = results.flatMap(({ table }) => table.rows ?? []);
  const { title = "", columns = [] } = results[0]!.table;
  return { title, columns, rows, rowCount: BigInt(rows.length) } as TableInit;
}

interface Computed {
  readonly sentence: string;
  readonly table: TableInit;
  readonly sql: string;
  readonly rows_used: number;
  readonly query_ms: number;
}

async function compute(
  intent: Intent,
  table: OpenTable,
  call: Asked,
  language: Language,
  limits: DataLimits,
): Promise<Computed> {
  if (intent.kind === "describe") return describeComputed(table, call, language, limits);
  const { database, profile, vocabulary } = table;
  const { sql, count_sql } = compile(intent);
  const start = performance.now();
  const { rows } = await database.query(sql, {
    signal: call.signal,
    rows_max: limits.rows_in_file_max,
  });
  const counted = await database.query(count_sql, { signal: call.signal });
  const query_ms = performance.now() - start;
  const rows_used = Number(counted.rows[0]?.[0] ?? 0);
  const counts = intent.kind === "aggregate" && intent.measures.every(({ column }) => !column);
  if (rows_used === 0 && !(counts && intent.dimensions.length === 0)) {
    throw nothingFits(intent.where, call.question, vocabulary, language, limits);
  }
  const facts: Facts = { rows, row_count: profile.row_count, rows_used };
  const cells = cellsOf(intent, language);
  return {
    sentence: sentenceOf(intent, facts, language),
    table: await tableInit(titleOf(intent, language), cells, shownRows(intent, rows), call, limits),
    sql: profile.preamble + sql,
    ...{ rows_used, query_ms },
  };
}

async function describeComputed(
  { database, profile }: OpenTable,
  call: Call,
  language: Language,
  limits: DataLimits,
): Promise<Computed> {
  const sql = describeSql(profile);
  const start = performance.now();
  const found = await database.query(sql, { signal: call.signal });
  const query_ms = performance.now() - start;
  const rows = describeRows(found.rows, profile, language);
  const sentence = describeSentence(profile, language);
  const table = await tableInit(profile.filename, describeCells(language), rows, call, limits);
  return { sentence, table, sql: profile.preamble + sql, rows_used: profile.row_count, query_ms };
}

async function describe(table: OpenTable, call: Call, limits: DataLimits): Promise<DescribeInit> {
  const language = languageOf(call.language, "en");
  const computed = await describeComputed(table, call, language, limits);
  return {
    sentence: computed.sentence,
    table: computed.table,
    sql: computed.sql,
    source: {
      ...sourceFacts(table, computed.rows_used, language),
      queryTime: duration(computed.query_ms),
    },
  };
}

const previewRows = 10;

async function preview(
  { database, profile, vocabulary }: OpenTable,
  call: Call & PageRequest,
  limits: DataLimits,
): Promise<PreviewInit> {
  const count = call.count || previewRows;
  requirePageSize(count, profile.columns.length, limits.page_cells_max);
  const { rows, row_count } = await pageOf(database, profile, { ...call, count }, call.signal);
  const language = languageOf(call.language, "en");
  const cells = profile.columns.map((column) => sourceCells(column, language));
  return {
    table: {
      title: profile.filename,
      columns: cells.map(({ column }) => ({ ...column, label: "" })),
      rows: rows.map((row) => rowInit(row, cells)),
      rowCount: BigInt(row_count),
    },
    totalRowCount: BigInt(profile.row_count),
    questions: (["de", "en"] as const).flatMap((one) =>
      suggestQuestions(vocabulary, one, 3, limits),
    ),
    warnings: profile.warnings.map((warning) => warning[language]),
  };
}

async function tableInit(
  title: string,
  cells: readonly Cells[],
  rows: readonly (readonly Value[])[],
  call: Call,
  limits: DataLimits,
): Promise<TableInit> {
  const carried = rows.slice(0, limits.rows_by_value_max).map((row) => rowInit(row, cells));
  const table = {
    title,
    columns: cells.map(({ column }) => column),
    rows: carried,
    rowCount: BigInt(rows.length),
  };
  if (rows.length <= carried.length) return table;
  const bytes = csvOf(rows, cells);
  const data = await call.write({ filename: "answer.csv", mediaType: "text/csv", bytes });
  return { ...table, data };
}

function sourceFacts({ profile }: OpenTable, rows_used: number, language: Language) {
  return {
    filename: profile.filename,
    rowCount: BigInt(profile.row_count),
    rowsUsed: BigInt(rows_used),
    warnings: profile.warnings.map((warning) => warning[language]),
  } satisfies MessageInitShape<typeof SourceFactsSchema>;
}

function duration(milliseconds: number) {
  const nanos = Math.round((milliseconds % 1000) * 1e6);
  return { seconds: BigInt(Math.floor(milliseconds / 1000)), nanos };
}
