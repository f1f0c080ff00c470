/**
 * Replays a recorded task against what is registered now: the plan is compiled anew, results are read
 * with the contracts of today, and calls that change nothing are made again. Where a contract does not
 * fit any more, or an answer is another one, is the divergence.
 */
import {
  clone,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StepOutcome, Transition } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Catalog } from "@keiko/runtime/catalog.ts";
import { varies } from "@keiko/runtime/contracts.ts";
import type { Call } from "./answers.ts";
import type { Contracts } from "./contracts.ts";
import { callOf } from "./dispatch.ts";
import type { Planning } from "./planning.ts";
import { firstDifference, type NewDivergence, replay } from "./replay.ts";
import { apply } from "./state.ts";
import type { Run, TaskState } from "./task-state.ts";
import { valuesOf } from "./values.ts";

export interface CurrentDeps {
  /** `users/{id}` with whose rights it is replayed. */
  user: string;
  catalog: Catalog;
  contracts: Contracts;
  planning: Planning;
  /** Identity of the workload that answers calls, alone; empty: whoever serves them. */
  only: string;
  /** Makes the call of a run anew, outside of any task. */
  call(work: Call): Promise<StepOutcome["result"]>;
}

export async function replayCurrent(
  transitions: readonly Transition[],
  deps: CurrentDeps,
): Promise<{ calls: number; divergence: NewDivergence | undefined }> {
  let task: TaskState | undefined;
  for (const [at, transition] of transitions.entries()) task = apply(task, transition, at + 1);
  if (!task?.plan) return { calls: 0, divergence: undefined };
  const compiled = await compileAnew(task, deps);
  if (compiled) return { calls: 0, divergence: compiled };
  const contracts = currentContracts(deps);
  const decided = replay(transitions, valuesOf(contracts));
  if (decided) return { calls: 0, divergence: decided };
  let calls = 0;
  for (const run of task.runs.values()) {
    const step = task.graph.steps.get(run.step);
    const found = step && deps.catalog.method(step.method);
    if (!found || run.undo || run.state !== State.SUCCEEDED || !run.response) continue;
    if (found.skill?.effect !== Effect.READ_ONLY || found.skill.needsModel) continue;
    if (!answers(step.method, deps)) continue;
    calls++;
    const divergence = await callAnew(task, run, found.method, deps, contracts);
    if (divergence) return { calls, divergence: { step: run.key, ...divergence } };
  }
  return { calls, divergence: undefined };
}

/** Of several workloads in a plan only the steps that the one serves are asked of it. */
function answers(method: string, { catalog, only }: CurrentDeps): boolean {
  const [service = ""] = method.split("/");
  return only === "" || catalog.providers(service).includes(only);
}

async function compileAnew(task: TaskState, { planning, user }: CurrentDeps) {
  const plan = clone(PlanSchema, task.plan!);
  for (const step of plan.steps) {
    step.digest = "";
    if (step.undo) step.undo.digest = "";
  }
  const { attachments, limits } = task.created;
  const { problems } = await planning.compile(plan, { attachments, limits, user });
  const [problem] = problems;
  if (!problem) return undefined;
  return { transition: 0, field: `plan.${problem.field}`, message: problem.message };
}

/** Whatever a plan says that it was compiled against, the contract of today. */
function currentContracts({ catalog }: CurrentDeps): Contracts {
  return {
    async load() {},
    descriptors: () => Promise.reject(new Error("nobody records what is replayed")),
    method: (path) => catalog.method(path)?.method,
  };
}

async function callAnew(
  task: TaskState,
  run: Run,
  method: DescMethod,
  deps: CurrentDeps,
  contracts: Contracts,
): Promise<NewDivergence | undefined> {
  const step = task.graph.steps.get(run.step)!;
  const { request } = callOf(task, run, step, contracts);
  const bytes = toBinary(method.input, request);
  const { user, only } = deps;
  const result = await deps.call({ method: step.method, request: bytes, user, only });
  if (result.case !== "succeeded") {
    const message = result.value?.problem?.message ?? "it gave no answer";
    return { field: "response", now: "", recorded: "", message: `the call fails now: ${message}` };
  }
  const before = deps.contracts.method(step.method, step.digest)?.output ?? method.output;
  const options = { useProtoFieldName: true };
  const read = (message: DescMessage, bytes: Uint8Array) =>
    settled(method.output, toJson(message, fromBinary(message, bytes), options));
  const was = read(before, run.response!);
  const is = read(method.output, result.value.response);
  return firstDifference(was, is, "response");
}

/**
 * Without what, by the contract of today, may be another value each time, however deep it lies: the
 * contract of that day may not have said so yet.
 */
function settled(message: DescMessage, json: JsonValue): JsonValue {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  const left: Record<string, JsonValue> = { ...json };
  for (const field of message.fields) {
    const value = left[field.name];
    if (value === undefined) continue;
    if (varies(field)) delete left[field.name];
    else if (field.fieldKind === "message") left[field.name] = settled(field.message, value);
    else if (field.fieldKind === "list" && field.listKind === "message" && Array.isArray(value)) {
      left[field.name] = value.map((one) => settled(field.message, one));
    }
  }
  return left;
}
