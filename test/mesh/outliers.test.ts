import { createClient } from "@connectrpc/connect";
import { status } from "@grpc/grpc-js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { Outliers } from "@keiko/runtime/mesh/outliers.ts";
import { describe, expect, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { load, openStage, pause, type Replica, unrepeatable, until } from "./stage.ts";

/** Replicas of one service, called in turn; the clock moves as the calls say. */
function judged(count: number) {
  const outliers = new Outliers();
  const keys = Array.from({ length: count }, (_, n) => `r${n}`);
  outliers.keep(keys);
  const replicas = keys.map((key) => outliers.replicas.get(key)!);
  const clock = { ms: 1_000 };
  /** One call to each; replicas that are not named answer well in a millisecond. */
  const round = (how: Record<number, { code?: number; took_ms?: number }> = {}, times = 1) => {
    for (let n = 0; n < times; n++) {
      for (const [at, replica] of replicas.entries()) {
        if (outliers.share(replica, clock.ms) === 0) continue;
        const { code = status.OK, took_ms = 1 } = how[at] ?? {};
        const attempt = outliers.began(replica, "Increment", clock.ms);
        clock.ms += 1;
        outliers.ended(attempt, code, attempt.began_ms + took_ms);
      }
      outliers.look(clock.ms);
    }
  };
  const out = () =>
    replicas.filter((each) => outliers.share(each, clock.ms) === 0).map(({ key }) => key);
  return { outliers, replicas, clock, round, out };
}

describe("a replica is ejected", () => {
  test.each([
    status.UNAVAILABLE,
    status.INTERNAL,
    status.UNKNOWN,
    status.DATA_LOSS,
    status.DEADLINE_EXCEEDED,
  ])("when it answers %i where others do not", (code) => {
    const { round, out } = judged(3);
    round({ 1: { code } }, 10);
    expect(out()).toEqual(["r1"]);
  });

  test.each([
    status.PERMISSION_DENIED,
    status.INVALID_ARGUMENT,
    status.NOT_FOUND,
    status.UNAUTHENTICATED,
    status.ALREADY_EXISTS,
    status.FAILED_PRECONDITION,
    status.RESOURCE_EXHAUSTED,
    status.UNIMPLEMENTED,
    status.CANCELLED,
  ])("never for %i, which speaks of the caller", (code) => {
    const { round, out } = judged(3);
    round({ 1: { code } }, 200);
    expect(out()).toEqual([]);
  });

  test("when it is slow where others are not", () => {
    const { round, clock, out } = judged(3);
    round({}, 30);
    clock.ms += 2 * limits.outlier_window_ms + 1;
    round({ 2: { took_ms: 500 } }, 10);
    expect(out()).toEqual(["r2"]);
  });

  test("while it does not answer at all", () => {
    const { outliers, replicas, round, clock, out } = judged(3);
    round({}, 30);
    clock.ms += 2 * limits.outlier_window_ms + 1;
    for (let n = 0; n < 6; n++) outliers.began(replicas[0]!, "Increment", clock.ms);
    clock.ms += 100;
    for (const at of [1, 2]) {
      for (let n = 0; n < 5; n++) {
        outliers.ended(
          outliers.began(replicas[at]!, "Increment", clock.ms),
          status.OK,
          clock.ms + 1,
        );
      }
    }
    outliers.look(clock.ms);
    expect(out()).toEqual(["r0"]);
  });

  test("not when all fail, nor when all are slow: then it is no replica's fault", () => {
    const failing = judged(3);
    const code = status.INTERNAL;
    failing.round({ 0: { code }, 1: { code }, 2: { code } }, 50);
    expect(failing.out()).toEqual([]);
    const slow = judged(3);
    slow.round({}, 30);
    const took_ms = 400;
    slow.round({ 0: { took_ms }, 1: { took_ms }, 2: { took_ms } }, 50);
    expect(slow.out()).toEqual([]);
  });

  test("at most half of them, and never the last", () => {
    const code = status.UNAVAILABLE;
    const five = judged(5);
    five.round({ 0: { code }, 1: { code }, 2: { code }, 3: { code } }, 50);
    expect(five.out().length).toBeLessThanOrEqual(2);
    const one = judged(1);
    one.round({ 0: { code } }, 50);
    expect(one.out()).toEqual([]);
    const two = judged(2);
    two.round({ 0: { code } }, 50);
    expect(two.out()).toEqual(["r0"]);
  });

  test("longer each time, within bounds; and returns little by little", () => {
    const { outliers, replicas, round, clock, out } = judged(3);
    const away: number[] = [];
    for (let times = 0; times < 7; times++) {
      round({ 1: { code: status.UNAVAILABLE } }, 10);
      expect(out()).toEqual(["r1"]);
      away.push(Math.round(replicas[1]!.ejected_until_ms - clock.ms));
      clock.ms = replicas[1]!.ejected_until_ms + 1;
    }
    expect(away[1]! / away[0]!).toBeCloseTo(2, 1);
    expect(Math.max(...away)).toBeLessThanOrEqual(limits.ejection_ms_max);
    expect(outliers.share(replicas[1]!, clock.ms)).toBeCloseTo(limits.outlier_share_min, 1);
    clock.ms += limits.outlier_return_ms / 2;
    expect(outliers.share(replicas[1]!, clock.ms)).toBeCloseTo(0.6, 1);
    clock.ms += limits.outlier_return_ms;
    expect(outliers.share(replicas[1]!, clock.ms)).toBe(1);
  });
});

describe("under calls", () => {
  const answer = { increment: ({ value }: { value: bigint }) => ({ value: value + 1n }) };

  async function three(second: typeof answer | object) {
    const stage = await openStage();
    const replicas: Replica[] = [];
    for (const probe of [answer, second, answer]) replicas.push(await stage.replica({ probe }));
    const caller = await stage.caller();
    caller.see(...replicas);
    await caller.client.increment({ value: 1n });
    await until("all are connected", () =>
      replicas.every(({ server }) => server.connections === 1),
    );
    const ejected = () =>
      caller.mesh.stats(ProbeService.typeName).find(({ ejections }) => ejections > 0)?.address;
    return { stage, replicas, ...caller, ejected };
  }

  test("a replica that fails half of its calls is left within two seconds; few calls are sent twice", async () => {
    let failing = 0;
    const half = {
      increment(request: { value: bigint }) {
        if (failing++ % 2 === 0) throw refuse(Reason.UNAVAILABLE, { message: "broken" });
        return answer.increment(request);
      },
    };
    const { stage, client, replicas, mesh, ejected } = await three(half);
    await using _ = stage;
    const once = createClient(unrepeatable, mesh.transport);
    const attempts = () =>
      mesh.stats(ProbeService.typeName).reduce((sum, { picks }) => sum + picks, 0);
    const before = attempts();
    const repeated = load(() => client.increment({ value: 1n }), 200);
    const ms = await until("it is ejected", () => ejected() !== undefined, 5_000);
    expect(ejected()).toBe(replicas[1]!.endpoint.address);
    await pause(1_000);
    const { calls, failures } = await repeated.stop();
    const amplification = (attempts() - before) / calls;
    const after = load(() => once.increment({ value: 1n }), 300);
    await pause(1_000);
    const rest = await after.stop();
    console.log(
      `half failing: ejected after ${ms | 0} ms, ${failures.length} of ${calls} failed before and ` +
        `${rest.failures.length} of ${rest.calls} after, amplification ${amplification.toFixed(2)}`,
    );
    expect(failures).toEqual([]);
    expect(rest.failures).toEqual([]);
    expect(amplification).toBeLessThanOrEqual(1.2);
  });

  test("a replica that is slow is left, though it never fails", async () => {
    let slow = false;
    const sometimes = {
      async increment(request: { value: bigint }) {
        if (slow) await pause(300);
        return answer.increment(request);
      },
    };
    const { stage, client, replicas, ejected } = await three(sometimes);
    await using _ = stage;
    const running = load(() => client.increment({ value: 1n }), 200);
    await pause(500);
    slow = true;
    const ms = await until("it is ejected", () => ejected() !== undefined, 10_000);
    console.log(`slow: ejected after ${ms | 0} ms`);
    expect(ejected()).toBe(replicas[1]!.endpoint.address);
    expect((await running.stop()).failures).toEqual([]);
  });

  test("a replica that refuses what is not allowed is called on", async () => {
    const refusing = {
      increment() {
        throw refuse(Reason.NOT_FOUND, { message: "no" });
      },
    };
    const { stage, client, ejected } = await three(refusing);
    await using _ = stage;
    const running = load(() => client.increment({ value: 1n }), 300);
    await pause(700);
    const { calls, failures } = await running.stop();
    expect(ejected()).toBeUndefined();
    expect(failures.length / calls).toBeGreaterThan(0.3);
  });
});
