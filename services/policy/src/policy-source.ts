/**
 * The set in force, read from files and read again when they change. A set that does not parse
 * changes nothing: the last good one stays, and the log says what is wrong. Each change gets a higher
 * sequence, kept in the substrate, so that it also grows across restarts and replicas.
 */
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Emitter } from "@keiko/runtime/events.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { createDecider, type Decider } from "@keiko/runtime/policy.ts";
import { isConflict, type KeyValue } from "@keiko/runtime/substrate/substrate.ts";
import { type DeclaredCalls, loadPolicies, policyFolder } from "./policy-set.ts";

export interface PolicySettings {
  /** What each workload calls: given, or the path of a JSON file that says so. */
  declared: readonly DeclaredCalls[] | string;
  /** Folder of .cedar files; unset: those that come with Keiko. */
  folder?: string;
}

export interface PolicySet {
  policies: Readonly<Record<string, string>>;
  decider: Decider;
  /** Grows with every change. */
  sequence: number;
}

export interface PolicySource {
  current(): PolicySet;
  /** Calls the listener after each change; returns how to stop. */
  subscribe(listener: () => void): () => void;
}

interface Deps {
  kv: KeyValue;
  emit: Emitter;
  log: Log;
  signal: AbortSignal;
}

const revisionKey = "policy/revision";
/** Editors write a file in several steps; one change is read once. */
const settle_ms = 50;

export async function openPolicySource(
  settings: PolicySettings,
  { kv, emit, log, signal }: Deps,
): Promise<PolicySource> {
  const folder = settings.folder ?? policyFolder;
  const listeners = new Set<() => void>();
  const read = async () => loadPolicies(await declaredCalls(settings.declared), folder);
  const inForce = async (policies: Record<string, string>): Promise<PolicySet> => {
    const decider = createDecider(policies);
    return { policies, decider, sequence: await sequenceOf(kv, decider.revision) };
  };
  let current = await inForce(await read());
  const reload = async () => {
    const policies = await read();
    const next = await inForce(policies);
    if (next.decider.revision === current.decider.revision) return;
    current = next;
    const { decider, sequence } = next;
    const value = { revision: decider.revision, sequence: BigInt(sequence) };
    emit({ case: "policyChanged", value });
    for (const listener of listeners) listener();
  };
  const files = typeof settings.declared === "string" ? [folder, settings.declared] : [folder];
  let timer: NodeJS.Timeout | undefined;
  for (const path of files) {
    watch(path, { signal, persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reload().catch((cause) => {
          log.error("policies not changed: the files are not sound", { cause: String(cause) });
        });
      }, settle_ms);
    }).on("error", (cause) => log.warn("policy files are not watched", { cause: String(cause) }));
  }
  return {
    current: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Throws naming the file when it is not what `DeclaredCalls` says. */
async function declaredCalls(from: readonly DeclaredCalls[] | string) {
  if (typeof from !== "string") return from;
  const parsed: unknown = JSON.parse(await readFile(from, "utf8"));
  if (!Array.isArray(parsed) || !parsed.every(isDeclared)) {
    throw new Error(`${from}: not a list of {"workload": …, "services": […]}`);
  }
  return parsed;
}

function isDeclared(value: unknown): value is DeclaredCalls {
  const { workload, services, serves = [] } = (value ?? {}) as Partial<DeclaredCalls>;
  const names = (list: unknown) =>
    Array.isArray(list) && list.every((one) => typeof one === "string");
  return typeof workload === "string" && names(services) && names(serves);
}

/** The sequence under which this very set is known, or a new and higher one. */
async function sequenceOf(kv: KeyValue, revision: string): Promise<number> {
  for (;;) {
    const known = await kv.get(revisionKey, { decides: true });
    if (known && new TextDecoder().decode(known.value) === revision) return known.revision;
    try {
      const value = new TextEncoder().encode(revision);
      return await kv.put(revisionKey, value, { expect: known?.revision ?? 0 });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}
