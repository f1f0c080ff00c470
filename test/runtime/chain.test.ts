import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import {
  Health,
  HealthCheckResponse_ServingStatus as Serving,
} from "@keiko/gen/grpc/health/v1/health_pb.js";
import { ServerReflection } from "@keiko/gen/grpc/reflection/v1/reflection_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { callKey, currentCall, headers } from "@keiko/runtime/call.ts";
import { createDialer } from "@keiko/runtime/dial.ts";
import { errorInfo, refuse } from "@keiko/runtime/errors.ts";
import { createAuthority } from "@keiko/runtime/identity.ts";
import { chainOrder } from "@keiko/runtime/interceptors/chain.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { createGrpcTransport } from "@keiko/runtime/mesh/grpc-transport.ts";
import { createDecider, denyAll } from "@keiko/runtime/policy.ts";
import { afterEach, describe, expect, test } from "vitest";
import { type ProbeHost, probeHost, type Reached, ways } from "../support/host.ts";

const open: Reached[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((reached) => reached.close()));
});

async function failure(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.fail("the call should have been refused"),
    (error) => ConnectError.from(error),
  );
}

async function drained<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test("the order of the chain is the security model", () => {
  const checks = ["authenticate", "admit", "validate", "authorize"];
  expect(chainOrder).toEqual(["trace", "audit", "errors", ...checks]);
});

