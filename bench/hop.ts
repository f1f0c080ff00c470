/**
 * What a governed call costs on the network: a typed client of the mesh, certificates at both ends,
 * through the whole chain (trace, audit, errors, identity, validation, policy), against grpc-js without any of it, and against connect-node.
 * Same message, client and server in two processes, rounds alternate.
 */
import { type Kind, kinds } from "./hop/message.ts";
import { type Load, type Pair, startPair } from "./hop/pair.ts";
import { digits, median, printRows, quantile, type Row } from "./row.ts";

export const concurrency = 16;
const rounds = 9;
const round_ms = 1_000;
export const warm_up_ms = 2_500;
const calls_alone = 500;
const steady_per_second = 1_000;

interface Round extends Load {
  /** Milliseconds of a call that is alone. */
  alone_p50_ms: number;
  /** Milliseconds at a thousand calls a second. */
  steady_p99_ms: number;
}

type Rounds = Record<Kind, Round[]>;

export async function run(): Promise<Row[]> {
  const pairs = new Map<Kind, Pair>();
  try {
    for (const kind of kinds) pairs.set(kind, await startPair(kind));
    return report(await measure(pairs));
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}

async function measure(pairs: ReadonlyMap<Kind, Pair>): Promise<Rounds> {
  const loads: Rounds = { keiko: [], "grpc-js": [], "connect-node": [] };
  for (const pair of pairs.values()) await pair.load(concurrency, warm_up_ms);
  for (let round = 0; round < rounds; round++) {
    for (const [kind, pair] of pairs) {
      const load = await pair.load(concurrency, round_ms);
      const alone_p50_ms = quantile(await pair.alone(calls_alone), 0.5);
      const steady_p99_ms = quantile(await pair.steady(steady_per_second, round_ms), 0.99);
      loads[kind].push({ ...load, alone_p50_ms, steady_p99_ms });
    }
  }
  return loads;
}

// Each round is compared with its own neighbours, so that a machine that slows down counts once.
function ratio(a: readonly Round[], b: readonly Round[], of: keyof Round): number {
  return median(a.map((load, round) => load[of] / b[round]![of]));
}

function report(loads: Rounds): Row[] {
  const { keiko, "grpc-js": bare, "connect-node": connect } = loads;
  const toBare = ratio(keiko, bare, "per_second");
  const cpu = ratio(keiko, bare, "cpu_us_per_call");
  const alone = median(keiko.map(({ alone_p50_ms }) => alone_p50_ms));
  const added = median(
    keiko.map(({ steady_p99_ms }, round) => steady_p99_ms - bare[round]!.steady_p99_ms),
  );
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
      value: digits(cpu),
      goal: "≤ 1.3",
      met: cpu <= 1.3,
      note: "client and server together, the store thread's fsyncs included",
    },
    {
      name: "hop: a governed call that is alone, p50",
      value: `${digits(alone)} ms (${digits(ratio(keiko, bare, "alone_p50_ms"))} of bare grpc-js)`,
      goal: "≤ 0.6 ms",
      met: alone <= 0.6,
    },
    {
      name: `hop: what governing adds at ${steady_per_second} calls/s, p99`,
      value: `${digits(added)} ms`,
      goal: "≤ 1 ms",
      met: added <= 1,
    },
  ];
}

if (import.meta.main) printRows(await run());
