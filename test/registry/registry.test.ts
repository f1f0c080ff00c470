import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { Health } from "@keiko/gen/grpc/health/v1/health_pb.js";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { VisualService } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";
import { createDirectory, followStore } from "@keiko/registry/directory.ts";
import { registryService } from "@keiko/registry/registry-service.ts";
import { registryStore } from "@keiko/registry/registry-store.ts";
import { createCatalog, mirrorRegistry } from "@keiko/runtime/catalog.ts";
import { encodeDescriptors } from "@keiko/runtime/descriptors.ts";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { createHost, hosted } from "@keiko/runtime/host.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { createMemoryTransport } from "@keiko/runtime/mesh/memory-transport.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { keepRegistered } from "@keiko/runtime/register.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";

const lease_ms = 10_000;
let home: string;
let substrate: Substrate;
let stop: AbortController;
let now: number;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-registry-"));
  substrate = await openEmbedded({ home });
  stop = new AbortController();
  now = Date.now();
});

afterEach(async () => {
  stop.abort();
  await substrate.close();
  await rm(home, { recursive: true, force: true });
});

/** A registry on the shared store; several of them are replicas. */
async function registry() {
  const store = registryStore(substrate.kv, () => now);
  const directory = createDirectory();
  await followStore(directory, store, { signal: stop.signal, now: () => now });
  const implementation = registryService({
    store,
    directory,
    now: () => now,
    lease_ms,
    emit: () => {},
    mayServe: (_, service) => service !== PolicyService.typeName,
  });
  const host = createHost({
    server: "registry",
    services: [hosted(RegistryService, implementation)],
    audit: { append: async () => {} },
    tokens: undefined,
    decider: () => createDecider({ all: "permit (principal, action, resource);" }),
    log: silentLog,
  });
  return (workload: string) => {
    const transport = createMemoryTransport({ workload, resolve: () => host });
    return createClient(RegistryService, transport);
  };
}

function offer(identity: string, ...services: DescService[]) {
  const workload = {
    name: `workloads/${identity}`,
    identity,
    version: "1.0.0",
    kind: WorkloadKind.AGENT,
    endpoints: [`in-process:${identity}`],
    services: services.map(({ typeName }) => ({ name: typeName })),
  };
  return { workload, descriptors: encodeDescriptors(services) };
}

async function failure(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.fail("the call should have been refused"),
    (error) => ConnectError.from(error),
  );
}

test("who registers is found: by method, by skill, by words of both languages, by type", async () => {
  const as = await registry();
  await as("data").registerWorkload(offer("data", DataService));
  await as("visual").registerWorkload(offer("visual", VisualService));
  const reader = as("reader");
  const { workloads, digest } = await reader.resolveMethod({
    method: "keiko.visual.v1.VisualService/DrawChart",
  });
  expect(workloads.map(({ identity }) => identity)).toEqual(["visual"]);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);

  const best = async (query: string) =>
    (await reader.searchSkills({ query })).skills[0]?.skill?.method.split("/")[1];
  expect(await best("draw a chart")).toBe("DrawChart");
  expect(await best("Diagramme zeichnen")).toBe("DrawChart");
  expect(await best("mean per month")).toBe("AnswerQuestion");
  expect(await best("Beschreibung der Tabelle")).toBe("DescribeTable");
  expect(await best("Überblick")).toBe("DescribeTable");
  expect(await best("xylophone")).toBeUndefined();

  const byType = await reader.searchSkills({
    inputType: "keiko.artifact.v1.Table",
    outputType: "keiko.artifact.v1.Chart",
  });
  expect(byType.skills.map(({ skill }) => skill!.name)).toEqual([
    "skills/keiko.visual.v1.VisualService/DrawChart",
  ]);
  const { skill } = await reader.getSkill({ name: byType.skills[0]!.skill!.name });
  expect(skill).toMatchObject({ permission: "visual.draw", workloads: ["workloads/visual"] });
  expect((await failure(reader.getSkill({ name: "skills/a.B/C" }))).code).toBe(Code.Unimplemented);
});

test("a service that policy does not give to a workload is not its to offer", async () => {
  const as = await registry();
  const refused = await failure(as("data").registerWorkload(offer("data", PolicyService)));
  expect(refused.code).toBe(Code.PermissionDenied);
  expect(refused.rawMessage).toBe('"data" may not offer keiko.policy.v1.PolicyService');
  expect((await as("reader").listWorkloads({})).workloads).toEqual([]);
});

