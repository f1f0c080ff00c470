/** What travels through several workloads, each calling the next by the mesh. */
import { Code, createClient } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { headers } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { expect, test } from "vitest";
import { hedgedAfter, load, openStage, pause, type Replica, unrepeatable, until } from "./stage.ts";

/** tester -> first -> second -> third; the last waits until it is told to stop. */
async function chained() {
  const stage = await openStage();
  const seen: { signal?: AbortSignal; left_ms?: number; reason?: unknown } = {};
  const left: number[] = [];
  const third = await stage.replica({
    workload: "third",
    probe: {
      wait(_, { signal, timeoutMs }) {
        seen.signal = signal;
        left.push(timeoutMs()!);
        return new Promise((_answer, end) =>
          signal.addEventListener("abort", () => {
            seen.reason = signal.reason;
            end(signal.reason);
          }),
        );
      },
    },
  });
  const through = async (workload: string, next: Replica) => {
    const { client, see } = await stage.caller(workload);
    see(next);
    return stage.replica({
      workload,
      probe: {
        wait: (request, { timeoutMs }) => {
          left.push(timeoutMs()!);
          return client.wait(request);
        },
      },
    });
  };
  const second = await through("second", third);
  const first = await through("first", second);
  const { client, see } = await stage.caller();
  see(first);
  return { stage, client, seen, left, replicas: [first, second, third] };
}

test("a deadline shrinks through three hops and ends the last", async () => {
  const { stage, client, seen, left } = await chained();
  await using _ = stage;
  const began = performance.now();
  const error = await client.wait({}, { timeoutMs: 1_000 }).catch((cause) => cause);
  expect(error.code).toBe(Code.DeadlineExceeded);
  expect(performance.now() - began).toBeLessThan(2_500);
  await until("the last hop has ended", () => seen.signal?.aborted === true);
  expect(left[0]!).toBeLessThanOrEqual(1_000);
  expect(left[1]!).toBeLessThan(left[0]!);
  expect(left[2]!).toBeLessThan(left[1]!);
});

test("who gives up ends the call at the third hop; who does not, does not", async () => {
  const { stage, client, seen } = await chained();
  await using _ = stage;
  const giveUp = new AbortController();
  const call = client.wait({}, { signal: giveUp.signal });
  call.catch(() => {});
  await until("the last hop runs", () => seen.signal !== undefined);
  await pause(100);
  expect(seen.signal!.aborted).toBe(false);
  giveUp.abort(new Error("enough"));
  await until("the last hop has ended", () => seen.signal!.aborted, 1_000);
  await expect(call).rejects.toThrow(/enough/);
});

test("the user travels through all hops; each names itself", async () => {
  const { stage, client, replicas } = await chained();
  await using _ = stage;
  const as = { timeoutMs: 500, headers: { [headers.user]: "users/ann" } };
  await client.wait({}, as).catch(() => {});
  await until("all have recorded it", () => replicas.every(({ calls }) => calls() === 1));
  expect(replicas.map(({ callers }) => callers[0])).toEqual([
    "tester/users/ann",
    "first/users/ann",
    "second/users/ann",
  ]);
});

/** A caller of one replica that refuses two times; tells when it was tried. */
async function refusedTwice(reason: Reason, metadata: Record<string, string> = {}) {
  const stage = await openStage();
  const tries: number[] = [];
  const replica = await stage.replica({
    probe: {
      increment({ value }) {
        tries.push(performance.now());
        if (tries.length <= 2) throw refuse(reason, { message: "not yet", metadata });
        return { value: value + 1n };
      },
    },
  });
  const [caller, other] = await Promise.all([stage.caller(), stage.caller()]);
  for (const { see } of [caller, other]) see(replica);
  const once = createClient(unrepeatable, other.mesh.transport);
  return { stage, client: caller.client, tries, once };
}

test("what may be repeated is sent again; what may not is not", async () => {
  const { stage, client, once, tries } = await refusedTwice(Reason.UNAVAILABLE);
  await using _ = stage;
  await expect(once.increment({ value: 1n })).rejects.toMatchObject({ code: Code.Unavailable });
  expect(tries).toHaveLength(1);
  expect((await client.increment({ value: 1n })).value).toBe(2n);
  expect(tries).toHaveLength(3);
});

test("a server that has too much to do says when to come again; other bounds say never", async () => {
  const busy = await refusedTwice(Reason.OVERLOADED, { retry_after_ms: "300" });
  await using _busy = busy.stage;
  expect((await busy.client.increment({ value: 1n })).value).toBe(2n);
  expect(busy.tries[1]! - busy.tries[0]!).toBeGreaterThanOrEqual(295);
  const bound = await refusedTwice(Reason.LIMIT_EXCEEDED);
  await using _bound = bound.stage;
  await expect(bound.client.increment({ value: 1n })).rejects.toMatchObject({
    code: Code.ResourceExhausted,
  });
  expect(bound.tries).toHaveLength(1);
});

test("a slow answer is asked for at two replicas where the contract says so, and only there", async () => {
  await using stage = await openStage();
  let asked = 0;
  const probe = {
    async increment({ value }: { value: bigint }, { signal }: { signal: AbortSignal }) {
      // The first to be asked is slow.
      if (asked++ % 2 === 0) {
        await new Promise((next) => {
          signal.addEventListener("abort", next);
          setTimeout(next, 1_000);
        });
      }
      return { value: value + 1n };
    },
  };
  const both = await Promise.all([1, 2].map(() => stage.replica({ probe })));
  const { see, mesh } = await stage.caller();
  see(...both);
  const hedged = createClient(hedgedAfter(50), mesh.transport);
  const began = performance.now();
  expect((await hedged.increment({ value: 1n })).value).toBe(2n);
  const hedged_ms = performance.now() - began;
  console.log(`hedged after 50 ms: answered after ${hedged_ms | 0} ms instead of 1000`);
  expect(hedged_ms).toBeLessThan(500);
  expect(asked).toBe(2);
  await using other = await openStage();
  const plain = await other.caller();
  plain.see(await other.replica({ probe }));
  const start = performance.now();
  await plain.client.increment({ value: 1n });
  expect(performance.now() - start).toBeGreaterThan(900);
});

test("when everything fails, calls are not sent again and again", async () => {
  await using stage = await openStage();
  let tries = 0;
  const probe = {
    increment() {
      tries++;
      throw refuse(Reason.UNAVAILABLE, { message: "down" });
    },
  };
  const replicas = await Promise.all([1, 2].map(() => stage.replica({ probe })));
  const { client, see } = await stage.caller();
  see(...replicas);
  const running = load(() => client.increment({ value: 1n }), 400);
  await pause(1_500);
  const { calls, failures } = await running.stop();
  console.log(`all failing: ${tries} tries of ${calls} calls, ${(tries / calls).toFixed(2)} each`);
  expect(failures.length).toBe(calls);
  expect(tries / calls).toBeLessThanOrEqual(1.2);
});
