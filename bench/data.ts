/**
 * What a question in words costs above its bare query. Every question runs on a file that is open
 * already; the bare query is the very SQL that the answer shows, on the same database settings.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "keiko-bench-data-"));
  try {
    return [
      await parsing(),
      await question("1,461 rows", local("seattle-weather.csv"), "mean precipitation per month"),
      await question("10,000 rows", made(folder, 10_000), "mean amount per region"),
      await question("1,000,000 rows", made(folder, 1_000_000), "mean amount per region"),
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

if (import.meta.main) printRows(await run());
