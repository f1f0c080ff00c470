// The part of the house where people decide and plans are kept.

import { clone, create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type PlanService,
  type StoredPlan,
  StoredPlanSchema,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type {
  AnswerStepRequest,
  DecisionSchema,
  ReplayTaskResponseSchema,
  TaskService,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { askingsOf } from "../state/waiting.ts";

interface Rooms {
  tasks: ReadonlyMap<string, Task>;
  change(task: Task, state: State): void;
}

type TaskMethods = Pick<
  ServiceImpl<typeof TaskService>,
  "pauseTask" | "resumeTask" | "answerStep" | "listDecisions" | "replayTask"
>;

export class Desk {
  /** Words that were said. */
  readonly answers: AnswerStepRequest[] = [];
  /** What other people's tasks ask. */
  readonly foreign: MessageInitShape<typeof DecisionSchema>[] = [];
  /** All versions, the newest last. */
  readonly stored = new Map<string, StoredPlan[]>();
  replay: MessageInitShape<typeof ReplayTaskResponseSchema> = { transitionCount: 4 };
  #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  keep(name: string, plan: Plan, triggers: StoredPlan["triggers"] = []): void {
    const versions = this.stored.get(name) ?? [];
    const next = create(StoredPlanSchema, {
      name,
      plan,
      triggers,
      version: versions.length + 1,
      owner: "users/local",
      createTime: timestampFromDate(new Date()),
    });
    this.stored.set(name, [...versions, next]);
  }

  readonly taskMethods: TaskMethods = {
    pauseTask: ({ name }) => ({ task: this.#changed(name, State.PAUSED) }),
    resumeTask: ({ name }) => ({ task: this.#changed(name, State.RUNNING) }),
    answerStep: (request) => {
      this.answers.push(request);
      if (request.answer.case !== "delegateTo") this.#settle(request);
      return { state: State.RUNNING };
    },
    listDecisions: () => {
      const own = [...this.#rooms.tasks.values()].flatMap((task) =>
        askingsOf(task).map(({ since: _, ...asking }) => ({
          ...asking,
          ...(task.createTime ? { createTime: task.createTime } : {}),
        })),
      );
      const said = new Set(this.answers.map(({ name, step }) => `${name} ${step}`));
      const foreign = this.foreign.filter(({ task, step }) => !said.has(`${task} ${step}`));
      return { decisions: [...own, ...foreign] };
    },
    replayTask: () => this.replay,
  };

  readonly planMethods: ServiceImpl<typeof PlanService> = {
    createPlan: () => ({}),
    compilePlan: ({ plan }) => (plan ? { plan } : {}),
    storePlan: ({ name, plan }) => {
      if (plan) this.keep(name, plan);
      return { plan: this.#plan(name, 0) };
    },
    getPlan: ({ name, version }) => ({ plan: this.#plan(name, version) }),
    listPlans: () => ({ plans: [...this.stored.keys()].sort().map((name) => this.#plan(name, 0)) }),
    deletePlan: ({ name }) => {
      const user = [...this.#rooms.tasks.values()].find(
        ({ state, storedPlan }) => storedPlan?.name === name && state !== State.SUCCEEDED,
      );
      if (user) throw refused(`${user.name} still runs ${name}.`);
      this.stored.delete(name);
      return {};
    },
    setTriggers: ({ name, triggers }) => {
      const plan = this.#plan(name, 0);
      for (const { on } of triggers) {
        if (on.case === "schedule" && !/^[\d*/, -]+$/.test(on.value.cron))
          throw refused(`“${on.value.cron}” is no schedule.`);
      }
      plan.triggers = triggers.map((one) =>
        one.on.case === "schedule"
          ? { ...one, nextTime: timestampFromDate(new Date(2027, 0, 4, 7)) }
          : one,
      );
      return { plan };
    },
  };

  #plan(name: string, version: number): StoredPlan {
    const versions = this.stored.get(name);
    const plan = version > 0 ? versions?.[version - 1] : versions?.at(-1);
    if (plan) return plan;
    const info = { reason: Reason.NOT_FOUND, remedy: "List the plans to see which there are." };
    throw new ConnectError(`There is no ${name}.`, Code.NotFound, undefined, [
      { desc: ErrorInfoSchema, value: info },
    ]);
  }

  #changed(name: string, state: State): Task {
    const task = this.#rooms.tasks.get(name);
    if (!task) throw new ConnectError(`There is no ${name}.`, Code.NotFound);
    this.#rooms.change(task, state);
    return clone(TaskSchema, task);
  }

  #settle({ name, step, answer }: AnswerStepRequest): void {
    const task = this.#rooms.tasks.get(name);
    const runs = task?.steps.flatMap((run) => [run, ...run.items]) ?? [];
    const run = runs.find(({ id }) => id === step);
    if (!task || !run) return;
    delete run.waitsFor;
    run.decidedBy = "users/local";
    run.state = answer.case === "agree" && !answer.value ? State.FAILED : State.RUNNING;
    const waits = askingsOf(task).length > 0;
    this.#rooms.change(task, waits ? State.WAITING : State.RUNNING);
  }
}

const refused = (message: string) =>
  new ConnectError(message, Code.FailedPrecondition, undefined, [
    {
      desc: ErrorInfoSchema,
      value: { reason: Reason.WRONG_STATE, remedy: "Wait for it, then again." },
    },
  ]);
