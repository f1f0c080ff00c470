/**
 * What attackers take from a good client. Server, attacker and client are three processes; each attack is
 * repeated every second, and quiet seconds stand before. Of all rounds the best count, quiet and not: what a
 * neighbour takes from the machine is not the attacker's doing. More than twice the time of a quiet call at
 * the 99th of a hundred, or a call that failed, makes the exit status 1. For reading only, the same attack on
 * another server process: what it takes from the client because all share the processors of one machine.
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
const other = await startChild("../test/faults/mesh-server.ts");
const beside = other.ready as Served;
const attackerBeside = await startChild(
  "../test/faults/mesh-attacker.ts",
  beside.address,
  beside.attacker,
);
const { signal } = new AbortController();
const identity = await openIdentity(good, { signal, log: silentLog });
const mesh = createMesh({ identity, log: silentLog });
mesh.update(ProbeService.typeName, [{ address, identity: "probe" }]);
const client = createClient(ProbeService, mesh.transport);
const failures: string[] = [];

/** Milliseconds at the 99th of a hundred, of calls at a steady rate. */
async function p99(for_ms = time_ms): Promise<number> {
  const took_ms: number[] = [];
  const running: Promise<void>[] = [];
  const call = async () => {
    const began = performance.now();
    await client.increment({ value: 1n }).catch((error) => failures.push(String(error)));
    took_ms.push(performance.now() - began);
  };
  await atSteadyRate(
    per_second,
    (elapsed_ms) => elapsed_ms < for_ms,
    () => running.push(call()),
  );
  await Promise.all(running);
  return quantile(took_ms, 0.99);
}

/** What quiet calls take, when what the attack before has left to be tidied is gone. */
async function settled(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, settle_ms));
  // Calls of no fixed number before those that count: garbage is collected every so many, which would
  // otherwise come at the same moment of each round, and be taken for the attacker's doing or for quiet.
  await p99(Math.random() * time_ms);
  return p99();
}

// Whatever is compiled at first use is.
await p99();
const broken: string[] = [];
for (const attack of names) {
  if (values.attack && values.attack !== attack) continue;
  const [before, under, elsewhere]: [number[], number[], number[]] = [[], [], []];
  let repeated = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    before.push(await settled());
    const attacked = attacker.ask<{ rounds: number }>({ attack, time_ms } satisfies Question);
    under.push(await p99());
    repeated += (await attacked).rounds;
    await settled();
    const attackedBeside = attackerBeside.ask({ attack, time_ms } satisfies Question);
    elsewhere.push(await p99());
    await attackedBeside;
  }
  const best = [under, before, elsewhere].map((all) => Math.min(...all).toFixed(1));
  const middle = [under, before, elsewhere].map((all) => median(all).toFixed(1));
  const ratio = Math.min(...under) / Math.min(...before);
  const told = ([hit, quiet, control]: string[]) =>
    `${hit} ms against ${quiet}, and ${control} with another server attacked`;
  console.log(
    `${attack}, ${repeated} times: p99 ${ratio.toFixed(2)} of what it was ` +
      `(${told(best)}; in the middle ${told(middle)})`,
  );
  if (ratio > 2) broken.push(`${attack}: p99 ${ratio.toFixed(2)} of what it was`);
}
if (failures.length > 0) broken.push(`${failures.length} good calls failed: ${failures[0]}`);
for (const one of broken) console.log(`BROKEN: ${one}`);
console.log(broken.length === 0 ? "no good call took twice as long" : `${broken.length} broken`);
mesh.close();
for (const child of [attacker, attackerBeside, server, other]) await child.stop();
process.exit(broken.length === 0 ? 0 : 1);
