/** The log: appends in order, expected positions, pages, followers. */
import { describe, expect, it } from "vitest";
import type { Log, LogRecord } from "../substrate.ts";
import {
  all,
  bytes,
  fails,
  type Open,
  range,
  sharedStore,
  take,
  text,
  withStore,
} from "./setup.ts";

const texts = (records: readonly LogRecord[]) => records.map(({ payload }) => text(payload));

export function describeLog(open: Open): void {
  describe("log", () => {
    const store = sharedStore(open);
    const log = () => store.substrate.log;
    describeAppends(log);
    describePages(log);
    describeFollow(log);

    it("has every record after a reopen and goes on behind the last", () =>
      withStore(open, async ({ substrate, reopen }) => {
        for (const i of range(20)) await substrate.log.append(`s/${i % 3}`, bytes(String(i)));
        const before = await substrate.log.scan("", { limit: 100 });
        await substrate.close();
        const again = await reopen();
        expect(await again.log.scan("", { limit: 100 })).toEqual(before);
        const last = (await again.log.read("s/1", { limit: 100 })).at(-1)!.position;
        await fails(again.log.append("s/1", bytes("x"), { expect: last - 1 }), "CONFLICT");
        const position = await again.log.append("s/1", bytes("x"), { expect: last });
        expect(position).toBeGreaterThan(before.at(-1)!.position);
        const { signal } = new AbortController();
        const followed = await take(again.log.follow("", { signal }), 21);
        expect(followed.slice(0, 20)).toEqual(before);
        await again.close();
      }));

    it("has what may wait for others after a close as well", () =>
      withStore(open, async ({ substrate, reopen }) => {
        const patient = substrate.log.append("s", bytes("a"), { within_ms: 1_000 });
        await substrate.close();
        expect(await patient).toBeGreaterThan(0);
        const again = await reopen();
        expect(texts(await again.log.read("s", { limit: 9 }))).toEqual(["a"]);
        await again.close();
      }));
  });
}

function describeAppends(log: () => Log): void {
  it("keeps the order when some appends may wait, and each is done in its time", async () => {
    const done: string[] = [];
    const append = (text: string, within_ms: number) =>
      log()
        .append("a/patient", bytes(text), { within_ms })
        .then(() => done.push(text));
    await Promise.all([append("1", 1_000), append("2", 1_000), append("3", 0)]);
    // Nobody comes along to share a sync with: it does not wait for ever.
    await append("4", 5);
    expect(done).toEqual(["1", "2", "3", "4"]);
    expect(texts(await log().read("a/patient", { limit: 9 }))).toEqual(done);
    await fails(log().append("a/patient", bytes("x"), { within_ms: -1 }), "INVALID");
  });

  it("keeps payloads as they are, empty ones too, with stream, position and time", async () => {
    const before = Date.now() - 1_000;
    const first = await log().append("a/kept", new Uint8Array());
    const second = await log().append("a/kept", Uint8Array.from(range(256)));
    const records = await log().read("a/kept", { limit: 10 });
    expect(records.map(({ stream, position }) => ({ stream, position }))).toEqual([
      { stream: "a/kept", position: first },
      { stream: "a/kept", position: second },
    ]);
    expect(records[0]?.payload).toEqual(new Uint8Array());
    expect(records[1]?.payload).toEqual(Uint8Array.from(range(256)));
    expect(second).toBeGreaterThan(first);
    for (const { time_ms } of records) {
      expect(time_ms).toBeGreaterThan(before);
      expect(time_ms).toBeLessThan(Date.now() + 1_000);
    }
  });

  it("copies the payload", async () => {
    const payload = bytes("before");
    const appended = log().append("a/copied", payload);
    payload.fill(0);
    await appended;
    expect(texts(await log().read("a/copied", { limit: 1 }))).toEqual(["before"]);
  });

  it("appends at the expected position, refuses any other and then writes nothing", async () => {
    await fails(log().append("a/expect", bytes("x"), { expect: 1 }), "CONFLICT");
    const first = await log().append("a/expect", bytes("1"), { expect: 0 });
    await fails(log().append("a/expect", bytes("x"), { expect: 0 }), "CONFLICT");
    await log().append("a/other", bytes("elsewhere"));
    const second = await log().append("a/expect", bytes("2"), { expect: first });
    await fails(log().append("a/expect", bytes("x"), { expect: first }), "CONFLICT");
    await log().append("a/expect", bytes("3"));
    await fails(log().append("a/expect", bytes("x"), { expect: second }), "CONFLICT");
    expect(texts(await log().read("a/expect", { limit: 9 }))).toEqual(["1", "2", "3"]);
  });

  it("lets exactly one of many win each position, so that two writers never interleave", async () => {
    const writer = async (name: string) => {
      let own = 0;
      while (own < 10) {
        const last = (await log().readBack("a/race", { limit: 1 }))[0];
        try {
          const note = bytes(`${name}${own} after ${last ? last.position : 0}`);
          await log().append("a/race", note, { expect: last?.position ?? 0 });
          own++;
        } catch (error) {
          expect(error).toMatchObject({ code: "CONFLICT" });
        }
      }
    };
    await Promise.all(["a", "b", "c", "d", "e", "f"].map(writer));
    const records = await log().read("a/race", { limit: 100 });
    expect(records).toHaveLength(60);
    records.forEach(({ payload }, i) => {
      expect(text(payload)).toContain(` after ${records[i - 1]?.position ?? 0}`);
    });
  });

  it("keeps the order of appends that are made without waiting", async () => {
    const positions = await Promise.all(
      range(300).map((i) => log().append("a/order", bytes(String(i)))),
    );
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(texts(await log().read("a/order", { limit: 1_000 }))).toEqual(range(300).map(String));
  });
}

