/**
 * The governed hop beside what others send between agents and tools, in one run: A2A's SDK over gRPC,
 * AutoGen's runtime, MCP over HTTP, each by its own scripts and governed by nothing. Keiko and bare
 * grpc-js are measured before, between and after them.
 */
import { loadavg } from "node:os";
import { type Load, startPair } from "./hop/pair.ts";
import { concurrency, warm_up_ms } from "./hop.ts";
import { type Measured, type Peer, peersFolder, preparePeer, runPeer } from "./peers/foreign.ts";
import { digits, median, printRows, type Row } from "./row.ts";

const rounds = 3;
const round_ms = 2_500;

interface HopPeer extends Peer {
  /** How many times its rate Keiko is to reach, by its only case. */
  times: number;
}

const peers: readonly HopPeer[] = [
  { name: "a2a", script: "bench.mjs", cases: [{ variant: "grpc" }], times: 1.5 },
  {
    name: "autogen",
    prepare: `[ -x venv/bin/python ] ||
      { python3 -m venv venv && venv/bin/pip install -q -r requirements.txt; }`,
    script: "bench.mjs",
    cases: [{ variant: "agent to agent over host" }],
    times: 4,
  },
  {
    name: "mcp",
    script: "bench.mjs",
    cases: [{ variant: "2026-07-28, stateless" }],
    times: 4,
  },
];

export async function run(): Promise<Row[]> {
  const found = peersFolder();
  if ("missing" in found) throw new Error(found.missing);
  const own: Record<"keiko" | "grpc-js", Load[]> = { keiko: [], "grpc-js": [] };
  const measureOwn = async () => {
    for (const kind of ["keiko", "grpc-js"] as const) {
      const pair = await startPair(kind);
      try {
        await pair.load(concurrency, warm_up_ms);
        own[kind].push(await pair.load(concurrency, round_ms));
      } finally {
        await pair.stop();
      }
    }
  };
  const rows: Row[] = [];
  const measured: { peer: HopPeer; said: Measured }[] = [];
  await measureOwn();
  for (const peer of peers) {
    console.log(`hop-peers: ${peer.name}, load ${loadavg()[0]!.toFixed(1)}`);
    try {
      await preparePeer(found.folder, peer);
      const said = (await runPeer(found.folder, peer, rounds)).get(peer.cases[0]!.variant)!;
      measured.push({ peer, said });
    } catch (error) {
      const note = String(error);
      rows.push({ name: `hop-peers: ${peer.name} cannot run here`, value: "", note });
    }
    await measureOwn();
  }
  const rate = median(own.keiko.map(({ per_second }) => per_second));
  const cpu = own.keiko.map(
    (load, at) => load.cpu_us_per_call / own["grpc-js"][at]!.cpu_us_per_call,
  );
  const bare = median(own["grpc-js"].map(({ per_second }) => per_second));
  return [
    {
      name: "hop-peers: Keiko, certificates at both ends and the whole chain",
      value: `${digits(rate)}/s, ${digits(median(cpu))} E`,
      note: `bare grpc-js ${digits(bare)}/s`,
    },
    ...measured.map(({ peer, said }) => compared(peer, said, rate)),
    ...rows,
  ];
}

function compared({ name, cases, times }: HopPeer, said: Measured, rate: number): Row {
  const theirs = median(said.per_second);
  return {
    name: `hop-peers: ${name}, ${cases[0]!.variant}`,
    value: `${digits(theirs)}/s, ${digits(median(said.echoes))} E; Keiko ${digits(rate / theirs)} times`,
    goal: `≥ ${times} times`,
    met: rate / theirs >= times,
    note: `p50 of one at a time ${digits(median(said.p50_ms))} ms`,
  };
}

if (import.meta.main) printRows(await run());
