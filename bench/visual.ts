/**
 * What a chart costs once the drawing thread is warm: words and figures in, SVG for both grounds, PNG
 * at twice the size, specification, CSV and places out, through the thread as the agent uses it. And
 * what the first chart costs after `warm`.
 */
import { create } from "@bufbuild/protobuf";
import { openDrawingThread } from "@keiko/agent-visual/drawing-thread.ts";
import { ColumnType, type Table, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { printRows, quantile, type Row } from "./row.ts";

const rounds = 45;
const warm_rounds = 15;
const first_ms_max = 1_000;
const chart_ms_max = 100;
const cloud_ms_max = 250;

type Value = string | number;
type Case = readonly [name: string, table: Table, wishes: readonly string[], ms_max: number];

export async function run(): Promise<Row[]> {
  const thread = openDrawingThread();
  try {
    const cases = [months(), lines(), cloud()];
    await thread.warm();
    const [, table, wishes] = months();
    const start = performance.now();
    await thread.draw({ table, wishes, language: "en" });
    const first = performance.now() - start;
    const rows: Row[] = [
      {
        name: "visual: first chart once warm",
        value: `${first.toFixed(0)} ms`,
        goal: `≤ ${first_ms_max} ms`,
        met: first <= first_ms_max,
      },
    ];
    for (const one of cases) rows.push(await steady(thread, one));
    return rows;
  } finally {
    await thread.close();
  }
}

async function steady(
  thread: ReturnType<typeof openDrawingThread>,
  [name, table, wishes, ms_max]: Case,
): Promise<Row> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const outcome = await thread.draw({ table, wishes, language: "en" });
    if (!("drawing" in outcome)) throw new Error(`${name} was not drawn`);
    if (round >= warm_rounds) samples.push(performance.now() - start);
  }
  const middle = quantile(samples, 0.5);
  return {
    name: `visual: ${name}`,
    value: `p50 ${middle.toFixed(0)} ms, p99 ${quantile(samples, 0.99).toFixed(0)} ms`,
    goal: `≤ ${ms_max} ms`,
    met: middle <= ms_max,
    note: "all six files of a chart, the PNG at twice the size",
  };
}

function months(): Case {
  const rows = Array.from({ length: 12 }, (_, i): Value[] => [`m${i + 1}`, 3 + Math.sin(i)]);
  return [
    "12 bars",
    tableOf(rows, [ColumnType.TEXT, ColumnType.NUMBER]),
    ["as bars"],
    chart_ms_max,
  ];
}

function lines(): Case {
  const rows = Array.from({ length: 600 }, (_, i): Value[] => {
    const month = new Date(Date.UTC(2000, Math.floor(i / 5), 1)).toISOString().slice(0, 10);
    return [month, `s${i % 5}`, 100 + 20 * Math.sin(i / 9) + i * (i % 5)];
  });
  const types = [ColumnType.DATE, ColumnType.TEXT, ColumnType.NUMBER];
  return [
    "5 lines of 120 points, changed to a log scale",
    tableOf(rows, types),
    ["", "log scale"],
    chart_ms_max,
  ];
}

function cloud(): Case {
  const rows = Array.from({ length: 10_000 }, (_, i): Value[] => [
    (i * 7919) % 1000,
    (i * 104_729) % 977,
  ]);
  return [
    "scatter of 10,000 rows",
    tableOf(rows, [ColumnType.NUMBER, ColumnType.NUMBER]),
    [""],
    cloud_ms_max,
  ];
}

function tableOf(rows: readonly Value[][], types: readonly ColumnType[]): Table {
  const cell = (value: Value) =>
    typeof value === "number"
      ? { value: { case: "number" as const, value } }
      : { value: { case: "text" as const, value } };
  return create(TableSchema, {
    rowCount: BigInt(rows.length),
    columns: types.map((type, i) => ({ name: `column ${i + 1}`, type })),
    rows: rows.map((row) => ({ cells: row.map(cell) })),
  });
}

if (import.meta.main) printRows(await run());
