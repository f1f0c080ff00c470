// The agent in a home of its own: tables in, files out, refusals with their reason.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { create, fromJsonString } from "@bufbuild/protobuf";
import type { AgentContext } from "@keiko/agent";
import { artifactsOf } from "@keiko/agent/serve.ts";
import {
  type Chart,
  ChartMarksSchema,
  ChartSchema,
  ColumnType,
  type File,
  TableSchema,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  ChangeChartRequestSchema,
  ChangeChartResponseSchema,
  DrawChartRequestSchema,
  DrawChartResponseSchema,
} from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { visual } from "./agent.ts";
import { openDrawingThread } from "./drawing-thread.ts";
import { makeTable, number, seattleMonths, text } from "./testing/tables.ts";

// Each thread loads Vega anew, which takes long where many tests share two cores.
vi.setConfig({ testTimeout: 60_000 });

let home: string;
let substrate: Substrate;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-visual-"));
  substrate = await openEmbedded({ home });
});
afterAll(async () => {
  await substrate.close();
  await rm(home, { recursive: true });
});

function context(): Pick<AgentContext, "signal" | "artifacts"> {
  return { signal: new AbortController().signal, artifacts: artifactsOf(substrate.blobs) };
}

async function drawChart(request: Parameters<typeof create<typeof DrawChartRequestSchema>>[1]) {
  const input = create(DrawChartRequestSchema, request);
  return create(
    DrawChartResponseSchema,
    (await visual.skills.drawChart(context() as AgentContext, input)) as never,
  );
}

async function changeChart(request: Parameters<typeof create<typeof ChangeChartRequestSchema>>[1]) {
  const input = create(ChangeChartRequestSchema, request);
  return create(
    ChangeChartResponseSchema,
    (await visual.skills.changeChart(context() as AgentContext, input)) as never,
  );
}

async function read(file: File | undefined): Promise<Buffer> {
  if (!file) throw new Error("no file");
  const pieces: Uint8Array[] = [];
  for await (const piece of artifactsOf(substrate.blobs).read(file)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("a chart comes as files under names that people recognise, each of what it says", async () => {
  const { chart, reason } = await drawChart({ table: seattleMonths(), wish: "als Balkendiagramm" });
  const { svg, svgDark, png, specification, data, marks, mark } = chart ?? create(ChartSchema);
  expect(mark).toBe("bar");
  expect(reason).toContain("Balkendiagramm");
  const files = [svg, svgDark, png, specification, data, marks];
  const name = "mittlerer-niederschlag-nach-monat";
  expect(files.map((file) => [file?.filename, file?.mediaType])).toEqual([
    [`${name}.svg`, "image/svg+xml"],
    [`${name}.dark.svg`, "image/svg+xml"],
    [`${name}.png`, "image/png"],
    [`${name}.vl.json`, "application/vnd.vegalite+json"],
    [`${name}.csv`, "text/csv"],
    [`${name}.marks.json`, "application/json"],
  ]);
  expect((await read(svg)).toString()).toMatch(/^<svg/);
  expect((await read(svgDark)).toString()).toMatch(/^<svg/);
  expect((await read(png)).subarray(1, 4).toString()).toBe("PNG");
  expect(JSON.parse((await read(specification)).toString()).data.values).toHaveLength(12);
  expect((await read(data)).toString()).toMatch(
    /^Monat,Mittlerer Niederschlag \(mm\)\r\nJanuar,3\.75/,
  );
  const places = fromJsonString(ChartMarksSchema, (await read(marks)).toString());
  expect(places.marks.map(({ label, value }) => [label, value]).slice(0, 2)).toEqual([
    ["Januar", "3,76 mm"],
    ["Februar", "3,73 mm"],
  ]);
});

test("a poor chart comes with a warning, and a suggestion that is understood as a change", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [`Product ${i}`, 100 - i]);
  const table = makeTable([text("product"), number("sales", { unit: "€" })], rows);
  const pie = await drawChart({ table, wish: "als Kreisdiagramm" });
  expect(pie.warning).toContain("30 Teile");
  const [better = ""] = pie.suggestions;
  const bars = await changeChart({ chart: pie.chart as Chart, wish: better });
  expect([bars.chart?.mark, bars.warning, bars.suggestions]).toEqual(["bar", "", []]);
});

test.each([
  ["was für ein Tag", Reason.NOT_UNDERSTOOD],
  ["als Streudiagramm", Reason.INPUT_MISSING],
])("a change that cannot be made is refused: %s", async (wish, reason) => {
  const { chart } = await drawChart({ table: seattleMonths(), wish: "als Balkendiagramm" });
  const error = await changeChart({ chart: chart as Chart, wish }).catch(
    (caught: unknown) => caught,
  );
  const info = errorInfo(error);
  expect([info?.reason, info?.field]).toEqual([reason, "wish"]);
  expect(info?.remedy).not.toBe("");
  expect(info?.suggestions.length).toBeGreaterThan(0);
});

