/**
 * Three times as many calls as a server can do, from another process: how much of its best it still
 * does, how soon the others hear no, and what that takes of memory.
 */
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { createGrpcTransport } from "@keiko/runtime/mesh/grpc-transport.ts";
import { ProbeService } from "../test/gen/keiko/probe/v1/probe_service_pb.js";
import { atSteadyRate } from "../test/support/steady-rate.ts";
import { startChild } from "./lib/processes.ts";
import { per_second } from "./overload/capacity.ts";
import { digits, printRows, quantile, type Row } from "./row.ts";

const round_ms = 5_000;

interface Round {
  good: number;
  refused_ms: number[];
  /** Ended in another way than with an answer or OVERLOADED. */
  other: number;
}

export async function run(): Promise<Row[]> {
  const server = await startChild("overload/server.ts");
  const { address, token } = server.ready as { address: string; token: string };
  const transport = createGrpcTransport({
    target: address,
    credentials: credentials.createInsecure(),
    token: () => token,
  });
  const client = createClient(ProbeService, transport);
  const memory = async () => (await server.ask<{ rss_mb: number }>({})).rss_mb;
  const offer = (times: number) =>
    offered(times * per_second, async () => void (await client.increment({ value: 1n })));
  try {
    await offer(1);
    const peak = await offer(1);
    const before_mb = await memory();
    const loaded = await offer(3);
    return report(peak, loaded, (await memory()) - before_mb);
  } finally {
    transport.close();
    await server.stop();
  }
}

/** Calls at a steady rate, whether or not earlier ones have ended. */
async function offered(rate: number, call: () => Promise<void>): Promise<Round> {
  const round: Round = { good: 0, refused_ms: [], other: 0 };
  const calls: Promise<void>[] = [];
  const one = async () => {
    const start = performance.now();
    try {
      await call();
      round.good++;
    } catch (error) {
      if (ConnectError.from(error).code !== Code.ResourceExhausted) round.other++;
      else round.refused_ms.push(performance.now() - start);
    }
  };
  const going = (elapsed_ms: number) => elapsed_ms < round_ms;
  await atSteadyRate(rate, going, () => calls.push(one()));
  await Promise.all(calls);
  return round;
}

function report(peak: Round, loaded: Round, grown_mb: number): Row[] {
  const share = loaded.good / peak.good;
  return [
    {
      name: "overload: calls done at three times the capacity, of those at capacity",
      value: `${digits(share)} (${digits((loaded.good * 1_000) / round_ms)}/s)`,
      goal: "≥ 0.9",
      met: share >= 0.9,
      note: `${loaded.refused_ms.length} turned away, ${loaded.other} ended otherwise`,
    },
    {
      name: "overload: until a call that is turned away hears so",
      value: `p50 ${digits(quantile(loaded.refused_ms, 0.5))} ms, p99 ${digits(quantile(loaded.refused_ms, 0.99))} ms`,
    },
    { name: "overload: memory that the server grew by", value: `${digits(grown_mb)} MB` },
  ];
}

if (import.meta.main) printRows(await run());
