/** Three servers that do not all hear each other; the long form is `npm run faults -- nats`. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createClient } from "@connectrpc/connect";
import { agentService } from "@keiko/agent/serve.ts";
import { headers } from "@keiko/runtime/call.ts";
import type { Dialer } from "@keiko/runtime/dial.ts";
import { createHost } from "@keiko/runtime/host.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { createMemoryTransport } from "@keiko/runtime/mesh/memory-transport.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import type { Log, Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { describe, expect, it } from "vitest";
import { runPartitions } from "../faults/nats-partitions.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { policies } from "../support/host.ts";
import { server, without } from "../support/nats.ts";
import { bytes, leaderOf, openStore, text, until } from "../support/nats-store.ts";
import { partedForm, startParted } from "../support/partition.ts";
import { probeAgent } from "../support/probe-agent.ts";

const form = partedForm();

describe.skipIf(!server)(`three servers that are parted, by ${form}${without}`, () => {
  it("hold one register for each key, whichever side its readers and writers are on", {
    timeout: 180_000,
  }, async () => {
    const { anomalies, done_alone, ...counts } = await runPartitions({
      rounds: ["the leader alone", "a follower alone"],
      // The others have a leader again after 4 to 9 s, and the old one believes for longer that it leads.
      parted_ms: 10_000,
      healed_ms: 2_000,
    });
    console.log(counts);
    expect(anomalies).toEqual([]);
    expect(done_alone).toBe(0);
    for (const done of Object.values(counts.while_parted)) expect(done).toBeGreaterThan(0);
  });

  it.skipIf(form === "gates")(
    "do so behind gates as well, which take no rights",
    {
      timeout: 180_000,
    },
    async () => {
      const { anomalies, done_alone, ...counts } = await runPartitions({
        rounds: ["a follower alone"],
        form: "gates",
        parted_ms: 3_000,
        healed_ms: 1_000,
      });
      console.log(counts);
      expect(anomalies).toEqual([]);
      expect(done_alone).toBe(0);
    },
  );

  it.skipIf(form === "gates")(
    "leave nothing behind when the process that started them is killed",
    {
      timeout: 60_000,
    },
    async () => {
      const main = fileURLToPath(new URL("../support/partition-main.ts", import.meta.url));
      const child = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
      const [line] = await once(child.stdout, "data");
      // The end of each link that is on this side; it goes with the last process that is on the other.
      const ends = (JSON.parse(String(line)) as string[]).map((url) =>
        new URL(url).hostname.replace(/\d+$/, (last) => `${Number(last) - 1}`),
      );
      const left = () => {
        const addresses = execFileSync("ip", ["-o", "-4", "addr"], { encoding: "utf8" });
        return ends.filter((end) => addresses.includes(` ${end}/31 `));
      };
      expect(left()).toHaveLength(3);
      child.kill("SIGKILL");
      await until(() => left().length === 0);
    },
  );

  it("do no effect again that was done where its asker cannot look, and grant nothing revoked", {
    timeout: 180_000,
  }, async () => {
    const servers = await startParted();
    const whole = await openStore(servers.urls, 3, "decides");
    await whole.substrate.kv.put("right", bytes("granted"));
    const leader = await leaderOf(servers.urls, "decides_kv");
    const majority = [0, 1, 2].filter((node) => node !== leader);
    const near = await openStore([servers.urls[leader]!], 3, "decides");
    const far = await openStore([servers.urls[majority[0]!]!], 3, "decides");
    let effects = 0;
    const ledger = {
      read: async () => [],
      append: async () => ++effects,
    } satisfies Pick<Log, "read" | "append">;
    const recordBy = recorder(ledger as unknown as Log);

    servers.part(majority);
    // The majority is there again when it has another leader.
    const revoke = () => far.substrate.kv.put("right", bytes("revoked"));
    await revoke().catch(revoke);
    // At once: before long the old leader knows.
    const early = Promise.allSettled([
      near.substrate.kv.get("right").then((entry) => text(entry!.value)),
      near.substrate.kv.get("right", { decides: true }),
    ]);
    expect(await recordBy(far.substrate)).toBe(1n);
    expect(effects).toBe(1);
    const [recorded] = await Promise.allSettled([recordBy(near.substrate)]);
    const [said, decided] = await early;
    const stale = said.status === "fulfilled" ? said.value : "nothing";
    console.log(`what the leader that was cut off said to a read that decides nothing: ${stale}`);
    expect(decided).toMatchObject({ status: "rejected", reason: { code: "UNAVAILABLE" } });
    expect(recorded.status).toBe("rejected");
    expect(effects).toBe(1);

    servers.heal();
    const again = () => recordBy(near.substrate);
    expect(await again().catch(again)).toBe(1n);
    expect(effects).toBe(1);
    expect(text((await near.substrate.kv.get("right", { decides: true }))!.value)).toBe("revoked");
    await Promise.all([near.close(), far.close(), whole.close()]);
    await servers.stop();
  });
});

/** The same step of the same task, run by an agent whose store is the one given: where its effect went. */
function recorder(ledger: Log): (substrate: Substrate) => Promise<bigint> {
  const agent = probeAgent(ledger);
  const decider = createDecider(policies);
  return async (substrate) => {
    const dialer = {} as Dialer;
    const host = createHost({
      server: "probe",
      services: [agentService(agent, { substrate, dialer, log: silentLog })],
      audit: { append: async () => {} },
      tokens: undefined,
      decider: () => decider,
      log: silentLog,
    });
    const transport = createMemoryTransport({ workload: "tester", resolve: () => host });
    const client = createClient(ProbeService, transport);
    const step = { headers: { [headers.idempotencyKey]: "tasks/one/steps/effect" } };
    return (await client.record({ entry: "once" }, step)).position;
  };
}
