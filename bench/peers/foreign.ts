/**
 * Runs the scripts of a folder of peers, one folder each, as they are: they install what they pin into
 * a work area of their own, and say what they measured as lines of JSON, each round with a calibration
 * of its own. That folder is not part of this one: where it is, is an option.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one of its cases said, one number each round. */
export interface Measured {
  p50_ms: number[];
  p99_ms: number[];
  per_second: number[];
  /** Processor time of a step in bare grpc-js echoes of the same round. */
  echoes: number[];
  syncs: number | undefined;
}

export interface Case {
  peer: string;
  /** As its script calls it. */
  variant: string;
  /** The name under which its script counts syncs of this case; none: it does not. */
  syncs?: RegExp;
}

export interface Peer {
  name: string;
  /** What is done once, after the installation. */
  prepare?: string;
  script: string;
  cases: Omit<Case, "peer">[];
}

export const peers: readonly Peer[] = [
  {
    name: "temporal",
    // Its first build downloads what it then copies the schema from, but only after it has tried to.
    prepare: `for again in 1 2; do [ -d pg-schema ] && [ -x temporal-dev ] || sh build-server.sh; done
      [ -f bundle.js ] || node bundle.mjs`,
    script: "bench-pg.mjs",
    cases: [
      { variant: "3 activities, PostgreSQL", syncs: /x three,/ },
      { variant: "3 local activities, PostgreSQL", syncs: /x threeLocal,/ },
    ],
  },
  {
    name: "restate",
    script: "bench.mjs",
    cases: [{ variant: "3 x ctx.run", syncs: /x run$/ }, { variant: "3 service calls" }],
  },
  { name: "dbos", script: "bench.mjs", cases: [{ variant: "3 steps, PostgreSQL", syncs: /./ }] },
  { name: "mastra", script: "bench.mjs", cases: [{ variant: "3 steps, LibSQL file", syncs: /./ }] },
  {
    name: "langgraph",
    script: "bench.mjs",
    cases: [{ variant: "3 nodes, durability sync", syncs: /./ }],
  },
];

const prepare_ms_max = 30 * 60_000;
const run_ms_max = 10 * 60_000;

/** The folder, or what to say where there is none. */
export function peersFolder(): { folder: string } | { missing: string } {
  const folder = process.env.PEERS ?? "";
  const how = "give it as --peers=FOLDER or in the environment variable PEERS";
  if (!folder) return { missing: `no folder of peers is named: ${how}` };
  if (existsSync(join(folder, "common/env.sh"))) return { folder };
  return { missing: `${folder} holds no scripts of peers (common/env.sh): ${how}` };
}

/** Where the scripts install themselves, by their own rule. */
const work = () => process.env.PEERS_WORK ?? join(process.env.TMPDIR ?? tmpdir(), "peers");

export async function preparePeer(folder: string, { name, prepare = ":" }: Peer): Promise<void> {
  await shell(join(folder, name), `. ../common/env.sh; ${prepare}`, prepare_ms_max);
}

/** What each case said, by its variant. */
export async function runPeer(
  folder: string,
  { name, script, cases }: Peer,
  rounds: number,
): Promise<Map<string, Measured>> {
  const environment = { ROUNDS: String(rounds) };
  const command = `. ../common/env.sh; bench ${script}`;
  const said = await shell(join(folder, name), command, run_ms_max, environment);
  const lines = said.split("\n").filter((line) => line.startsWith("{"));
  const all = lines.map((line) => JSON.parse(line) as Line);
  return new Map(cases.map((one) => [one.variant, measuredOf(all, one)]));
}

interface Line {
  variant: string;
  lat?: { p50: number; p99: number };
  thr?: { perSec: number; cpuUs: number };
  calib?: Calibration;
  syncs?: { calls: number } & Record<string, number>;
}

export interface Calibration {
  grpcCpuUs: number;
  fsync: number;
}

function measuredOf(lines: readonly Line[], { variant, syncs }: Omit<Case, "peer">): Measured {
  const rounds = lines.filter((line) => line.variant === variant && line.thr);
  if (rounds.length === 0) throw new Error(`it said nothing about "${variant}"`);
  const traced = lines.find((line) => line.syncs && syncs?.test(line.variant))?.syncs;
  const { calls = 0, ...counts } = traced ?? {};
  const sum = Object.values(counts).reduce((a, b) => a + b, 0);
  return {
    p50_ms: rounds.map(({ lat }) => lat!.p50),
    p99_ms: rounds.map(({ lat }) => lat!.p99),
    per_second: rounds.map(({ thr }) => thr!.perSec),
    echoes: rounds.map(({ thr, calib }) => thr!.cpuUs / calib!.grpcCpuUs),
    syncs: calls > 0 ? sum / calls : undefined,
  };
}

/** The unit of processor time, measured as the peers do it. */
export async function calibrate(): Promise<Calibration> {
  const path = "PATH=$PWD/node_modules/.bin:$PATH";
  const said = await shell(join(work(), "common"), `${path} node calib.mjs`, run_ms_max);
  return JSON.parse(said) as Calibration;
}

function shell(
  folder: string,
  command: string,
  time_ms: number,
  environment: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PEERS_WORK: work(), ...environment };
    const child = spawn("sh", ["-c", command], { cwd: folder, env });
    let out = "";
    let problems = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      problems = (problems + text).slice(-4_000);
    });
    // Its scripts end what they started when they are told to end.
    const late = setTimeout(() => child.kill("SIGTERM"), time_ms);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(late);
      if (code === 0) resolve(out);
      else reject(new Error(`${signal ?? `exit status ${code}`}: ${reasonOf(problems)}`));
    });
  });
}

/** Of what a program says before it ends, the line that says why, as far as one can tell. */
function reasonOf(text: string): string {
  const lines = text.trim().split("\n");
  return (
    lines.findLast((line) => /error|not found|cannot|denied/i.test(line)) ??
    lines.at(-1) ??
    ""
  )
    .trim()
    .slice(0, 200);
}
