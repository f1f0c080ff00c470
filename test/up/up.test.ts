/** Keiko as many processes: one home, real certificates, a real NATS server. */
import { connect } from "node:tls";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { createGrpcTransport } from "@keiko/runtime/mesh/grpc-transport.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  backAgain,
  inside,
  inTurn,
  kill,
  restart,
  runTask,
  underLoad,
  upload,
} from "../faults/up-faults.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { declareProbe, joinProbe } from "../support/join.ts";
import { server, without } from "../support/nats.ts";
import { literal, planOf, step } from "../support/plans.ts";
import { callAs, type RunningUp, startUp } from "../support/up.ts";

describe.skipIf(!server)(`keiko up${without}`, { timeout: 120_000 }, () => {
  let up: RunningUp;
  beforeAll(async () => {
    // Certificates of twelve seconds, so that they are renewed again and again while tests run.
    up = await startUp(["--replicas", "data=2,visual=2", "--certificate-minutes", "0.2"]);
  }, 60_000);
  afterAll(async () => {
    expect(await up.stop()).toBe(0);
  }, 60_000);

  test("every unit is a process of its own, and all of them are known", async () => {
    const processes = up.processes();
    expect(new Set(processes.map(({ pid }) => pid)).size).toBe(13);
    const { workloads } = await up.client(RegistryService).listWorkloads({});
    expect(workloads.map(({ name }) => name)).toEqual([
      "workloads/artifact-1",
      "workloads/audit-1",
      "workloads/data-1",
      "workloads/data-2",
      "workloads/event-1",
      "workloads/observability-1",
      "workloads/orchestrator-1",
      "workloads/policy-1",
      "workloads/registry-1",
      "workloads/visual-1",
      "workloads/visual-2",
    ]);
  });

  test("a goal is planned, run by agents in other processes, and traced through all of them", async () => {
    const file = await upload(up);
    const tasks = up.client(TaskService);
    const goal = "Which month was the wettest? Show it as a bar chart";
    const { task } = await tasks.createTask({ goal, attachments: [file] });
    let last = task!;
    for await (const { task: now } of tasks.watchTask({ name: last.name })) last = now!;
    expect(last.state).toBe(State.SUCCEEDED);
    expect(last.steps.map(({ workload }) => workload)).toEqual(["data", "visual"]);
    const trace = () => up.client(ObservabilityService).getTrace({ traceId: last.traceId });
    const servers = async () => (await trace()).spans.map(({ workload }) => workload);
    await expect
      .poll(servers, { timeout: 5_000 })
      .toEqual(expect.arrayContaining(["orchestrator", "data", "visual"]));
  });

  test("a workload may call what its definition declares, and the server refuses the rest", async () => {
    const visual = await callAs(up, "visual");
    const refused = await visual
      .client(TaskService)
      .listTasks({})
      .then(() => undefined, ConnectError.from);
    expect(refused?.code).toBe(Code.PermissionDenied);
    expect(errorInfo(refused)?.reason).toBe(Reason.PERMISSION_DENIED);
    expect(refused?.rawMessage).toContain('workload "visual" may not "task.read"');
    visual.close();
  });

  test("an agent that joins is known everywhere within a second, and not before policy says so", async () => {
    const refused = await joinProbe(up);
    await expect(refused.ready).rejects.toThrow(/may not offer keiko.probe.v1.ProbeService/);
    const heard: { kind: string | undefined; at: number }[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      const { signal } = stop;
      for await (const { event } of up.client(EventService).watchEvents({}, { signal })) {
        if (event) heard.push({ kind: event.change.case, at: Date.now() });
      }
    })().catch(() => {});
    await declareProbe(up);
    const patient = { timeout: 15_000 };
    await expect.poll(() => heard.map(({ kind }) => kind), patient).toContain("policyChanged");
    const tasks = up.client(TaskService);
    const plan = planOf(step("a", ProbeService.method.increment.name, literal("value", 41)));
    const perform = async () => {
      const { task } = await tasks.createTask({ plan });
      let last = task!;
      for await (const { task: now } of tasks.watchTask({ name: last.name })) last = now!;
      return last;
    };
    const unknown = (task: Task | undefined) =>
      task?.problems.map(({ reason }) => reason).join() === String(Reason.UNKNOWN_METHOD);
    expect(unknown(await perform())).toBe(true);
    const probe = await joinProbe(up);
    await probe.ready;
    const ready = Date.now();
    // Compiler, policy and the worker's queue: a task needs all of them.
    let last: Task | undefined;
    do last = await perform();
    while (unknown(last) && Date.now() < ready + 10_000);
    const known_ms = Date.now() - ready;
    console.log(`an agent that joined had done a task ${known_ms} ms after it was ready`);
    // A second on a machine that does nothing else.
    expect(last, JSON.stringify(last.problems)).toMatchObject({ state: State.SUCCEEDED });
    const asked = () => up.client(ProbeService).increment({ value: 1n });
    await expect.poll(async () => (await asked()).value, patient).toBe(2n);
    const came = heard.find(({ kind }) => kind === "workloadRegistered");
    expect(came?.at).toBeLessThan(ready + 10_000);
    expect(await probe.stop()).toBe(0);
    await expect.poll(() => heard.map(({ kind }) => kind), patient).toContain("workloadLeft");
    stop.abort();
    await watching;
  });

  test("who shows no certificate is not let in", async () => {
    const { workloads } = await up.client(RegistryService).listWorkloads({});
    const [address = ""] = workloads.find(({ identity }) => identity === "data")!.endpoints;
    const [host, port] = address.split(":");
    const ended = await new Promise<string>((resolve) => {
      const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
      socket.on("error", (error) => resolve(`error: ${(error as NodeJS.ErrnoException).code}`));
      socket.on("close", () => resolve("closed"));
    });
    expect(ended).not.toBe("");
    const plain = createGrpcTransport({
      target: address,
      credentials: credentials.createInsecure(),
      token: () => "none",
    });
    await expect(createClient(DataService, plain).previewTable({})).rejects.toThrow();
    plain.close();
  });

  test("each process is killed once under load: no call that may be repeated fails", async () => {
    const times = inside(up.processes()).length;
    const report = await underLoad(up, { per_second: 60, times, fault: kill(up), victim: inTurn });
    console.log(`kill -9: ${JSON.stringify(report)}`);
    expect(report.reasons).toEqual([]);
    expect(report.calls).toBeGreaterThan(300);
    expect(await runTask(up, await upload(up))).toBe(State.SUCCEEDED);
  });

  test("each process leaves in order under load, tasks included: nothing fails", async () => {
    const file = await upload(up);
    const states: Promise<State | string>[] = [];
    const making = setInterval(() => states.push(runTask(up, file).catch(String)), 500);
    const fault = restart(up);
    const times = inside(up.processes()).length;
    const report = await underLoad(up, { per_second: 60, times, fault, victim: inTurn });
    clearInterval(making);
    console.log(`rolling restart: ${JSON.stringify(report)}, ${states.length} tasks`);
    expect(report.reasons).toEqual([]);
    const ended = await Promise.all(states);
    expect(ended.length).toBeGreaterThan(5);
    expect(new Set(ended)).toEqual(new Set([State.SUCCEEDED]));
  });

  test("the store is killed under load: calls and tasks wait for it, and nothing is lost", async () => {
    const file = await upload(up);
    const states: Promise<State | string>[] = [];
    const making = setInterval(() => states.push(runTask(up, file).catch(String)), 500);
    const victim = () => up.processes().find(({ identity }) => identity === "nats")!;
    const report = await underLoad(up, { per_second: 60, times: 2, fault: kill(up), victim });
    clearInterval(making);
    console.log(`kill -9 of the store: ${JSON.stringify(report)}, ${states.length} tasks`);
    expect(report.reasons).toEqual([]);
    expect(new Set(await Promise.all(states))).toEqual(new Set([State.SUCCEEDED]));
  });

  test("a gateway that was killed is back, and who was signed in still is", async () => {
    const victim = up.processes().find(({ identity }) => identity === "gateway")!;
    const signedIn = await fetch(up.link, { redirect: "manual" });
    const cookie = signedIn.headers.get("set-cookie")!.split(";")[0]!;
    process.kill(victim.pid, "SIGKILL");
    await backAgain(up, victim);
    const answer = await fetch(`${up.base}/keiko.task.v1.TaskService/ListTasks`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBe(200);
  });
});