describe.each(Object.entries(ways))("the chain, %s", (way, reach) => {
  const to = async (probe: ProbeHost, workload?: string) => {
    const reached = await reach(probe, workload);
    open.push(reached);
    return reached;
  };

  test("a call that is allowed is answered and recorded", async () => {
    const probe = probeHost({});
    const { client } = await to(probe);
    expect((await client.increment({ value: 41n })).value).toBe(42n);
    expect(probe.records).toHaveLength(1);
    expect(probe.records[0]).toMatchObject({
      method: "keiko.probe.v1.ProbeService/Increment",
      permission: "probe.call",
      workload: "tester",
      user: "",
      server: "probe",
      code: "ok",
    });
    expect(probe.records[0]!.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(probe.records[0]!.requestSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a workload that policy does not know is refused, and that is recorded", async () => {
    const probe = probeHost({});
    const error = await failure((await to(probe, "stranger")).client.increment({ value: 1n }));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(errorInfo(error)?.reason).toBe(Reason.PERMISSION_DENIED);
    expect(errorInfo(error)?.metadata.workload).toBe("stranger");
    expect(probe.records[0]).toMatchObject({ workload: "stranger", code: "permission_denied" });
  });

  test("rights are those of the workload and of the user", async () => {
    const { client } = await to(probeHost({}));
    const as = (user: string) => ({ headers: { [headers.user]: user } });
    expect((await client.increment({ value: 1n }, as("users/ann"))).value).toBe(2n);
    const error = await failure(client.increment({ value: 1n }, as("users/bob")));
    expect(error.message).toContain("users/bob may not");
  });

  test("an invalid message names field and bound, before policy is asked", async () => {
    const probe = probeHost({}, { decider: denyAll });
    const error = await failure((await to(probe)).client.increment({ value: -1n }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(errorInfo(error)).toMatchObject({ reason: Reason.INVALID_FIELD, field: "value" });
    expect(error.message).toContain("greater than or equal to 0");
  });

  test("without a policy set the answer is no", async () => {
    const probe = probeHost({}, { decider: denyAll });
    const error = await failure((await to(probe)).client.increment({ value: 1n }));
    expect(error.code).toBe(Code.PermissionDenied);
  });

  test("a bug is told by its trace only; the cause stays in the log", async () => {
    const probe = probeHost({
      fail: () => {
        throw new TypeError("the password is hunter2");
      },
    });
    const error = await failure((await to(probe)).client.fail({ bug: true }));
    expect(error.code).toBe(Code.Internal);
    expect(JSON.stringify([error.message, errorInfo(error)?.metadata])).not.toContain("hunter2");
    expect(probe.lines.join()).toContain("hunter2");
    expect(probe.lines.join()).toContain(errorInfo(error)!.metadata.trace_id);
    expect(probe.records[0]).toMatchObject({ code: "internal", reason: Reason.INTERNAL });
  });

  test("a refusal of the handler goes out as it is; one from downstream does not", async () => {
    const probe = probeHost({
      fail: ({ bug }) => {
        if (bug) throw new ConnectError("somebody else's reason", Code.NotFound);
        throw refuse(Reason.NOT_FOUND, {
          message: "no such thing",
          field: "times",
          remedy: "look",
        });
      },
    });
    const { client } = await to(probe);
    const own = await failure(client.fail({}));
    expect(own.code).toBe(Code.NotFound);
    expect(errorInfo(own)).toMatchObject({ field: "times", remedy: "look" });
    expect((await failure(client.fail({ bug: true }))).code).toBe(Code.Internal);
  });

  test("an effect that cannot be recorded is not confirmed; a read is", async () => {
    const probe = probeHost({ record: () => ({ position: 1n }) });
    const { client } = await to(probe);
    expect((await client.record({ entry: "x" })).position).toBe(1n);
    probe.breakAudit();
    await failure(client.record({ entry: "x" }));
    expect((await client.increment({ value: 1n })).value).toBe(2n);
  });

  test("streams pass the same chain", async () => {
    const probe = probeHost({
      async *count({ limit }, context) {
        // The call is the current one inside a generator too.
        expect(currentCall.getStore()).toBe(context.values.get(callKey));
        for (let number = 1; number <= limit; number++) yield { number };
      },
    });
    const { client } = await to(probe);
    const numbers = await drained(client.count({ limit: 1000 }));
    expect(numbers.map(({ number }) => number).at(-1)).toBe(1000);
    expect(probe.records[0]).toMatchObject({ code: "ok", workload: "tester" });
    expect((await failure(drained(client.count({ limit: 0 })))).code).toBe(Code.InvalidArgument);
    const stranger = await to(probe, "stranger");
    const refused = await failure(drained(stranger.client.count({ limit: 1 })));
    expect(refused.code).toBe(Code.PermissionDenied);
    expect(probe.records.map(({ code }) => code)).toEqual([
      "ok",
      "invalid_argument",
      "permission_denied",
    ]);
  });

  test("an error in the middle of a stream keeps its reason", async () => {
    const probe = probeHost({
      async *count() {
        yield { number: 1 };
        throw refuse(Reason.CORRUPT, { message: "torn page" });
      },
    });
    const error = await failure(drained((await to(probe)).client.count({ limit: 9 })));
    expect(error.code).toBe(Code.DataLoss);
    expect(errorInfo(error)?.reason).toBe(Reason.CORRUPT);
  });

  test("a stream that the caller leaves stops at the server", async () => {
    const { promise: stopped, resolve } = Promise.withResolvers<boolean>();
    const probe = probeHost({
      async *count(_, { signal }) {
        try {
          for (let number = 1; !signal.aborted; number++) {
            yield { number };
            await new Promise((next) => setTimeout(next, 2));
          }
        } finally {
          resolve(signal.aborted);
        }
      },
    });
    const { client } = await to(probe);
    const leave = new AbortController();
    const reading = (async () => {
      for await (const { number } of client.count({ limit: 9 }, { signal: leave.signal })) {
        if (number === 3) leave.abort();
      }
    })();
    expect((await failure(reading)).code).toBe(Code.Canceled);
    expect(await stopped).toBe(true);
  });

  test("the deadline of the caller ends the call", async () => {
    const probe = probeHost({
      wait: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    });
    const error = await failure((await to(probe)).client.wait({}, { timeoutMs: 60 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });

  test("deadlines shrink, depth grows, trace and user are inherited hop by hop", async () => {
    const seen: { depth: number; user: string; traceId: string; left: number }[] = [];
    const inner = probeHost({
      increment: ({ value }, context) => {
        const call = context.values.get(callKey)!;
        const left = context.timeoutMs() ?? 0;
        seen.push({
          depth: call.depth,
          user: call.caller!.user,
          traceId: call.trace.traceId,
          left,
        });
        return { value: value + 1n };
      },
    });
    const second = await to(inner);
    const outer = probeHost({
      increment: async ({ value }, context) => {
        const call = context.values.get(callKey)!;
        const left = context.timeoutMs() ?? 0;
        seen.push({
          depth: call.depth,
          user: call.caller!.user,
          traceId: call.trace.traceId,
          left,
        });
        return second.client.increment({ value }, { timeoutMs: 3600_000 });
      },
    });
    const { client } = await to(outer);
    const options = { timeoutMs: 5_000, headers: { [headers.user]: "users/ann" } };
    await client.increment({ value: 1n }, options);
    const [first, last] = seen;
    expect(first).toMatchObject({ depth: 0, user: "users/ann" });
    expect(last).toMatchObject({ depth: 1, user: "users/ann", traceId: first!.traceId });
    expect(last!.left).toBeLessThan(first!.left);
  });

  test("calls that call too deep are a circle and end", async () => {
    let calls = 0;
    const probe: ProbeHost = probeHost({
      increment: ({ value }) => {
        calls++;
        return self.client.increment({ value });
      },
    });
    const self = await to(probe);
    await failure(self.client.increment({ value: 1n }));
    expect(calls).toBe(limits.call_depth_max + 1);
    expect(probe.records.some(({ reason }) => reason === Reason.LIMIT_EXCEEDED)).toBe(true);
  });

  test("a method that is not served is refused by name", async () => {
    const { transport } = await to(probeHost({}));
    const error = await failure(createClient(RegistryService, transport).listWorkloads({}));
    expect(error.code).toBe(Code.Unimplemented);
  });

  test("a stopping server lets running calls end and takes no new ones", async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const probe = probeHost({ wait: () => go.then(() => ({})) });
    const { client } = await to(probe);
    const running = client.wait({});
    await new Promise((next) => setTimeout(next, 30));
    const drain = probe.host.drain();
    expect((await failure(client.increment({ value: 1n }))).code).toBe(Code.Unavailable);
    resolve();
    await expect(running).resolves.toBeDefined();
    await drain;
    expect(way).toBeTruthy();
  });
});

describe("what every gRPC server answers besides", () => {
  test("health, which says when it is draining; reflection only for the proven", async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const probe = probeHost({ wait: () => go.then(() => ({})) });
    const reached = await ways.grpc(probe);
    const health = createClient(Health, reached.transport);
    expect((await health.check({})).status).toBe(Serving.SERVING);
    expect((await health.check({ service: "keiko.probe.v1.ProbeService" })).status).toBe(1);
    expect((await health.check({ service: "a.B" })).status).toBe(Serving.SERVICE_UNKNOWN);

    async function* ask() {
      yield { messageRequest: { case: "listServices" as const, value: "" } };
    }
    const answers = await drained(
      createClient(ServerReflection, reached.transport).serverReflectionInfo(ask()),
    );
    expect(JSON.stringify(answers)).toContain("keiko.probe.v1.ProbeService");
    // Its own authority vouches for it, ours does not know that authority.
    const forged = createGrpcTransport({
      target: reached.address,
      credentials: credentials.createInsecure(),
      token: () => createAuthority().issue("tester"),
    });
    const reading = drained(createClient(ServerReflection, forged).serverReflectionInfo(ask()));
    expect((await failure(reading)).code).toBe(Code.Unauthenticated);
    forged.close();

    const running = reached.client.wait({});
    await new Promise((next) => setTimeout(next, 30));
    const drain = probe.host.drain();
    expect((await health.check({})).status).toBe(Serving.NOT_SERVING);
    resolve();
    await running;
    await drain;
    await reached.close();
  });
});

describe("what does not get as far as the chain", () => {
  test("a service whose contract is not governed cannot be hosted", async () => {
    const { createHost } = await import("@keiko/runtime/host.ts");
    const { silentLog } = await import("@keiko/runtime/log.ts");
    const create = () =>
      createHost({
        server: "x",
        services: [{ service: Health, implementation: { check: () => ({}), watch: () => ({}) } }],
        audit: { append: async () => {} },
        tokens: undefined,
        decider: () => denyAll,
        log: silentLog,
      });
    expect(create).toThrow(/names no permission/);
  });

  test("a call that was not declared does not leave", async () => {
    const { transport } = await ways.memory(probeHost({}));
    const dialer = createDialer({ workload: "tester", calls: [], transport });
    expect(() => dialer.client(RegistryService)).toThrow(/does not declare/);
  });

  test("a policy that does not parse stops the start, by name", () => {
    expect(() => createDecider({ broken: "permit (principal" })).toThrow(/policies/);
  });
});
