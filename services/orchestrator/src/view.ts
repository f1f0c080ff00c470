/** What people see of a task: made from its state, never stored. Pure. */
import {
  create,
  type DescMethod,
  fromBinary,
  type Message,
  type MessageInitShape,
  toJsonString,
} from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type Artifact,
  ArtifactSchema,
  ChartSchema,
  FileSchema,
  TableSchema,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Role } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type AnswerSchema,
  State,
  type StepRunSchema,
  type Task,
  TaskSchema,
} from "@keiko/gen/keiko/task/v1/task_pb.js";
import { type TaskSummary, TaskSummarySchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { fieldsWithRole } from "@keiko/runtime/contracts.ts";
import { nounsOf } from "@keiko/runtime/descriptors.ts";
import { limits } from "./limits.ts";
import { readPath } from "./paths.ts";
import type { StepState, TaskState } from "./state.ts";

export interface ViewSources {
  now: number;
  method(step: Step): DescMethod | undefined;
  /** What a running step said last. */
  progress(step: string): string;
}

interface Result {
  texts(role: Role): string[];
  artifacts: Artifact[];
  json: string;
}

export function viewOf(task: TaskState, sources: ViewSources): Task {
  const { created } = task;
  const plan = created.plan?.steps ?? [];
  const results = new Map(plan.map((step) => [step.id, resultOf(task, step, sources)]));
  const steps = plan.map((step) =>
    stepRun(step, task.steps.get(step.id)!, results.get(step.id), sources),
  );
  const done = [...task.steps.values()].filter(({ state }) => state === State.SUCCEEDED);
  const started = [...task.steps.values()].reduce((sum, { attempts }) => sum + attempts, 0);
  return create(TaskSchema, {
    name: created.name,
    owner: created.owner,
    goal: created.goal,
    attachments: created.attachments,
    state: task.state,
    ...(created.plan ? { plan: created.plan } : {}),
    steps,
    ...(task.state === State.SUCCEEDED ? { answer: answerOf(task, plan, results) } : {}),
    problems: task.problems,
    usage: {
      elapsed: durationFromMs(Math.max(0, (task.endTime ?? sources.now) - task.createTime)),
      stepsDone: done.length,
      stepsStarted: started,
    },
    ...(created.limits ? { limits: created.limits } : {}),
    createTime: timestampFromMs(task.createTime),
    ...(task.endTime ? { endTime: timestampFromMs(task.endTime) } : {}),
    revision: BigInt(task.revision),
    traceId: created.traceId,
    conversation: created.conversation,
    previous: created.previous,
  });
}

/** `first`: the answer's text when the task succeeded. */
export function summaryOf(task: TaskState, first: string): TaskSummary {
  const done = [...task.steps.values()].filter(({ state }) => state === State.SUCCEEDED);
  const outcome = first || task.problems[0]?.message || "";
  return create(TaskSummarySchema, {
    name: task.created.name,
    goal: task.created.goal,
    state: task.state,
    outcome: outcome.split("\n")[0] ?? "",
    stepsDone: done.length,
    stepCount: task.steps.size,
    createTime: timestampFromMs(task.createTime),
    ...(task.endTime ? { endTime: timestampFromMs(task.endTime) } : {}),
    revision: BigInt(task.revision),
    conversation: task.created.conversation,
    reason: task.problems[0]?.reason ?? Reason.UNSPECIFIED,
  });
}

function stepRun(
  step: Step,
  state: StepState,
  result: Result | undefined,
  sources: ViewSources,
): MessageInitShape<typeof StepRunSchema> {
  const running = state.state === State.RUNNING;
  const started = state.started ?? (running ? state.scheduled : undefined);
  return {
    id: step.id,
    title: step.title,
    state: state.state,
    attempts: state.attempts,
    ...(started ? { startTime: timestampFromMs(started) } : {}),
    ...(state.ended ? { endTime: timestampFromMs(state.ended) } : {}),
    workload: state.workload,
    artifacts: result?.artifacts ?? [],
    understanding: result?.texts(Role.UNDERSTANDING).join("\n") ?? "",
    evidence: result?.texts(Role.EVIDENCE).join("\n") ?? "",
    ...(state.problem ? { problem: state.problem } : {}),
    responseJson: result?.json ?? "",
    progress: running ? sources.progress(step.id) : "",
  };
}

// A recorded response never changes, and every view of its task shows it again: read while somebody
// looks, but not held for tasks that nobody looks at any more.
const lately = new WeakMap<Uint8Array, WeakRef<Result>>();

function resultOf(task: TaskState, step: Step, sources: ViewSources): Result | undefined {
  const { response } = task.steps.get(step.id) ?? {};
  const method = sources.method(step);
  if (!response || !method) return undefined;
  const known = lately.get(response)?.deref();
  if (known) return known;
  const result = readResult(step.id, method, response);
  lately.set(response, new WeakRef(result));
  return result;
}

function readResult(step: string, method: DescMethod, response: Uint8Array): Result {
  const message = fromBinary(method.output, response);
  const json = toJsonString(method.output, message);
  return {
    texts: (role) => textsWithRole(method, message, role),
    artifacts: nounsOf(method.output).flatMap(({ path, repeated }) =>
      repeated ? [] : artifactAt(method, message, path, step),
    ),
    json: json.length > limits.response_json_bytes_max ? "" : json,
  };
}

// Roles are looked for in the response and one message deep: `understanding.summary`.
function textsWithRole(method: DescMethod, message: Message, role: Role): string[] {
  const own = fieldsWithRole(method.output, role).map(({ name }) => name);
  const nested = method.output.fields.flatMap((field) =>
    field.fieldKind === "message"
      ? fieldsWithRole(field.message, role).map(({ name }) => `${field.name}.${name}`)
      : [],
  );
  return [...own, ...nested]
    .map((path) => readPath(method.output, message, path))
    .filter((text): text is string => typeof text === "string" && text !== "");
}

function artifactAt(method: DescMethod, message: Message, path: string, step: string): Artifact[] {
  const value = readPath(method.output, message, path) as Message | undefined;
  switch (value?.$typeName) {
    case TableSchema.typeName:
      return [create(ArtifactSchema, { step, kind: { case: "table", value: value as never } })];
    case ChartSchema.typeName:
      return [create(ArtifactSchema, { step, kind: { case: "chart", value: value as never } })];
    case FileSchema.typeName:
      return [create(ArtifactSchema, { step, kind: { case: "file", value: value as never } })];
    default:
      return [];
  }
}

function answerOf(
  task: TaskState,
  plan: readonly Step[],
  results: ReadonlyMap<string, Result | undefined>,
): MessageInitShape<typeof AnswerSchema> {
  const texts = plan.flatMap(({ id }) => results.get(id)?.texts(Role.ANSWER) ?? []);
  const sources = plan.flatMap(({ id, inputs }) =>
    inputs.flatMap(({ value }) => {
      const file = value.case === "attachment" ? task.created.attachments[value.value] : undefined;
      return file ? [{ step: id, title: file.filename, file }] : [];
    }),
  );
  return {
    text: [...new Set(texts)].join("\n"),
    sources,
    artifacts: plan.flatMap(({ id }) => results.get(id)?.artifacts ?? []),
  };
}
