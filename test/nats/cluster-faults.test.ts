/** Three servers: what a follower does not know yet, and what a lost majority means. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NatsServers, server, startNats, without } from "../support/nats.ts";
import {
  administered,
  bytes,
  leaderOf,
  openStore,
  range,
  text,
  until,
} from "../support/nats-store.ts";

describe.skipIf(!server)(`faults of three servers${without}`, () => {
  let servers: NatsServers;
  beforeAll(async () => {
    servers = await startNats(3);
  });
  afterAll(() => servers.stop());

  /** The server that leads a stream, and the others. */
  const rolesOf = async (stream: string) => {
    const index = await leaderOf(servers.urls, stream);
    const followers = servers.nodes.filter((_, i) => i !== index);
    return { leader: servers.nodes[index]!, followers };
  };

  it("reads through a follower that lags see every write acknowledged before", {
    timeout: 90_000,
  }, async () => {
    const { close } = await openStore(servers.urls, 3, "lag");
    const { leader, followers } = await rolesOf("lag_log");
    const keys = await rolesOf("lag_kv");
    // One that leads neither stream: a frozen leader is another matter, see below.
    const follower = followers.find((node) => keys.followers.includes(node))!;
    const near = await openStore([leader.url], 3, "lag");
    const far = await openStore([follower.url], 3, "lag");
    let stale = 0;
    let rounds = 0;
    await administered({ servers: follower.url }, async (ask, nats) => {
      // Whether it lags when it wakes is chance: until it did three times.
      for (; stale < 3 && rounds < 500; rounds++) {
        // What only makes it lag must not fill the store.
        if (rounds % 50 === 49) await ask("STREAM.PURGE.lag_log", { filter: "lag.log.filler" });
        follower.signal("SIGSTOP");
        const filler = new Uint8Array(4_000);
        await Promise.all(range(200).map(() => near.substrate.log.append("filler", filler)));
        const position = await near.substrate.log.append("s", bytes(`${rounds}`));
        const revision = await near.substrate.kv.put("k", bytes(`${rounds}`));
        const request = JSON.stringify({ last_by_subj: "lag.log.s" });
        const direct = nats.request("$JS.API.DIRECT.GET.lag_log", request, { timeout: 5_000 });
        const reads = Promise.all([
          far.substrate.log.readBack("s", { limit: 1 }),
          far.substrate.log.read("s", { after: position - 1, limit: 1_000 }),
          far.substrate.log.scan("", { after: position - 1, limit: 1_000 }),
          far.substrate.kv.get("k"),
          far.substrate.kv.list("", { limit: 10 }),
          far.substrate.kv.get("k", { decides: true }),
        ]);
        follower.signal("SIGCONT");
        const [back, forth, scanned, got, listed, fenced] = await reads;
        for (const records of [back, forth, scanned])
          expect(records.map((one) => one.position)).toEqual([position]);
        for (const entry of [got, listed[0], fenced]) expect(entry?.revision).toBe(revision);
        // What this follower itself said at the same time, had it been asked directly.
        const said = await direct.catch(() => undefined);
        if (Number(said?.headers?.get("Nats-Sequence") || position) < position) stale++;
      }
    });
    expect(stale).toBeGreaterThan(0);
    await Promise.all([near.close(), far.close(), close()]);
  });

  it("reads that decide refuse what a leader without majority still answers", async () => {
    const { substrate, close } = await openStore(servers.urls, 3, "fence");
    await substrate.kv.put("right", bytes("granted"));
    const { leader, followers } = await rolesOf("fence_kv");
    const alone = await openStore([leader.url], 3, "fence");
    expect(text((await alone.substrate.kv.get("right", { decides: true }))!.value)).toBe("granted");
    for (const one of followers) one.signal("SIGSTOP");
    // A process that is told to stand still does so when the machine next gets to it.
    await new Promise((next) => setTimeout(next, 200));
    const [plain, fenced] = await Promise.allSettled([
      alone.substrate.kv.get("right"),
      alone.substrate.kv.get("right", { decides: true }),
    ]);
    for (const one of followers) one.signal("SIGCONT");
    expect(plain.status).toBe("fulfilled");
    expect(fenced).toMatchObject({ status: "rejected", reason: { code: "UNAVAILABLE" } });
    await until(async () => {
      const entry = await alone.substrate.kv.get("right", { decides: true }).catch(() => undefined);
      return entry !== undefined;
    });
    await alone.close();
    await close();
  }, 60_000);

  const standing = async () => {
    const { substrate, close } = await openStore(servers.urls, 3, "frozen");
    await substrate.kv.put("right", bytes("granted"));
    const { leader, followers } = await rolesOf("frozen_kv");
    const near = await openStore([leader.url], 3, "frozen");
    const other = await openStore([followers[0]!.url], 3, "frozen");
    leader.signal("SIGSTOP");
    await other.substrate.kv.put("right", bytes("revoked"));
    const reads = [
      near.substrate.kv.get("right"),
      near.substrate.kv.get("right", { decides: true }),
    ];
    leader.signal("SIGCONT");
    const [plain, fenced] = await Promise.all(reads);
    console.log(`The leader that stood still said: ${text(plain!.value)}.`);
    expect(text(fenced!.value)).toBe("revoked");
    await Promise.all([near.close(), other.close(), close()]);
  };
  if (process.env.NATS_FULL)
    it("reads that decide see what was written while the leader stood still", standing, 60_000);
});
