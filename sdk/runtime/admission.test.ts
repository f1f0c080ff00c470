import { expect, test } from "vitest";
import { Admission, type AdmissionBounds, type Leave, Overloaded } from "./admission.ts";

const bounds: AdmissionBounds = {
  running_max: 2,
  running_per_caller_max: 2,
  waiting_max: 3,
  waiting_per_caller_max: 3,
  waiting_ms_max: 40,
  streams_max: 2,
  streams_per_caller_max: 1,
};

const settled = () => new Promise<void>((next) => setImmediate(next));

function occupied(admission: Admission, count: number, caller = "a"): Leave[] {
  return Array.from({ length: count }, () => admission.enter(caller, "interactive") as Leave);
}

/** Who was let in, in the order in which it happened; what fails is told by its bound. */
function visitor(admission: Admission) {
  const log: string[] = [];
  const leaves = new Map<string, Leave>();
  const come = async (name: string, caller: string, priority: "interactive" | "batch") => {
    try {
      leaves.set(name, await admission.enter(caller, priority));
      log.push(name);
    } catch (error) {
      log.push(`${name}: ${(error as Overloaded).bound}`);
    }
  };
  return { log, leaves, come };
}

test("where there is room nobody waits, and a place given back twice is one place", () => {
  const admission = new Admission(bounds);
  const [first] = occupied(admission, 2);
  expect(admission.stats).toMatchObject({ running: 2, waiting: 0 });
  first!();
  first!();
  expect(admission.stats.running).toBe(1);
});

test("interactive calls go before batch, each kind in the order it came", async () => {
  const admission = new Admission(bounds);
  const [first, second] = occupied(admission, 2);
  const { log, leaves, come } = visitor(admission);
  void come("batch", "b", "batch");
  void come("one", "c", "interactive");
  void come("two", "d", "interactive");
  first!();
  await settled();
  expect(log).toEqual(["one"]);
  second!();
  leaves.get("one")!();
  await settled();
  expect(log).toEqual(["one", "two", "batch"]);
});

test("a full queue turns away, with a time after which to try again", async () => {
  const admission = new Admission(bounds);
  occupied(admission, 2);
  const { come } = visitor(admission);
  for (const name of ["one", "two", "three"]) void come(name, name, "interactive");
  const error = await (admission.enter("late", "interactive") as Promise<Leave>).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Overloaded);
  expect(error).toMatchObject({ bound: "waiting_max", limit: 3 });
  expect((error as Overloaded).retry_ms).toBeGreaterThanOrEqual(50);
  expect(admission.stats).toMatchObject({ running: 2, waiting: 3, shed: 1 });
});

test("an interactive call takes the place of the batch call that came last, not the reverse", async () => {
  const admission = new Admission(bounds);
  occupied(admission, 2);
  const { log, come } = visitor(admission);
  void come("one", "b", "interactive");
  void come("early", "c", "batch");
  void come("last", "d", "batch");
  void come("two", "e", "interactive");
  void come("never", "f", "batch");
  await settled();
  expect(log.toSorted()).toEqual(["last: waiting_max", "never: waiting_max"]);
  expect(admission.stats.waiting).toBe(3);
});

test("one caller's limit does not hold up others", async () => {
  const admission = new Admission({ ...bounds, running_max: 3 });
  const [first] = occupied(admission, 2, "greedy");
  const { log, come } = visitor(admission);
  void come("third", "greedy", "interactive");
  void come("other", "modest", "interactive");
  await settled();
  expect(log).toEqual(["other"]);
  first!();
  await settled();
  expect(log).toEqual(["other", "third"]);
});

test("who has waited too long is turned away", async () => {
  const admission = new Admission(bounds);
  occupied(admission, 2);
  const { log, come } = visitor(admission);
  await come("one", "b", "interactive");
  expect(log).toEqual(["one: waiting_ms_max"]);
  expect(admission.stats).toMatchObject({ running: 2, waiting: 0 });
});

test("streams are counted apart: in all, and of one caller", () => {
  const admission = new Admission(bounds);
  occupied(admission, 2);
  const leave = admission.enterStream("a");
  expect(() => admission.enterStream("a")).toThrow(/streams_per_caller_max/);
  admission.enterStream("b");
  expect(() => admission.enterStream("c")).toThrow(/streams_max/);
  leave();
  admission.enterStream("c");
});

test("a place is never lost, whoever comes and goes in whatever order", async () => {
  const admission = new Admission({ ...bounds, running_max: 5, waiting_max: 20 });
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const inside: Leave[] = [];
  let running_max = 0;
  for (let round = 0; round < 3_000; round++) {
    if (random(3) > 0) {
      const entered = admission.enter(`c${random(6)}`, random(2) ? "batch" : "interactive");
      void Promise.resolve(entered).then(
        (leave) => inside.push(leave),
        () => {},
      );
    } else inside.splice(random(Math.max(1, inside.length)), 1)[0]?.();
    await Promise.resolve();
    running_max = Math.max(running_max, admission.stats.running);
  }
  for (;;) {
    await settled();
    if (inside.length === 0 && admission.stats.waiting === 0) break;
    for (const leave of inside.splice(0)) leave();
    if (admission.stats.waiting > 0) await new Promise((next) => setTimeout(next, 5));
  }
  expect(running_max).toBe(5);
  expect(admission.stats).toMatchObject({ running: 0, waiting: 0 });
});
