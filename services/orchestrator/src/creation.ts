/**
 * How tasks come to be: asked for by a person or an agent, started by a trigger of a stored plan, or as
 * the step of another task. What comes from within a task gets its rights and what is left of its
 * money and time, never more.
 */
import { randomBytes } from "node:crypto";
import { create, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type Limits,
  LimitsSchema,
  type Plan,
  type Step,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan, Trigger } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { CreatedSchema, type Parent } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { CreateTaskRequest } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { bindParameters } from "./bind.ts";
import type { Contracts } from "./contracts.ts";
import { attemptEnd } from "./deadlines.ts";
import { type Earlier, sameFiles } from "./earlier.ts";
import { limits } from "./limits.ts";
import type { Planned } from "./planner.ts";
import type { Planning, PlanningRequest } from "./planning.ts";
import type { Requests } from "./requests.ts";
import type { Runner } from "./runner.ts";
import type { StoredPlans } from "./stored-plans.ts";
import type { Run, TaskState } from "./task-state.ts";
import { inputsOf, type Why } from "./triggers.ts";
import { sourcesOf } from "./values.ts";

export interface CreationDeps {
  /** The runner needs this to run steps that are tasks, so it comes later. */
  runner: () => Runner;
  planning: Planning;
  plans: StoredPlans;
  requests: Requests;
  contracts: Contracts;
  now: () => number;
}

export interface Asked {
  request: CreateTaskRequest;
  /** `users/{id}`. */
  user: string;
  traceId: string;
  earlier: Earlier | undefined;
}

export type Creation = ReturnType<typeof createCreation>;

export function createCreation({
  runner,
  planning,
  plans,
  requests,
  contracts,
  now,
}: CreationDeps) {
  const claim = async (user: string, id: string) => {
    const fresh = freshName(now(), runner().leads);
    const { name, existing } = await requests.claim(user, id, fresh);
    return { name, before: existing ? await runner().get(name) : undefined };
  };

  /** `stored`: the plan that was asked for by name. */
  const planned = async (
    { request, user, earlier }: Asked,
    stored: StoredPlan | undefined,
    given: Pick<PlanningRequest, "attachments" | "limits">,
  ): Promise<Planned> => {
    // What was asked about other files says nothing of these.
    const goals = earlier && sameFiles(given.attachments, earlier.files) ? earlier.goals : [];
    const about = { ...given, user, ...earlier, goals };
    const plan = stored?.plan ?? request.plan;
    if (!plan) return planning.forGoal(request.goal, about);
    return planning.run(plan, inputsOf(request), about);
  };

  /** With a plan, or with the problems why there is none. */
  const start = (about: About, { plan, problems }: Planned): Promise<Task> =>
    runner().create(create(CreatedSchema, { ...about, ...(plan ? { plan } : {}) }), problems);

  /** What an agent may give away of what its own step was given. Throws when there is nothing. */
  const within = async (key: string, user: string): Promise<Inherited> => {
    const [, task = "", step = ""] = /^(tasks\/[^/]+)\/steps\/([^/]+)$/.exec(key) ?? [];
    const inherited = await runner().look(task, (state) => {
      const run = state.runs.get(step);
      if (state.created.owner !== user || !run || !state.active.has(step)) return undefined;
      const depth = (state.created.parent?.depth ?? 0) + 1;
      const until = attemptEnd(state, run);
      return {
        parent: { task, step, depth, asStep: false },
        micros: run.reserved - run.granted,
        until,
      };
    });
    if (!inherited) throw notWithin(task, step);
    if (inherited.parent.depth > limits.task_depth_max) throw tooDeep(task);
    return inherited;
  };

  return {
    /** `key`: the idempotency key of the step on whose way it is asked for, where an agent does. */
    async create(asked: Asked, key: string | undefined): Promise<Task> {
      const { request, user, traceId, earlier } = asked;
      const inherited = key ? await within(key, user) : undefined;
      const { name, before } = await claim(user, request.requestId);
      if (before) return before;
      const attachments =
        request.attachments.length > 0 ? request.attachments : [...(earlier?.files ?? [])];
      const narrowed = inherited ? narrow(request.limits, inherited, now()) : request.limits;
      const stored =
        request.storedPlan &&
        (await plans.get(user, request.storedPlan.name, request.storedPlan.version));
      const made = await planned(asked, stored, { attachments, limits: narrowed });
      if (inherited && made.plan) {
        const { task, step } = inherited.parent;
        const granted = Number(narrowed?.costMicrosMax ?? 0n);
        await runner().apply(task, { kind: "child", step, task: name, granted });
        const given = await runner().look(task, (state) => state.runs.get(step)?.child === name);
        if (!given) throw notWithin(task, step);
      }
      const about = {
        goal: saidIn(request, made.plan),
        requestId: request.requestId,
        conversation: request.conversation,
        previous: request.previous,
        ...(narrowed ? { limits: narrowed } : {}),
        ...(stored ? { storedPlan: pinned(stored) } : {}),
        ...(inherited ? { parent: inherited.parent } : {}),
        attachments,
        name,
        owner: user,
        traceId,
      };
      return start(about, made);
    },
    /** Resolves to the name of the task. */
    async byTrigger(stored: StoredPlan, trigger: Trigger, why: Why): Promise<string> {
      const { owner: user, name: plan } = stored;
      const { name, before } = await claim(user, `${plan}/${why.requestId}`);
      if (before) return name;
      const inputs: Record<string, JsonValue> = { ...inputsOf(trigger), ...why.inputs };
      const about = { attachments: [], limits: trigger.limits, user };
      const made = await planning.run(stored.plan!, inputs, about);
      const started = {
        name,
        owner: user,
        goal: stored.plan?.goal || plan,
        storedPlan: pinned(stored),
        trigger: why.trigger,
        traceId: randomBytes(16).toString("hex"),
        ...(trigger.limits ? { limits: trigger.limits } : {}),
      };
      await start(started, made);
      return name;
    },
    /** The task that does the work of a run whose step is a plan; the same one each time. */
    async child(task: TaskState, run: Run, step: Step): Promise<string> {
      const { owner: user, name: parent, traceId, attachments } = task.created;
      const { name, before } = await claim(user, `${parent}/steps/${run.key}`);
      if (before) return name;
      const { name: plan, version } = step.subPlan!;
      const depth = (task.created.parent?.depth ?? 0) + 1;
      if (depth > limits.task_depth_max) throw tooDeep(parent);
      const stored = await plans.get(user, plan, version);
      const inputs = bindParameters(step, sourcesOf(task, contracts), run.index);
      const inherited = { micros: run.reserved, until: attemptEnd(task, run) };
      const narrowed = narrow(undefined, inherited, now());
      const made = await planning.run(stored.plan!, inputs, {
        attachments,
        // The plan around it was found short enough; that it began a moment ago is no reason to refuse.
        limits: { ...narrowed, timeMax: durationFromMs(limits.task_time_ms_max) },
        user,
      });
      const about = {
        name,
        owner: user,
        goal: stored.plan?.goal || plan,
        limits: narrowed,
        parent: { task: parent, step: run.key, depth, asStep: true },
        storedPlan: pinned(stored),
        traceId,
        attachments,
      };
      await start(about, made);
      return name;
    },
  };
}