function describePages(log: () => Log): void {
  it("reads a stream page by page, forwards and backwards, and no other stream", async () => {
    const names = range(25).map(String);
    for (const i of names) {
      await log().append("p/one", bytes(i));
      await log().append("p/one/more", bytes("other"));
    }
    const forwards: string[] = [];
    for (let after = 0; ; ) {
      const page = await log().read("p/one", { after, limit: 10 });
      forwards.push(...texts(page));
      after = page.at(-1)?.position ?? after;
      if (page.length < 10) break;
    }
    expect(forwards).toEqual(names);
    const backwards: string[] = [];
    for (let before: number | undefined; ; ) {
      const page = await log().readBack("p/one", { limit: 10, ...(before ? { before } : {}) });
      backwards.push(...texts(page));
      before = page.at(-1)?.position;
      if (page.length < 10) break;
    }
    expect(backwards).toEqual([...names].reverse());
    expect(await log().read("p/none", { limit: 10 })).toEqual([]);
    expect(await log().readBack("p/none", { limit: 10 })).toEqual([]);
  });

  it("scans the streams of a prefix by position, in a log of thousands of others", async () => {
    const mine = range(40);
    for (const i of mine) {
      await log().append(i % 2 ? "scan/a_x" : "scan/a_y", bytes(String(i)));
      await Promise.all(range(130).map((n) => log().append(`noise/${n % 40}`, bytes("noise"))));
    }
    await log().append("scan/abx", bytes("no"));
    const found: LogRecord[] = [];
    for (let after = 0; ; ) {
      const page = await log().scan("scan/a_", { after, limit: 7 });
      found.push(...page);
      after = page.at(-1)?.position ?? after;
      if (page.length < 7) break;
    }
    expect(texts(found)).toEqual(mine.map(String));
    expect(await log().scan("scan/none", { limit: 10 })).toEqual([]);
    let noise = 0;
    for (let after = 0; ; ) {
      const page = await log().scan("noise/", { after, limit: 1_000 });
      noise += page.length;
      after = page.at(-1)?.position ?? after;
      if (page.length < 1_000) break;
    }
    expect(noise).toBe(40 * 130);
  });
}

function describeFollow(log: () => Log): void {
  it("gives what is there, then what comes: each record once, also while many append", async () => {
    const follow = (after: number, count: number) =>
      take(log().follow("f/", { after, signal: AbortSignal.timeout(15_000) }), count);
    const first = await log().append("f/0", bytes("0:first"));
    const early = follow(0, 401);
    const append = async (w: number) => {
      for (const n of range(50)) await log().append(`f/${w}`, bytes(`${w}:${n}`));
    };
    const writing = Promise.all([...range(8).map(append), log().append("g/0", bytes("other"))]);
    const late = follow(first, 400);
    await writing;
    const records = await log().scan("f/", { limit: 1_000 });
    expect(records).toHaveLength(401);
    expect(await early).toEqual(records);
    expect(await late).toEqual(records.slice(1));
  });

  it("waits at the end, and ends quietly on abort", async () => {
    const stop = new AbortController();
    const followed = all(log().follow("quiet/", { signal: stop.signal }));
    await log().append("quiet/1", bytes("one"));
    await take(log().follow("quiet/", { signal: AbortSignal.timeout(15_000) }), 1);
    stop.abort();
    expect((await followed).length).toBeLessThanOrEqual(1);
    expect(await all(log().follow("quiet/", { signal: stop.signal }))).toEqual([]);
  });
}
