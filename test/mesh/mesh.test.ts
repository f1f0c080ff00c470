import { Code, createClient } from "@connectrpc/connect";
import { headers } from "@keiko/runtime/call.ts";
import { expect, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { load, openStage, unrepeatable, until } from "./stage.ts";

test("a call reaches a replica, which knows the caller by certificate and the user by name", async () => {
  await using stage = await openStage();
  const replica = await stage.replica();
  const { client, see } = await stage.caller("orchestrator");
  see(replica);
  const as = { headers: { [headers.user]: "users/ann" } };
  expect((await client.increment({ value: 1n }, as)).value).toBe(2n);
  expect(replica.callers).toEqual(["orchestrator/users/ann"]);
});

test("a user name that is none is refused, certificate or not", async () => {
  await using stage = await openStage();
  const { client, see } = await stage.caller();
  see(await stage.replica());
  const call = client.increment({ value: 1n }, { headers: { [headers.user]: "users/../root" } });
  await expect(call).rejects.toMatchObject({ code: Code.Unauthenticated });
});

test("the policy in force is ours, not the default that a malformed one becomes", async () => {
  await using stage = await openStage();
  const replicas = await Promise.all([stage.replica(), stage.replica(), stage.replica()]);
  const { client, see, mesh } = await stage.caller();
  see(...replicas);
  await client.increment({ value: 1n });
  await until("all connected", () => replicas.every(({ server }) => server.connections === 1));
  for (let n = 0; n < 30; n++) await client.increment({ value: 1n });
  // pick_first would send all to one, and would not count.
  expect(mesh.stats(ProbeService.typeName).map(({ picks }) => picks >= 10)).toEqual([
    true,
    true,
    true,
  ]);
});

test("what nobody serves is refused by name; a call that waits is answered when somebody comes", async () => {
  await using stage = await openStage();
  const { client, see } = await stage.caller();
  const short = { timeoutMs: 20 };
  await expect(client.increment({ value: 1n }, short)).rejects.toMatchObject({
    code: Code.DeadlineExceeded,
  });
  const waiting = client.increment({ value: 1n });
  see(await stage.replica());
  expect((await waiting).value).toBe(2n);
});

test("a method that may not be repeated does not wait: nobody serves it, it says", async () => {
  await using stage = await openStage();
  const { mesh } = await stage.caller();
  const error = await createClient(unrepeatable, mesh.transport)
    .increment({ value: 1n })
    .catch((cause) => cause);
  expect(error).toMatchObject({ code: Code.Unavailable });
  expect(error.message).toContain("nobody serves keiko.probe.v1.ProbeService now");
});

test("three replicas become six without new clients: even shares, connections stay", async () => {
  await using stage = await openStage();
  const three = await Promise.all([stage.replica(), stage.replica(), stage.replica()]);
  const { client, see, mesh } = await stage.caller();
  see(...three);
  const running = load(() => client.increment({ value: 1n }), 300);
  await until("the three are called", () => three.every(({ calls }) => calls() > 10));
  const more = await Promise.all([stage.replica(), stage.replica(), stage.replica()]);
  const all = [...three, ...more];
  see(...all);
  const picks = () => mesh.stats(ProbeService.typeName).map((each) => each.picks);
  const seen_ms = await until("all six are called", () => picks().every((each) => each > 0));
  const before = picks();
  const shares = () => picks().map((each, at) => each - before[at]!);
  const sum = () => shares().reduce((total, each) => total + each, 0);
  await until("300 more calls", () => sum() >= 300, 30_000);
  const found = shares();
  const { failures } = await running.stop();
  console.log(`3 to 6: called after ${seen_ms.toFixed(0)} ms, shares ${found.join(" ")}`);
  expect(
    Math.max(...found) / (found.reduce((total, each) => total + each, 0) / 6),
  ).toBeLessThanOrEqual(1.15);
  expect(failures).toEqual([]);
  expect(all.map(({ server }) => server.connections)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(mesh.stats(ProbeService.typeName)).toHaveLength(6);
});

test("a replica that is gone from the registry is not called any more", async () => {
  await using stage = await openStage();
  const [one, two] = await Promise.all([stage.replica(), stage.replica()]);
  const { client, see } = await stage.caller();
  see(one, two);
  await client.increment({ value: 1n });
  await until("both connected", () => two.server.connections === 1);
  see(two);
  const before = one.calls();
  for (let n = 0; n < 20; n++) await client.increment({ value: 1n });
  expect(one.calls()).toBe(before);
});
