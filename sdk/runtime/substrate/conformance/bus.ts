/** Publish and subscribe. */
import { describe, expect, it } from "vitest";
import type { BusMessage } from "../substrate.ts";
import {
  all,
  bytes,
  fails,
  failsToIterate,
  type Open,
  range,
  sharedStore,
  sleep,
  take,
  text,
} from "./setup.ts";

/** pattern, subjects that match, subjects that do not. */
const matching: [string, string[], string[]][] = [
  ["m.one", ["m.one"], ["m", "m.one.two", "m.ones", "one"]],
  ["m.*", ["m.one", "m.ö"], ["m", "m.one.two", "n.one"]],
  ["m.*.c", ["m.b.c"], ["m.c", "m.b.b.c", "m.b.d"]],
  ["*.b.*", ["m.b.c"], ["m.b", "b.m.c"]],
  ["m.>", ["m.one", "m.one.two.three"], ["m", "n.one"]],
  ["*.b.>", ["m.b.c", "m.b.c.d"], ["m.b", "m.c.b.d"]],
  [">", ["m", "m.one.two"], []],
];

export function describeBus(open: Open): void {
  describe("bus", () => {
    const store = sharedStore(open);
    const bus = () => store.substrate.bus;
    const subscribe = (pattern: string, pending_max = 1_000, stop = new AbortController()) =>
      bus().subscribe(pattern, { signal: stop.signal, pending_max });
    const texts = (messages: BusMessage[]) => messages.map(({ payload }) => text(payload));

    it.each(matching)("%s matches what it should and nothing else", async (pattern, yes, no) => {
      const heard = subscribe(pattern);
      for (const subject of [...no, ...yes, ...no]) await bus().publish(subject, bytes(subject));
      expect(await take(heard, yes.length)).toEqual(
        yes.map((subject) => ({ subject, payload: bytes(subject) })),
      );
      const stop = new AbortController();
      const rest = subscribe(pattern, 1_000, stop)[Symbol.asyncIterator]();
      const next = rest.next();
      for (const subject of no) await bus().publish(subject, bytes(subject));
      await bus().publish(yes[0]!, bytes("end"));
      expect(text((await next).value.payload)).toBe("end");
      stop.abort();
    });

    it("listens from the call on, hands to every subscriber, in the publisher's order", async () => {
      await bus().publish("o.before", bytes("before"));
      const heard = [subscribe("o.*"), subscribe("o.>"), subscribe("o.x")];
      const sent = range(200).map(String);
      await Promise.all(sent.map((n) => bus().publish("o.x", bytes(n))));
      for (const one of heard) expect(texts(await take(one, 200))).toEqual(sent);
    });

    it("copies the payload, and takes an empty one", async () => {
      const heard = subscribe("c.x");
      const payload = bytes("before");
      const published = bus().publish("c.x", payload);
      payload.fill(0);
      await published;
      await bus().publish("c.x", new Uint8Array());
      expect(texts(await take(heard, 2))).toEqual(["before", ""]);
    });

    it("ends a subscriber that is too far behind, and no other", async () => {
      const slow = subscribe("slow.x", 10);
      const exact = subscribe("slow.x", 11);
      for (const n of range(11)) await bus().publish("slow.x", bytes(String(n)));
      expect(texts(await take(exact, 11))).toEqual(range(11).map(String));
      // Over a network the last one may come a moment later here than there.
      await sleep(20);
      await failsToIterate(() => slow, "TOO_SLOW");
    });

    it("ends quietly on abort, also before the first read", async () => {
      const stop = new AbortController();
      const waiting = all(subscribe("end.x", 10, stop));
      const unread = subscribe("end.x", 10, stop);
      stop.abort();
      await bus().publish("end.x", bytes("late"));
      expect(await waiting).toEqual([]);
      expect(await all(unread)).toEqual([]);
      expect(await all(subscribe("end.x", 10, stop))).toEqual([]);
    });

    it("refuses malformed subjects and patterns", async () => {
      for (const subject of ["", "a..b", ".a", "a.", "a b", "a.*", "a.>", "a.\n"])
        await fails(bus().publish(subject, bytes("x")), "INVALID");
      for (const pattern of ["", "a..b", ".a", "a.", "a b", "a*", "a.>.b", ">a", "a.**"])
        await failsToIterate(() => subscribe(pattern), "INVALID");
    });
  });
}
