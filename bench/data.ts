/**
 * What a question in words costs above its bare query. Every question runs on a file that is open
 * already; the bare query is the very SQL that the answer shows, on the same database settings.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { createEngine } from "@keiko/agent-data/engine.ts";
import { parse } from "@keiko/agent-data/language/parse.ts";
import { dataLimits } from "@keiko/agent-data/limits.ts";
import { load } from "@keiko/agent-data/read/load.ts";
import { type LocalFile, openTables } from "@keiko/agent-data/read/open.ts";
import { goals } from "../test/goals/goals.ts";
import { pathOf, sizeOf } from "../test/goals/source.ts";
import { printRows, quantile, type Row } from "./row.ts";

const rounds = 60;
const warm_rounds = 15;
const above_ms_max = 30;
const parse_ms_max = 2;
const page_ms_max = 50;
const large_peak_mib_max = 1200;

export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "keiko-bench-data-"));
  try {
    return [
      await parsing(),
      await question("1,461 rows", local("seattle-weather.csv"), "mean precipitation per month"),
      await question("10,000 rows", made(folder, 10_000), "mean amount per region"),
      await question("1,000,000 rows", made(folder, 1_000_000), "mean amount per region"),
      await question("10,000,000 rows (Parquet)", await parquet(folder), "mean amount per region"),
      await paging(made(folder, 1_000_000)),
      await largeFile(folder),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function parsing(): Promise<Row> {
  const tables = openTables({ ...dataLimits, open_files_max: 20 });
  const medians: number[] = [];
  for (const { file, goal } of goals) {
    await tables.with(local(file), async ({ vocabulary }) => {
      const samples = Array.from({ length: rounds }, () => {
        const start = performance.now();
        parse(goal, vocabulary, dataLimits);
        return performance.now() - start;
      });
      medians.push(quantile(samples.slice(warm_rounds), 0.5));
    });
  }
  await tables.close();
  const worst = Math.max(...medians);
  return {
    name: "data: parse of a goal",
    value: `p50 ${quantile(medians, 0.5).toFixed(2)} ms, slowest goal ${worst.toFixed(2)} ms`,
    goal: `≤ ${parse_ms_max} ms`,
    met: worst <= parse_ms_max,
    note: `${goals.length} goals, the median of ${rounds - warm_rounds} parses each`,
  };
}

async function question(name: string, file: LocalFile, text: string): Promise<Row> {
  const engine = createEngine(dataLimits);
  const write = () => Promise.reject(new Error("no answer of the bench is long"));
  const ask = () => engine.answer({ file, question: text, language: "", write });
  const { sql = "" } = await ask();
  const { database } = await load(file.path, file.filename, dataLimits);
  const [asked, bare] = await alternately(ask, () => database.query(sql));
  database.close();
  await engine.close();
  const above = quantile(asked, 0.5) - quantile(bare, 0.5);
  const ratio = quantile(asked, 0.5) / quantile(bare, 0.5);
  return {
    name: `data: question to answer, ${name}`,
    value: `${ratio.toFixed(1)} × the bare query (p50 ${quantile(asked, 0.5).toFixed(1)} ms, p99 ${quantile(asked, 0.99).toFixed(1)} ms)`,
    goal: `≤ ${above_ms_max} ms above it`,
    met: above <= above_ms_max,
    note: `${above.toFixed(1)} ms above; the answer also counts the rows that it rests on`,
  };
}

/** A page from the middle of a sorted table: what the console asks for while somebody scrolls. */
async function paging(file: LocalFile): Promise<Row> {
  const engine = createEngine(dataLimits);
  const write = () => Promise.reject(new Error("a page is not written to a file"));
  const sorted = { filters: [], order_by: "amount", descending: true, count: 100 };
  const page = (offset: bigint) => engine.preview({ file, language: "", write, ...sorted, offset });
  await page(0n);
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await page(BigInt((round * 271_828) % 999_900));
    if (round >= warm_rounds) samples.push(performance.now() - start);
  }
  await engine.close();
  const [p50, p99] = [quantile(samples, 0.5), quantile(samples, 0.99)];
  return {
    name: "data: 100 rows from anywhere in 1,000,000 sorted ones",
    value: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    goal: `≤ ${page_ms_max} ms`,
    met: p50 <= page_ms_max,
    note: "the order is worked out at the first page and kept",
  };
}

/** In a process of its own, so that its memory is that of this file alone. */
async function largeFile(folder: string): Promise<Row> {
  const file = await large(folder);
  const script = join(import.meta.dirname, "data-large.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, file.path]);
  const { peak_mib, open_s, ask_ms } = JSON.parse(stdout);
  rmSync(file.path);
  return {
    name: "data: memory with a file of 500 MB",
    value: `peak ${peak_mib} MiB, first answer ${open_s} s, next ${ask_ms} ms`,
    goal: "answers; spills instead of growing with the file",
    met: peak_mib <= large_peak_mib_max,
    note: `DuckDB may take ${dataLimits.memory_mib_max} MiB, the rest is Node; \`--file-mb 600\` admits such files`,
  };
}

/** In turns, so that a neighbour's load falls on both. */
async function alternately(...works: readonly [Work, Work]): Promise<[number[], number[]]> {
  const samples: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      await work();
      if (round >= warm_rounds) samples[index]!.push(performance.now() - start);
    }
  }
  return samples;
}

type Work = () => Promise<unknown>;

function local(file: string): LocalFile {
  return { path: pathOf(file), key: file, filename: file, size_bytes: sizeOf(file) };
}

/** The same rows for the same count, from a small generator of its own. */
function made(folder: string, count: number): LocalFile {
  const regions = ["north", "east", "south", "west"];
  let state = 7;
  const draw = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
  const lines = ["region,amount,quantity"];
  for (let row = 0; row < count; row++) {
    lines.push(`${regions[draw(4)]},${draw(100_000) / 100},${draw(50)}`);
  }
  const text = lines.join("\n");
  const path = join(folder, `${count}.csv`);
  writeFileSync(path, text);
  const key = createHash("sha256").update(text).digest("hex");
  return { path, key, filename: "amounts.csv", size_bytes: statSync(path).size };
}

/** Written by DuckDB itself: ten million rows of the same shape. */
async function parquet(folder: string): Promise<LocalFile> {
  const path = join(folder, "rows.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (
    SELECT ['north', 'east', 'south', 'west'][1 + (hash(i) % 4)::INT] AS region,
      (hash(i + 1) % 100000) / 100 AS amount, (hash(i + 2) % 50)::INT AS quantity
    FROM range(10_000_000) AS rows(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return { path, key: "parquet", filename: "amounts.parquet", size_bytes: statSync(path).size };
}

async function large(folder: string): Promise<LocalFile> {
  const path = join(folder, "large.csv");
  const block = `${Array.from({ length: 20_000 }, (_, row) => `${["north", "east", "south", "west"][row % 4]},${(row * 7919) % 100_000},customer number ${(row * 104_729) % 1_000_003}`).join("\n")}\n`;
  const out = createWriteStream(path);
  out.write("region,amount,customer\n");
  for (let size = 0; size < 500_000_000; size += block.length) {
    if (!out.write(block)) await once(out, "drain");
  }
  await new Promise<void>((done) => out.end(done));
  return { path, key: "large", filename: "amounts.csv", size_bytes: statSync(path).size };
}

if (import.meta.main) printRows(await run());
