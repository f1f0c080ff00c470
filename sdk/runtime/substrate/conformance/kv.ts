/** Key-value without watches. */
import { describe, expect, it } from "vitest";
import type { KeyValue } from "../substrate.ts";
import { bytes, fails, type Open, range, sharedStore, text, withStore } from "./setup.ts";

/** Every kind of character that a store, a query or a file name might take for its own. */
const odd_keys = [
  "odd/a b",
  "odd/a%b",
  "odd/a_b",
  "odd/a'b\"c`d",
  "odd/*",
  "odd/>",
  "odd/..",
  "odd/a.b.c",
  "odd/\\",
  "odd/-- ;",
  "odd/ä",
  "odd/日本",
  // In UTF-16 the first of these two sorts after the second, in UTF-8 before.
  "odd/\uff5e",
  "odd/😀",
  "odd/=?#&",
];

export function describeKeyValue(open: Open): void {
  describe("key-value", () => {
    const store = sharedStore(open);
    describeWrites(() => store.substrate.kv);
    describeLists(() => store.substrate.kv);
    describeRaces(() => store.substrate.kv);

    it("has everything after a reopen, and revisions go on growing past deleted ones", () =>
      withStore(open, async ({ substrate, reopen }) => {
        await substrate.kv.put("a", bytes("1"));
        await substrate.kv.put("b", bytes("2"));
        const newest = await substrate.kv.put("b", bytes("3"));
        await substrate.kv.delete("b");
        const before = await substrate.kv.list("", { limit: 10 });
        await substrate.close();
        const again = await reopen();
        expect(await again.kv.list("", { limit: 10 })).toEqual(before);
        expect(await again.kv.put("c", bytes("4"))).toBeGreaterThan(newest + 1);
        await again.close();
      }));
  });
}

function describeWrites(kv: () => KeyValue): void {
  it("gives back what was put, at its revision, and nothing for a key never put", async () => {
    const revision = await kv().put("w/one", bytes("first"));
    expect(await kv().get("w/one")).toEqual({ key: "w/one", value: bytes("first"), revision });
    expect(await kv().get("w/two")).toBeUndefined();
    expect(await kv().get("w/on")).toBeUndefined();
  });

  it("decides by what was put and deleted last, as every read does", async () => {
    const read = () => kv().get("w/decides", { decides: true });
    expect(await read()).toBeUndefined();
    for (const value of ["1", "2"]) {
      const revision = await kv().put("w/decides", bytes(value));
      expect(await read()).toEqual({ key: "w/decides", value: bytes(value), revision });
    }
    await kv().delete("w/decides");
    expect(await read()).toBeUndefined();
    await fails(kv().get("", { decides: true }), "INVALID");
  });

  it("keeps empty and binary values as they are", async () => {
    const binary = Uint8Array.from(range(256));
    await kv().put("w/empty", new Uint8Array());
    await kv().put("w/binary", binary);
    expect((await kv().get("w/empty"))?.value).toEqual(new Uint8Array());
    expect((await kv().get("w/binary"))?.value).toEqual(binary);
  });

  it("copies the value: changing the array afterwards changes nothing", async () => {
    const value = bytes("before");
    const put = kv().put("w/copied", value);
    value.fill(0);
    await put;
    expect(text((await kv().get("w/copied"))!.value)).toBe("before");
  });

  it("puts with the expected revision, refuses any other and then writes nothing", async () => {
    const first = await kv().put("w/cas", bytes("1"), { expect: 0 });
    await fails(kv().put("w/cas", bytes("x"), { expect: 0 }), "CONFLICT");
    const second = await kv().put("w/cas", bytes("2"), { expect: first });
    await fails(kv().put("w/cas", bytes("x"), { expect: first }), "CONFLICT");
    await fails(kv().put("w/cas", bytes("x"), { expect: second + 1 }), "CONFLICT");
    await fails(kv().put("w/absent", bytes("x"), { expect: second }), "CONFLICT");
    expect(text((await kv().get("w/cas"))!.value)).toBe("2");
    expect(await kv().get("w/absent")).toBeUndefined();
  });

  it("deletes with the expected revision, refuses any other", async () => {
    const revision = await kv().put("w/gone", bytes("1"));
    await fails(kv().delete("w/gone", { expect: revision + 1 }), "CONFLICT");
    await fails(kv().delete("w/gone", { expect: 0 }), "CONFLICT");
    expect(await kv().get("w/gone")).toBeDefined();
    await kv().delete("w/gone", { expect: revision });
    expect(await kv().get("w/gone")).toBeUndefined();
    await kv().delete("w/gone");
    await kv().delete("w/gone", { expect: 0 });
    await fails(kv().delete("w/gone", { expect: revision }), "CONFLICT");
  });

  it("never uses a revision again, across keys and deletes", async () => {
    const revisions = [await kv().put("w/r1", bytes("1")), await kv().put("w/r2", bytes("1"))];
    await kv().delete("w/r2");
    revisions.push(await kv().put("w/r2", bytes("1"), { expect: 0 }));
    revisions.push(await kv().put("w/r1", bytes("1")));
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });
}

