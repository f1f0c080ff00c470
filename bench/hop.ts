/**
 * What a governed call costs on the network: a typed client of the mesh, certificates at both ends,
 * through the whole chain (trace, audit, errors, identity, validation, policy), against grpc-js without any of it, and against connect-node.
 * Same message, client and server in two processes, rounds alternate.
 */
import { type Kind, kinds } from "./hop/message.ts";
import { type Load, type Pair, startPair } from "./hop/pair.ts";
import { digits, median, printRows, type Row } from "./row.ts";

const concurrency = 16;
const rounds = 9;
const round_ms = 1_000;
const warm_up_ms = 2_500;

export async function run(): Promise<Row[]> {
  const pairs = new Map<Kind, Pair>();
  try {
    for (const kind of kinds) pairs.set(kind, await startPair(kind));
    return report(await measure(pairs));
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}

async function measure(pairs: ReadonlyMap<Kind, Pair>): Promise<Record<Kind, Load[]>> {
  const loads: Record<Kind, Load[]> = { keiko: [], "grpc-js": [], "connect-node": [] };
  for (const pair of pairs.values()) await pair.load(concurrency, warm_up_ms);
  for (let round = 0; round < rounds; round++) {
    for (const [kind, pair] of pairs) loads[kind].push(await pair.load(concurrency, round_ms));
  }
  return loads;
}

// Each round is compared with its own neighbours, so that a machine that slows down counts once.
function ratio(a: readonly Load[], b: readonly Load[], of: keyof Load): number {
  return median(a.map((load, round) => load[of] / b[round]![of]));
}

function report(loads: Record<Kind, Load[]>): Row[] {
  const { keiko, "grpc-js": bare, "connect-node": connect } = loads;
  const toBare = ratio(keiko, bare, "per_second");
  const rate = (all: readonly Load[]) => digits(median(all.map(({ per_second }) => per_second)));
  return [
    {
      name: "hop: governed unary calls/s against bare grpc-js",
      value: `${digits(toBare)} (${rate(keiko)}/s against ${rate(bare)}/s)`,
      goal: "≥ 0.7",
      met: toBare >= 0.7,
      note: `${rounds} rounds of ${round_ms / 1_000} s, ${concurrency} calls at a time`,
    },
    {
      name: "hop: governed unary calls/s against connect-node gRPC",
      value: `${digits(ratio(keiko, connect, "per_second"))} (${rate(connect)}/s)`,
    },
    {
      name: "hop: processor time per governed call, in bare grpc-js calls",
      value: digits(ratio(keiko, bare, "cpu_us_per_call")),
      note: "client and server together, the store thread's fsyncs included",
    },
  ];
}

if (import.meta.main) printRows(await run());
