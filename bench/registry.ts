/**
 * Whether looking things up stays as quick when much is registered: resolve and search through the
 * whole chain at 10, 1,000 and 10,000 skills, and the compilation of a long plan over all of them.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@connectrpc/connect";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { loadPolicies } from "@keiko/policy/policy-set.ts";
import type { Directory } from "@keiko/registry/directory.ts";
import { registryService } from "@keiko/registry/registry-service.ts";
import { registryStore } from "@keiko/registry/registry-store.ts";
import { auditSink } from "@keiko/runtime/audit-sink.ts";
import { createHost, hosted } from "@keiko/runtime/host.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { createMemoryTransport } from "@keiko/runtime/mesh/memory-transport.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { directoryOf, serviceName, skills_per_service } from "./registry/contracts.ts";
import { random } from "./registry/random.ts";
import { verbs, words } from "./registry/words.ts";
import { digits, printRows, quantile, type Row } from "./row.ts";

const sizes = [10, 1_000, 10_000];
const rounds = 10;
const resolves_per_round = 300;
const searches_per_round = 40;

interface Registry {
  size: number;
  client: Client<typeof RegistryService>;
  resolve_ms: number[];
  search_ms: number[];
}

export async function run(): Promise<Row[]> {
  const home = await mkdtemp(join(tmpdir(), "keiko-bench-registry-"));
  const substrate = await openEmbedded({ home });
  try {
    const policies = await loadPolicies([
      { workload: "bench", services: [RegistryService.typeName] },
    ]);
    const registries = sizes.map((size) => open(size, directoryOf(size), substrate, policies));
    for (let round = 0; round <= rounds; round++) {
      for (const registry of registries) await ask(registry, round > 0);
    }
    return [...report(registries, "resolve"), ...report(registries, "search")];
  } finally {
    await substrate.close();
    await rm(home, { recursive: true });
  }
}

function open(
  size: number,
  directory: Directory,
  substrate: Substrate,
  policies: Record<string, string>,
): Registry {
  const now = () => Date.now();
  const store = registryStore(substrate.kv, now);
  const implementation = registryService({
    store,
    directory,
    now,
    lease_ms: limits.lease_ms,
    emit: () => {},
    mayServe: () => true,
  });
  const decider = createDecider(policies);
  const host = createHost({
    server: "registry",
    services: [hosted(RegistryService, implementation)],
    audit: auditSink(substrate.log),
    tokens: undefined,
    decider: () => decider,
    log: createLog((line) => console.error(line), { level: "warn" }),
  });
  const transport = createMemoryTransport({ workload: "bench", resolve: () => host });
  return { size, client: createClient(RegistryService, transport), resolve_ms: [], search_ms: [] };
}

async function ask(registry: Registry, counts: boolean): Promise<void> {
  const { client, size } = registry;
  const pick = random(size + registry.resolve_ms.length);
  const services = Array.from({ length: Math.ceil(size / skills_per_service) }, (_, i) => i);
  const time = async (into: number[], call: () => Promise<unknown>) => {
    const start = performance.now();
    await call();
    if (counts) into.push(performance.now() - start);
  };
  for (let i = 0; i < resolves_per_round; i++) {
    const method = `${serviceName(pick(services))}/Increment`;
    await time(registry.resolve_ms, () => client.resolveMethod({ method }));
  }
  for (let i = 0; i < searches_per_round; i++) {
    const query =
      i % 2 === 0
        ? `${pick(verbs.en)} the ${pick(words.en)} of my ${pick(words.en)}`
        : `bitte ${pick(words.de)} und ${pick(words.de)} ${pick(verbs.de)}`;
    await time(registry.search_ms, () => client.searchSkills({ query, pageSize: 20 }));
  }
}

function report(registries: readonly Registry[], what: "resolve" | "search"): Row[] {
  const samples = (registry: Registry) => registry[`${what}_ms`];
  const of = (registry: Registry, q: number) => quantile(samples(registry), q);
  const [least, , most] = registries;
  const growth = of(most!, 0.5) / of(least!, 0.5);
  const goal_ms = what === "resolve" ? 1 : undefined;
  const rows: Row[] = registries.map((registry) => ({
    name: `registry: ${what} among ${registry.size} skills`,
    value: `p50 ${digits(of(registry, 0.5))} ms, p99 ${digits(of(registry, 0.99))} ms`,
    ...(goal_ms ? { goal: `p99 < ${goal_ms} ms`, met: of(registry, 0.99) < goal_ms } : {}),
    note: `n = ${samples(registry).length}`,
  }));
  const flat = what === "resolve" ? { goal: "≤ 1.5", met: growth <= 1.5 } : {};
  const note = what === "search" ? "more skills hold the words, and all of them are ranked" : "";
  const name = `registry: ${what}, p50 among ${most!.size} against ${least!.size}`;
  return [...rows, { name, value: digits(growth), ...flat, note }];
}

if (import.meta.main) printRows(await run());
