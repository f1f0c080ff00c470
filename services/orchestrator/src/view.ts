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
  type PersonWaitedForSchema,
  State,
  type StepRunSchema,
  type Task,
  TaskSchema,
  type UsageSchema,
} from "@keiko/gen/keiko/task/v1/task_pb.js";
import { type TaskSummary, TaskSummarySchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { fieldsWithRole } from "@keiko/runtime/contracts.ts";
import { nounsOf } from "@keiko/runtime/descriptors.ts";
import { limits } from "./limits.ts";
import { readPath } from "./paths.ts";
import { runKey, undoKey } from "./runs.ts";
import type { Asked, Run, TaskState } from "./task-state.ts";

export interface ViewSources {
  now: number;
  method(path: string, digest: string): DescMethod | undefined;
  /** What a running step said last; that nobody is there to run it, where that is so. */
  progress(run: string, step: Step): string;
  /** Puts results into the places of a text. */
  fill(text: string): string;
}

interface Result {
  texts(role: Role): string[];
  artifacts: Artifact[];
  json: string;
}

export function viewOf(task: TaskState, sources: ViewSources): Task {
  const { created } = task;
  const plan = task.plan?.steps ?? [];
  const results = new Map(plan.map((step) => [step.id, resultsOf(task, step, sources)]));
  const usage = usageOf(task, sources.now);
  return create(TaskSchema, {
    name: created.name,
    owner: created.owner,
    goal: created.goal,
    attachments: created.attachments,
    state: task.state,
    ...(task.plan ? { plan: task.plan } : {}),
    steps: plan.map((step) => stepRun(task, step, results.get(step.id) ?? [], sources)),
    ...(task.state === State.SUCCEEDED ? { answer: answerOf(task, plan, results, sources) } : {}),
    problems: task.stopping && !task.endTime ? task.stopping.problems : task.problems,
    usage,
    ...(created.limits ? { limits: created.limits } : {}),
    createTime: timestampFromMs(task.createTime),
    ...(task.endTime ? { endTime: timestampFromMs(task.endTime) } : {}),
    revision: BigInt(task.revision),
    traceId: created.traceId,
    conversation: created.conversation,
    previous: created.previous,
    parent: created.parent?.task ?? "",
    ...(created.storedPlan ? { storedPlan: created.storedPlan } : {}),
    trigger: created.trigger,
  });
}

function usageOf(task: TaskState, now: number): MessageInitShape<typeof UsageSchema> {
  let started = 0;
  for (const { attempts } of task.runs.values()) started += attempts;
  return {
    elapsed: durationFromMs(Math.max(0, (task.endTime ?? now) - task.createTime)),
    stepsDone: stepsDone(task),
    stepsStarted: started,
    costMicros: BigInt(task.spent),
    reservedMicros: BigInt(task.reserved),
  };
}

function stepsDone(task: TaskState): number {
  let done = 0;
  for (const { state } of task.steps.values()) if (state === State.SUCCEEDED) done++;
  return done;
}

/** `first`: the answer's text when the task succeeded. */
export function summaryOf(task: TaskState, first: string): TaskSummary {
  const outcome = first || task.problems[0]?.message || "";
  return create(TaskSummarySchema, {
    name: task.created.name,
    goal: task.created.goal,
    state: task.state,
    outcome: outcome.split("\n")[0] ?? "",
    stepsDone: stepsDone(task),
    stepCount: task.steps.size,
    createTime: timestampFromMs(task.createTime),
    ...(task.endTime ? { endTime: timestampFromMs(task.endTime) } : {}),
    revision: BigInt(task.revision),
    conversation: task.created.conversation,
    storedPlan: task.created.storedPlan?.name ?? "",
    reason: task.problems[0]?.reason ?? Reason.UNSPECIFIED,
  });
}

/** `users/{id}` of everybody whose word the task waits for. */
export function waitsFor(task: TaskState): string[] {
  const users = new Set<string>();
  for (const key of task.active) {
    for (const user of task.runs.get(key)?.asked?.deciders ?? []) users.add(user);
  }
  return [...users];
}

function stepRun(
  task: TaskState,
  step: Step,
  results: readonly Result[],
  sources: ViewSources,
): MessageInitShape<typeof StepRunSchema> {
  const state = task.steps.get(step.id)!;
  const { count } = state;
  const title = { id: step.id, title: step.title, state: state.state };
  if (count === undefined) {
    const run = task.runs.get(step.id);
    const view = run ? runView(task, step, run, results[0], sources) : {};
    return { ...view, ...title, ...(run?.asked ? { state: run.state } : {}) };
  }
  const runs = runsOf(task, step.id);
  const shown = runs.slice(0, limits.items_shown_max);
  const starts = runs.flatMap(({ started, scheduled }) => started ?? scheduled ?? []);
  const ends = runs.flatMap(({ ended }) => ended ?? []);
  const problem = runs.find((run) => run.state === State.FAILED)?.problem;
  return {
    ...title,
    attempts: runs.reduce((sum, { attempts }) => sum + attempts, 0),
    ...(starts.length > 0 ? { startTime: timestampFromMs(Math.min(...starts)) } : {}),
    ...(ends.length === count && count > 0 ? { endTime: timestampFromMs(Math.max(...ends)) } : {}),
    artifacts: results.flatMap(({ artifacts }) => artifacts),
    ...(problem ? { problem } : {}),
    items: shown.map((run, index) => runView(task, step, run, results[index], sources)),
    itemCount: count,
    itemsDone: state.done,
    costMicros: BigInt(runs.reduce((sum, { cost }) => sum + cost, 0)),
  };
}

function runView(
  task: TaskState,
  step: Step,
  run: Run,
  result: Result | undefined,
  sources: ViewSources,
): MessageInitShape<typeof StepRunSchema> {
  const running = run.state === State.RUNNING;
  const started = run.started ?? (running ? run.scheduled : undefined);
  const undo = task.runs.get(undoKey(run.key));
  return {
    id: run.key,
    state: run.state,
    attempts: run.attempts,
    ...(started ? { startTime: timestampFromMs(started) } : {}),
    ...(run.ended ? { endTime: timestampFromMs(run.ended) } : {}),
    workload: run.workload,
    artifacts: result?.artifacts ?? [],
    understanding: result?.texts(Role.UNDERSTANDING).join("\n") ?? "",
    evidence: result?.texts(Role.EVIDENCE).join("\n") ?? "",
    ...(run.problem ? { problem: run.problem } : {}),
    responseJson: result?.json ?? "",
    progress: running ? sources.progress(run.key, step) : "",
    ...(run.asked ? { waitsFor: waitView(step, run.asked) } : {}),
    costMicros: BigInt(run.cost),
    ...(undo ? { undoState: undo.state } : {}),
    child: run.child ?? "",
    decidedBy: run.decidedBy ?? "",
  };
}

export function waitView(step: Step, asked: Asked): MessageInitShape<typeof PersonWaitedForSchema> {
  return {
    approval: asked.approval,
    text: asked.text,
    deciders: asked.deciders,
    ...(Number.isFinite(asked.expires) ? { expireTime: timestampFromMs(asked.expires) } : {}),
    ...(step.question ? { question: step.question } : {}),
  };
}

function runsOf(task: TaskState, id: string): Run[] {
  const { count = 0 } = task.steps.get(id) ?? {};
  return Array.from({ length: count }, (_, n) => task.runs.get(runKey(id, n))).filter(
    (run) => run !== undefined,
  );
}

// A recorded response never changes, and every view of its task shows it again: read while somebody
// looks, but not held for tasks that nobody looks at any more.
const lately = new WeakMap<Uint8Array, WeakRef<Result>>();

/** One of a plain step, the first ones of a loop; of what has no result yet, an empty one. */
function resultsOf(task: TaskState, step: Step, sources: ViewSources): Result[] {
  if (!step.method) return [];
  const method = sources.method(step.method, step.digest);
  const looped = task.steps.get(step.id)?.count !== undefined;
  const plain = task.runs.get(step.id);
  const runs = looped ? runsOf(task, step.id).slice(0, limits.items_shown_max) : [plain];
  return runs.map((run) => {
    if (!run?.response || !method) return nothing;
    const known = lately.get(run.response)?.deref();
    if (known) return known;
    const result = readResult(step.id, method, run.response);
    lately.set(run.response, new WeakRef(result));
    return result;
  });
}

const nothing: Result = { texts: () => [], artifacts: [], json: "" };

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
  results: ReadonlyMap<string, readonly Result[]>,
  { fill }: ViewSources,
): MessageInitShape<typeof AnswerSchema> {
  const all = plan.flatMap(({ id }) => results.get(id) ?? []);
  const texts = all.flatMap((result) => result.texts(Role.ANSWER));
  const sources = plan.flatMap(({ id, inputs }) =>
    inputs.flatMap(({ value }) => {
      const file = value.case === "attachment" ? task.created.attachments[value.value] : undefined;
      return file ? [{ step: id, title: file.filename, file }] : [];
    }),
  );
  const said = task.plan?.answer ? fill(task.plan.answer) : [...new Set(texts)].join("\n");
  return { text: said, sources, artifacts: all.flatMap(({ artifacts }) => artifacts) };
}
