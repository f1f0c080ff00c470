/**
 * What attackers take from a good client. Server, attacker and client are three processes; each attack is
 * repeated every second, and quiet seconds stand before. Of all rounds the best count, quiet and not: what a
 * neighbour takes from the machine is not the attacker's doing. More than twice the time of a quiet call at
 * the 99th of a hundred, or a call that failed, makes the exit status 1.
 * `node test/faults/mesh-main.ts [--rounds 6] [--seconds 2] [--attack NAME]`
 */
import { parseArgs } from "node:util";
import { createClient } from "@connectrpc/connect";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { createMesh } from "@keiko/runtime/mesh/mesh.ts";
import { startChild } from "../../bench/lib/processes.ts";
import { median, quantile } from "../../bench/row.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { atSteadyRate } from "../support/steady-rate.ts";
import type { Question } from "./mesh-attacker.ts";
import type { Served } from "./mesh-server.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "6" },
    attack: { type: "string" },
    seconds: { type: "string", default: "2" },
  },
});
const time_ms = Number(values.seconds) * 1_000;
const per_second = 200;
const settle_ms = 1_000;

const server = await startChild("../test/faults/mesh-server.ts");
const { address, good, attacker: folder } = server.ready as Served;
const attacker = await startChild("../test/faults/mesh-attacker.ts", address, folder);
const { names } = attacker.ready as { names: Question["attack"][] };
const { signal } = new AbortController();
const identity = await openIdentity(good, { signal, log: silentLog });
const mesh = createMesh({ identity, log: silentLog });
mesh.update(ProbeService.typeName, [{ address, identity: "probe" }]);
const client = createClient(ProbeService, mesh.transport);
const failures: string[] = [];

/** Milliseconds at the 99th of a hundred, of calls at a steady rate. */
async function p99(): Promise<number> {
  const took_ms: number[] = [];
  const running: Promise<void>[] = [];
  const call = async () => {
    const began = performance.now();
    await client.increment({ value: 1n }).catch((error) => failures.push(String(error)));
    took_ms.push(performance.now() - began);
  };
  await atSteadyRate(
    per_second,
    (elapsed_ms) => elapsed_ms < time_ms,
    () => running.push(call()),
  );
  await Promise.all(running);
  return quantile(took_ms, 0.99);
}

// Whatever is compiled at first use is.
await p99();
const broken: string[] = [];
for (const attack of names) {
  if (values.attack && values.attack !== attack) continue;
  const [before, under]: [number[], number[]] = [[], []];
  let repeated = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    // What the attack before has left to be tidied is not quiet.
    await new Promise((resolve) => setTimeout(resolve, settle_ms));
    const quiet = await p99();
    const attacked = attacker.ask<{ rounds: number }>({ attack, time_ms } satisfies Question);
    const loaded = await p99();
    repeated += (await attacked).rounds;
    before.push(quiet);
    under.push(loaded);
  }
  const [best_before, best_under] = [Math.min(...before), Math.min(...under)];
  const ratio = best_under / best_before;
  console.log(
    `${attack}, ${repeated} times: p99 ${ratio.toFixed(2)} of what it was ` +
      `(${best_under.toFixed(1)} ms against ${best_before.toFixed(1)} ms; ` +
      `in the middle ${median(under).toFixed(1)} against ${median(before).toFixed(1)})`,
  );
  if (ratio > 2) broken.push(`${attack}: p99 ${ratio.toFixed(2)} of what it was`);
}
if (failures.length > 0) broken.push(`${failures.length} good calls failed: ${failures[0]}`);
for (const one of broken) console.log(`BROKEN: ${one}`);
console.log(broken.length === 0 ? "no good call took twice as long" : `${broken.length} broken`);
mesh.close();
await attacker.stop();
await server.stop();
process.exit(broken.length === 0 ? 0 : 1);