/** All that a task is created with but its plan. */
type About = Exclude<MessageInitShape<typeof CreatedSchema>, { $typeName: string }>;

interface Inherited {
  parent: MessageInitShape<typeof CreatedSchema>["parent"] &
    Pick<Parent, "task" | "step" | "depth">;
  /** Millionths of a euro that are left to give. */
  micros: number;
  /** Milliseconds since the epoch. */
  until: number;
}

/** What was asked for, and no more than is there. */
function narrow(
  asked: Limits | undefined,
  { micros, until }: Pick<Inherited, "micros" | "until">,
  now: number,
): Limits {
  const left = Math.max(1, until - now);
  const time = asked?.timeMax ? Math.min(left, durationMs(asked.timeMax)) : left;
  const most = BigInt(Math.max(0, micros));
  const wanted = asked ? asked.costMicrosMax : most;
  return create(LimitsSchema, {
    timeMax: durationFromMs(Math.min(time, limits.task_time_ms_max)),
    costMicrosMax: wanted < most ? wanted : most,
  });
}

/** In the words of whoever asked, else in those of the plan. */
function saidIn(
  { goal, plan: given, storedPlan }: CreateTaskRequest,
  plan: Plan | undefined,
): string {
  return goal.trim() === "" ? plan?.goal || given?.goal || storedPlan?.name || "" : goal;
}

/** The very version that it runs. */
function pinned({ name, version }: StoredPlan) {
  return { name, version };
}

/**
 * Sorts by time of creation: milliseconds first, then chance. Whoever creates a task leads it, so that
 * nobody has to be told of it: names are drawn until one falls into a partition that is led here.
 */
function freshName(now_ms: number, leads: (name: string) => boolean): string {
  const time = now_ms.toString(36).padStart(9, "0");
  for (let tries = 0; ; tries++) {
    const chance = randomBytes(8).readBigUInt64BE().toString(36).padStart(13, "0");
    const name = `tasks/${time}-${chance}`;
    if (tries > 100 || leads(name)) return name;
  }
}

function notWithin(task: string, step: string) {
  return refuse(Reason.WRONG_STATE, {
    message: `step "${step}" of ${task} does not run, so it can ask for nothing`,
    remedy: "ask for tasks while the step runs that needs them",
    metadata: { task, step },
  });
}

function tooDeep(task: string) {
  const limit = String(limits.task_depth_max);
  return refuse(Reason.LIMIT_EXCEEDED, {
    message: `${task} is the task of a task already, ${limit} deep`,
    remedy: "let the task that started it ask instead",
    metadata: { task, limit, value: String(limits.task_depth_max + 1) },
  });
}
