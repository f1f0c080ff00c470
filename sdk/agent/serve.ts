/** Turns a definition into a hosted service: each skill gets its context and runs behind the chain. */
import { createHash } from "node:crypto";
import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { Client, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  type CreateTaskRequestSchema,
  TaskService,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { callKey, costKey } from "@keiko/runtime/call.ts";
import type { Dialer } from "@keiko/runtime/dial.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { type HostedService, hosted } from "@keiko/runtime/host.ts";
import { limits } from "@keiko/runtime/limits.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { progressSubject } from "@keiko/runtime/subjects.ts";
import {
  type Blobs,
  isConflict,
  type KeyValue,
  type Substrate,
  SubstrateError,
} from "@keiko/runtime/substrate/substrate.ts";
import type { AgentContext, Artifacts, NewFile, Progress } from "./context.ts";
import type { AgentDefinition } from "./define.ts";

export interface AgentDeps {
  substrate: Pick<Substrate, "kv" | "blobs" | "bus">;
  dialer: Dialer;
  log: Log;
  clock?: () => Date;
}

type AnySkill = (
  context: AgentContext,
  input: unknown,
) => Promise<unknown> | AsyncGenerator<Progress, unknown, void>;

export function agentService<S extends DescService>(
  agent: AgentDefinition<S>,
  deps: AgentDeps,
): HostedService {
  const implementation: Record<string, unknown> = {};
  for (const method of agent.contract.methods) {
    const skill = (agent.skills as Record<string, AnySkill>)[method.localName];
    if (!skill) throw new Error(`${agent.name}: no skill for ${method.name}`);
    implementation[method.localName] = (input: unknown, context: HandlerContext) =>
      settle(skill(contextFor(context, deps), input), reporter(context, deps));
  }
  return hosted(agent.contract, implementation as ServiceImpl<S>);
}

async function settle(
  running: Promise<unknown> | AsyncGenerator<Progress, unknown, void>,
  report: (progress: Progress) => void,
): Promise<unknown> {
  if (!(Symbol.asyncIterator in running)) return running;
  for (;;) {
    const { done, value } = await running.next();
    if (done) return value;
    report(value);
  }
}

// Progress is for whoever watches now: it is published, never stored, and nobody waits for it.
function reporter(handler: HandlerContext, deps: AgentDeps): (progress: Progress) => void {
  const key = handler.values.get(callKey)?.idempotencyKey;
  if (!key) return () => {};
  const subject = progressSubject(key);
  return ({ progress }) => {
    const payload = new TextEncoder().encode(progress);
    deps.substrate.bus.publish(subject, payload).catch((cause) => {
      deps.log.debug("progress not published", { cause: String(cause) });
    });
  };
}

function contextFor(handler: HandlerContext, deps: AgentDeps): AgentContext {
  const call = handler.values.get(callKey);
  if (!call?.caller) throw new Error("a skill was reached around the chain");
  const clock = deps.clock ?? (() => new Date());
  // Getters, for what costs something and most skills never touch.
  return {
    get signal() {
      return handler.signal;
    },
    principal: call.caller,
    get artifacts() {
      return artifactsOf(deps.substrate.blobs);
    },
    get log() {
      return deps.log.with({ traceId: call.trace.traceId });
    },
    clock,
    progress: (progress) => ({ progress }),
    client: (service) => deps.dialer.client(service),
    step: (name, fn) => once(deps.substrate.kv, call.idempotencyKey, name, fn),
    subTask: async (name, request) => {
      const requestId = effectKey(call.idempotencyKey ?? crypto.randomUUID(), name);
      const task = await ended(deps.dialer.client(TaskService), { ...request, requestId }, handler);
      spend(handler, Number(task.usage?.costMicros ?? 0n));
      return task;
    },
    spend: (micros) => spend(handler, micros),
    undone: (name) => call.undoOf && effectKey(call.undoOf, name),
  };
}

function spend(handler: HandlerContext, micros: number): void {
  const cost = handler.values.get(costKey);
  if (cost) cost.micros = (cost.micros ?? 0) + micros;
}

async function ended(
  tasks: Client<typeof TaskService>,
  request: MessageInitShape<typeof CreateTaskRequestSchema>,
  { signal }: HandlerContext,
): Promise<Task> {
  const { task } = await tasks.createTask(request, { signal });
  let last = task!;
  for await (const { task: now } of tasks.watchTask({ name: last.name }, { signal })) last = now!;
  return last;
}

/** Artifacts over blobs: what agents use, and what the artifact service serves to the outside. */
export function artifactsOf(blobs: Blobs): Artifacts {
  return {
    async file(file) {
      return known(file, () => blobs.file(hashOf(file)));
    },
    read: (file) => blobs.get(hashOf(file)),
    async write({ filename, mediaType, bytes }: NewFile) {
      const source = bytes instanceof Uint8Array ? single(bytes) : bytes;
      const { sha256, size } = await blobs.put(source, { size_max: limits.file_bytes_max });
      return create(FileSchema, {
        name: `artifacts/${sha256}`,
        filename,
        mediaType,
        sizeBytes: BigInt(size),
      });
    },
  };
}

async function known<T>(file: File, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SubstrateError) || error.code !== "NOT_FOUND") throw error;
    throw refuse(Reason.NOT_FOUND, {
      message: `there is no file ${file.name}`,
      field: "name",
      remedy: "upload the file first",
      metadata: { name: file.name },
    });
  }
}

function hashOf(file: File): string {
  return file.name.replace(/^artifacts\//, "");
}

async function* single(bytes: Uint8Array) {
  yield bytes;
}

// Recorded under compare-and-set: of two tries that ran at once, one result is everybody's.
async function once<T>(
  kv: KeyValue,
  stepKey: string | undefined,
  name: string,
  fn: (key: string) => Promise<T>,
): Promise<T> {
  if (!stepKey) return fn(`${crypto.randomUUID()}/${name}`);
  const key = effectKey(stepKey, name);
  const entry = `effects/${stepKey}/${name}`;
  // Whether the effect happens rests on this read alone.
  const before = await kv.get(entry, { decides: true });
  if (before) return parse<T>(before.value);
  const result = await fn(key);
  try {
    await kv.put(entry, new TextEncoder().encode(JSON.stringify({ result })), { expect: 0 });
    return result;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return parse<T>((await kv.get(entry, { decides: true }))!.value);
  }
}

const effectKey = (stepKey: string, name: string) =>
  createHash("sha256").update(`${stepKey}/${name}`).digest("hex");

function parse<T>(bytes: Uint8Array): T {
  return (JSON.parse(new TextDecoder().decode(bytes)) as { result: T }).result;
}