test("a lapsed lease is gone from discovery at once; a renewed one stays; a replica agrees", async () => {
  const as = await registry();
  const { lease } = await as("data").registerWorkload(offer("data", DataService));
  await as("visual").registerWorkload(offer("visual", VisualService));
  now += lease_ms - 1;
  await as("data").renewLease({ name: "workloads/data", lease });
  now += 2;
  const { workloads } = await as("reader").listWorkloads({});
  expect(workloads.map(({ identity }) => identity)).toEqual(["data"]);
  const gone = await failure(
    as("r").resolveMethod({ method: "keiko.visual.v1.VisualService/DrawChart" }),
  );
  expect(errorInfo(gone)?.reason).toBe(Reason.UNKNOWN_METHOD);
  const replica = await registry();
  const there = await replica("reader").listWorkloads({});
  expect(there.workloads.map(({ identity }) => identity)).toEqual(["data"]);
});

test("a lease is needed to renew or remove, and removal is at once", async () => {
  const as = await registry();
  const { lease } = await as("data").registerWorkload(offer("data", DataService));
  const name = "workloads/data";
  expect((await failure(as("data").renewLease({ name, lease: "guess" }))).code).toBe(Code.NotFound);
  expect((await failure(as("data").removeWorkload({ name, lease: "guess" }))).code).toBe(
    Code.NotFound,
  );
  await as("data").removeWorkload({ name, lease });
  expect((await as("data").listWorkloads({})).workloads).toEqual([]);
});

test("nobody registers under another's identity", async () => {
  const as = await registry();
  const error = await failure(as("mallory").registerWorkload(offer("data", DataService)));
  expect(error.code).toBe(Code.PermissionDenied);
  expect(errorInfo(error)?.field).toBe("workload.identity");
});

test("a contract without permissions, unreadable or missing descriptors are refused by name", async () => {
  const as = await registry();
  const bare = await failure(as("x").registerWorkload(offer("x", Health)));
  expect(errorInfo(bare)?.reason).toBe(Reason.UNGOVERNED_METHOD);
  const good = offer("x", DataService);
  const torn = { ...good, descriptors: good.descriptors.subarray(0, 500) };
  expect(errorInfo(await failure(as("x").registerWorkload(torn)))?.field).toBe("descriptors");
  const other = { ...good, descriptors: encodeDescriptors([VisualService]) };
  const error = await failure(as("x").registerWorkload(other));
  expect(errorInfo(error)?.field).toBe("workload.services[0].name");
});

test("a contract that would break callers of the one in service is refused with the breaks", async () => {
  const as = await registry();
  await as("probe").registerWorkload(offer("probe", ProbeService));
  const error = await failure(
    as("other").registerWorkload({ ...offer("other", ProbeService), descriptors: renamed() }),
  );
  expect(errorInfo(error)?.reason).toBe(Reason.CONFLICT);
  expect(error.message).toContain("after_value");
  // The same workload may replace its own contract: nobody else is served by the old one.
  await as("probe").registerWorkload({ ...offer("probe", ProbeService), descriptors: renamed() });
});

/** The probe's descriptors with `after_value` under another name of the same length. */
function renamed(): Uint8Array {
  const bytes = Buffer.from(encodeDescriptors([ProbeService]));
  for (let at = bytes.indexOf("after_value"); at >= 0; at = bytes.indexOf("after_value", at + 1)) {
    bytes.write("other_value", at);
  }
  return bytes;
}

test("watchers see what is there, then each change; a mirror of it finds the methods", async () => {
  const as = await registry();
  await as("data").registerWorkload(offer("data", DataService));
  const seen: string[] = [];
  const watch = (async () => {
    for await (const { change } of as("reader").watchWorkloads({}, { signal: stop.signal })) {
      seen.push(change.case === "put" ? `put ${change.value.identity}` : `${change.case}`);
    }
  })();
  const catalog = createCatalog();
  await mirrorRegistry(catalog, as("reader"), { signal: stop.signal, log: silentLog });
  expect(catalog.skills().map(({ path }) => path)).toContain(
    "keiko.data.v1.DataService/AnswerQuestion",
  );
  const { lease } = await as("visual").registerWorkload(offer("visual", VisualService));
  await expect
    .poll(() => catalog.method("keiko.visual.v1.VisualService/DrawChart")?.skill)
    .toBeDefined();
  await as("visual").removeWorkload({ name: "workloads/visual", lease });
  await expect
    .poll(() => catalog.method("keiko.visual.v1.VisualService/DrawChart"))
    .toBeUndefined();
  await expect.poll(() => seen).toEqual(["put data", "current", "put visual", "removed"]);
  stop.abort();
  await watch.catch(() => {});
});

test("a workload that lost its lease registers again by itself, and leaves when it stops", async () => {
  const as = await registry();
  const own = {
    identity: "data",
    version: "1.0.0",
    kind: WorkloadKind.AGENT,
    endpoints: ["in-process:data"],
    services: [DataService],
  };
  const kept = await keepRegistered(as("data"), own, { log: silentLog, heartbeat_ms: 30 });
  now += lease_ms * 2;
  const listed = async () => (await as("reader").listWorkloads({})).workloads.length;
  await expect.poll(listed, { timeout: 10_000 }).toBe(1);
  await kept.remove();
  expect((await as("reader").listWorkloads({})).workloads).toEqual([]);
});
