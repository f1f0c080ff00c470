import { expect, test } from "vitest";
import { anomalyIn, type Operation } from "./linearizable.ts";

const read = (called: number, returned: number, value: string): Operation => ({
  process: "r",
  called,
  returned,
  action: { kind: "read", value },
});
const set = (
  called: number,
  returned: number,
  from: string,
  to: string,
  outcome: "done" | "conflict" | "unknown" = "done",
): Operation => ({ process: "w", called, returned, action: { kind: "set", from, to, outcome } });

test("one after the other", () => {
  expect(anomalyIn([set(0, 1, "", "a"), read(2, 3, "a"), set(4, 5, "a", "b")])).toBeUndefined();
});

test("a read that is older than a write which returned before it is an anomaly", () => {
  const stale = [set(0, 1, "", "a"), set(2, 3, "a", "b"), read(4, 5, "a")];
  expect(anomalyIn(stale)?.at(-1)).toEqual(stale[2]);
});

test("while a write is under way both values may be read, but not new before old", () => {
  const write = set(2, 9, "a", "b");
  const first = set(0, 1, "", "a");
  expect(anomalyIn([first, write, read(3, 4, "a"), read(5, 6, "b")])).toBeUndefined();
  expect(anomalyIn([first, write, read(3, 4, "b"), read(5, 6, "a")])).toBeDefined();
});

test("two writes from the same value cannot both be done", () => {
  expect(anomalyIn([set(0, 5, "", "a"), set(1, 6, "", "b", "conflict")])).toBeUndefined();
  expect(anomalyIn([set(0, 5, "", "a"), set(1, 6, "", "b")])).toBeDefined();
});

test("a conflict needs another value to be there", () => {
  expect(anomalyIn([set(0, 1, "", "a"), set(2, 3, "a", "b", "conflict")])).toBeDefined();
});

test("what is not known may have happened late, or never, but not twice and not undone", () => {
  const lost = set(1, Number.POSITIVE_INFINITY, "a", "b", "unknown");
  const first = set(0, 1, "", "a");
  expect(anomalyIn([first, lost, read(5, 6, "a"), read(9, 10, "b")])).toBeUndefined();
  expect(anomalyIn([first, lost, read(5, 6, "a")])).toBeUndefined();
  expect(anomalyIn([first, lost, read(5, 6, "b"), read(9, 10, "a")])).toBeDefined();
});

test("a long history of a true register passes, and one changed answer in it is found", () => {
  const history: Operation[] = [];
  let value = "";
  let seed = 3;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let at = 0; at < 2_000; at++) {
    // Each takes effect at 10 * at, called a little before and returned a little after.
    const [called, returned] = [10 * at - random(40), 10 * at + random(40)];
    if (random(2)) history.push(read(called, returned, value));
    else {
      const right = random(3) > 0;
      const to = `v${at}`;
      history.push(set(called, returned, right ? value : "other", to, right ? "done" : "conflict"));
      if (right) value = to;
    }
  }
  expect(anomalyIn(history)).toBeUndefined();
  const at = history.findLastIndex(({ action }) => action.kind === "read");
  const wrong = history.with(at, { ...history[at]!, action: { kind: "read", value: "v0" } });
  expect(anomalyIn(wrong)).toBeDefined();
});