function describeLists(kv: () => KeyValue): void {
  it("keeps keys with odd characters apart and lists them by their UTF-8 bytes", async () => {
    for (const key of odd_keys) await kv().put(key, bytes(key));
    for (const key of odd_keys) expect(text((await kv().get(key))!.value)).toBe(key);
    const listed = await kv().list("odd/", { limit: 100 });
    const sorted = [...odd_keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(listed.map(({ key }) => key)).toEqual(sorted);
    expect((await kv().list("odd/a_", { limit: 100 })).map(({ key }) => key)).toEqual(["odd/a_b"]);
    expect((await kv().list("odd/*", { limit: 100 })).map(({ key }) => key)).toEqual(["odd/*"]);
  });

  it("lists a prefix page by page, each entry once, and nothing beside the prefix", async () => {
    const keys = range(25).map((i) => `page/${String(i).padStart(2, "0")}`);
    for (const key of [...keys].reverse()) await kv().put(key, bytes(key));
    await kv().put("page", bytes("no"));
    await kv().put("page0", bytes("no"));
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await kv().list("page/", { limit: 10, ...(after ? { after } : {}) });
      found.push(...page.map(({ key }) => key));
      after = page.at(-1)?.key;
      if (page.length < 10) break;
    }
    expect(found).toEqual(keys);
  });

  it("takes an `after` that lies before, between and behind the entries of the prefix", async () => {
    for (const key of ["after/b", "after/d"]) await kv().put(key, bytes(key));
    const keys = async (after: string) =>
      (await kv().list("after/", { after, limit: 9 })).map(({ key }) => key);
    expect(await keys("a")).toEqual(["after/b", "after/d"]);
    expect(await keys("after/c")).toEqual(["after/d"]);
    expect(await keys("after/d")).toEqual([]);
    expect(await keys("z")).toEqual([]);
  });
}

function describeRaces(kv: () => KeyValue): void {
  it("lets exactly one of many concurrent writers win", async () => {
    const results = await Promise.allSettled(
      range(30).map((i) => kv().put("race/one", bytes(String(i)), { expect: 0 })),
    );
    const won = results.flatMap((result, i) => (result.status === "fulfilled" ? [i] : []));
    expect(won).toHaveLength(1);
    expect(text((await kv().get("race/one"))!.value)).toBe(String(won[0]));
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "CONFLICT" });
  });

  it("loses no increment of concurrent compare-and-set loops", async () => {
    const increment = async () => {
      for (;;) {
        const entry = await kv().get("race/sum", { decides: true });
        const next = bytes(String(Number(entry ? text(entry.value) : "0") + 1));
        try {
          await kv().put("race/sum", next, { expect: entry?.revision ?? 0 });
          return;
        } catch (error) {
          expect(error).toMatchObject({ code: "CONFLICT" });
        }
      }
    };
    const writer = async () => {
      for (let i = 0; i < 15; i++) await increment();
    };
    await Promise.all(range(12).map(writer));
    expect(text((await kv().get("race/sum"))!.value)).toBe("180");
  });
}