test("all rows of a file are drawn again by a change, not only the first ones", async () => {
  const csv = ["n,v", ...Array.from({ length: 300 }, (_, i) => `n${i},${i}`)].join("\r\n");
  const data = await artifactsOf(substrate.blobs).write({
    filename: "n.csv",
    mediaType: "text/csv",
    bytes: new TextEncoder().encode(csv),
  });
  const few = makeTable([text("n"), number("v")], [["n0", 0]]);
  const table = create(TableSchema, { ...few, rowCount: 300n, data });
  const { chart } = await drawChart({ table, wish: "as bars", language: "en" });
  const changed = await changeChart({ chart: chart as Chart, wish: "only the top 2" });
  expect((await read(changed.chart?.data)).toString()).toBe("N,V\r\nn299,299\r\nn298,298\r\n");
});

test("all rows are drawn when the message carries only the first ones", async () => {
  const days = Array.from({ length: 300 }, (_, i) =>
    new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10),
  );
  const csv = ["day,price", ...days.map((day, i) => `${day},${i === 250 ? 999 : 1}`)].join("\r\n");
  const bytes = new TextEncoder().encode(csv);
  const data = await artifactsOf(substrate.blobs).write({
    filename: "p.csv",
    mediaType: "text/csv",
    bytes,
  });
  const columns = [
    { name: "day", type: ColumnType.DATE },
    { name: "price", type: ColumnType.NUMBER },
  ];
  const table = create(TableSchema, {
    ...makeTable(columns, [["2020-01-01", 1]]),
    rowCount: 300n,
    data,
  });
  const { chart } = await drawChart({ table, wish: "over time", language: "en" });
  expect(chart?.alternativeText).toContain("with 999");
});

test("a chart is changed from its specification, change upon change", async () => {
  const first = await drawChart({ table: seattleMonths(), wish: "als Balkendiagramm" });
  const line = await changeChart({ chart: first.chart as Chart, wish: "als Linie" });
  expect(line.chart?.mark).toBe("line");
  expect(line.chart?.title).toBe(first.chart?.title);
  const lying = await changeChart({
    chart: line.chart as Chart,
    wish: "lieber als Balken, waagerecht",
  });
  expect(lying.chart?.mark).toBe("bar");
  expect(lying.chart?.svg?.name).not.toBe(first.chart?.svg?.name);
});

test.each([
  ["no JSON", "hello"],
  ["a specification of someone else", JSON.stringify({ mark: "bar", usermeta: {} })],
  ["rows that do not fit", kept({ rows: [[1, 2]] })],
  ["cells that are no cells", kept({ rows: [[{ deep: [] }]] })],
  ["columns beyond the contract", kept({ table: { columns: [{ name: "x".repeat(301) }] } })],
  ["a table that is none", kept({ table: { nonsense: 1 } })],
  ["words without end", kept({ wishes: ["x".repeat(4001)] })],
  ["more bytes than we write", kept({ padding: "x".repeat(17 * 1024 * 1024) })],
])("a specification with %s is refused by name", async (_, content) => {
  const bytes = new TextEncoder().encode(content);
  const specification = await artifactsOf(substrate.blobs).write({
    filename: "s.vl.json",
    mediaType: "application/vnd.vegalite+json",
    bytes,
  });
  const error = await changeChart({ chart: { specification }, wish: "as a line" }).catch(
    (caught: unknown) => caught,
  );
  expect(errorInfo(error)).toMatchObject({
    reason: Reason.INVALID_FIELD,
    field: "chart.specification",
  });
});

/** A specification that would be taken, but for what is given. */
function kept(wrong: object): string {
  const right = { version: 1, language: "en", wishes: [""], rows: [[1]] };
  const table = { columns: [{ name: "a", type: "COLUMN_TYPE_NUMBER" }], rowCount: "1" };
  return JSON.stringify({ usermeta: { keiko: { table, ...right, ...wrong } } });
}

test("the specification that those are made of is taken", async () => {
  const specification = await artifactsOf(substrate.blobs).write({
    filename: "s.vl.json",
    mediaType: "application/vnd.vegalite+json",
    bytes: new TextEncoder().encode(kept({})),
  });
  const { chart } = await changeChart({ chart: { specification }, wish: "as bars" });
  expect(chart?.mark).toBe("bar");
});

test("a table without numbers is refused with field, remedy and a request that works", async () => {
  const table = makeTable([text("city")], [["Kiel"]]);
  const error = await drawChart({ table, wish: "als Linie" }).catch((caught: unknown) => caught);
  const info = errorInfo(error);
  expect(info?.reason).toBe(Reason.INPUT_MISSING);
  expect(info?.field).toBe("table.columns");
  expect(info?.metadata).toEqual({ columns: "city" });
  expect(info?.remedy).toContain("Anzahl");
  expect(info?.suggestions.length).toBeGreaterThan(0);
});

test("orders of a thread that ends fail at once, and the next one is served", async () => {
  const healthy = openDrawingThread();
  const request = { table: seattleMonths(), wishes: [""], language: "de" };
  const [first] = await Promise.all([healthy.draw(request), healthy.draw(request)]);
  expect("drawing" in first).toBe(true);
  const lost = expect(healthy.draw(request)).rejects.toThrow("closed");
  await healthy.close();
  await lost;
  expect("drawing" in (await healthy.draw(request))).toBe(true);
  await healthy.close();
});

test("a thread without work ends, and starts again for the next chart", async () => {
  const thread = openDrawingThread({ idle_ms_max: 1, heap_mib_max: 512 });
  const request = { table: seattleMonths(), wishes: [""], language: "de" };
  for (let i = 0; i < 2; i++) {
    expect("drawing" in (await thread.draw(request))).toBe(true);
    await setTimeout(20);
  }
});
