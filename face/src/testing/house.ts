// A Keiko in memory for the tests of pages: it answers the calls of the console with messages as
// the real one sends them, and a test decides when a task goes on.

import { clone, create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { Workload } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  type CreateTaskRequest,
  CreateTaskRequestSchema,
  TaskService,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { isOver } from "../state/task-watch.svelte.ts";
import { Desk } from "./desk.ts";
import { Events } from "./events.ts";
import { conversationsOf, newTask, summaryOf } from "./new-task.ts";
import { residents, skills } from "./residents.ts";
import { previewOf } from "./tables.ts";
import { traceOf } from "./trace.ts";
import {
  answerJson,
  chart,
  drawJson,
  monthlyTable,
  sentence,
  sql,
  weatherFile,
} from "./weather.ts";

/** Woken whenever something changes; streams wait for it. */
class Bell {
  #waiting: (() => void)[] = [];

  ring(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}

export class House {
  readonly tasks = new Map<string, Task>();
  readonly workloads = new Map<string, Workload>();
  readonly created: CreateTaskRequest[] = [];
  readonly events = new Events();
  readonly desk = new Desk(this);
  signedIn = true;
  /** Milliseconds per step; 0: only `finish` makes a task go on. */
  stepMs = 0;
  /** Rows of every file; more than the few of the sample are made up. */
  rowCount = 1461;
  /** How often a page of a table was asked for. */
  previews = 0;
  tracesKept = true;
  #bell = new Bell();

  constructor() {
    for (const workload of residents) this.workloads.set(workload.name, workload);
  }

  /** A task that is made elsewhere: in another window, or by a program. */
  create(request: MessageInitShape<typeof CreateTaskRequestSchema>): Task {
    return this.#create(create(CreateTaskRequestSchema, request));
  }

  /** Runs a task to its end. */
  finish(name: string): void {
    const task = this.tasks.get(name);
    if (!task || isOver(task.state)) return;
    const language = task.plan?.language === "de" ? "de" : "en";
    for (const step of task.steps) this.#end(task, step, State.SUCCEEDED);
    const [first, second] = task.steps;
    if (first) {
      first.evidence = sql;
      first.understanding = "mean of precipitation by month of date";
      first.responseJson = answerJson(language);
    }
    if (second) second.responseJson = drawJson;
    task.answer = create(TaskSchema, {
      answer: {
        text: sentence[language],
        sources: [{ step: "answer", title: "seattle-weather.csv", file: weatherFile }],
        artifacts: [
          { step: "answer", kind: { case: "table", value: monthlyTable(language) } },
          { step: "draw", kind: { case: "chart", value: chart(language) } },
        ],
      },
    }).answer!;
    this.change(task, State.SUCCEEDED);
  }

  change(task: Task, state: State): void {
    if (task.state !== state) this.#tellTask(task.name, state);
    task.state = state;
    task.revision++;
    if (isOver(state)) {
      task.endTime = timestampFromDate(new Date());
      task.usage = create(TaskSchema, { usage: { elapsed: { nanos: 420_000_000 } } }).usage!;
    }
    this.#bell.ring();
  }

  leave(workload: string): void {
    this.workloads.delete(workload);
    this.events.tell("registry", { case: "workloadLeft", value: { name: workload } });
    this.#bell.ring();
  }

  enter(workload: Workload): void {
    this.workloads.set(workload.name, workload);
    this.events.tell("registry", { case: "workloadRegistered", value: { workload } });
    this.#bell.ring();
  }

  readonly routes = (router: ConnectRouter): void => {
    router.service(PlanService, this.desk.planMethods);
    router.service(TaskService, {
      ...this.desk.taskMethods,
      createTask: (request) => {
        this.#admit();
        return { task: this.#create(request) };
      },
      getTask: ({ name }) => {
        this.#admit();
        return { task: this.#find(name) };
      },
      listTasks: ({ states, query, conversation, storedPlan, pageSize, pageToken }) => {
        this.#admit();
        const all = [...this.tasks.values()].reverse().map(summaryOf);
        const found = all.filter(
          (task) =>
            (states.length === 0 || states.includes(task.state)) &&
            (!conversation || task.conversation === conversation) &&
            (!storedPlan || task.storedPlan === storedPlan) &&
            `${task.goal} ${task.outcome}`.toLowerCase().includes(query.toLowerCase()),
        );
        const from = Number(pageToken);
        const to = from + (pageSize || 50);
        return { tasks: found.slice(from, to), nextPageToken: to < found.length ? `${to}` : "" };
      },
      watchTasks: (_, { signal }) => this.#watchTasks(signal),
      listConversations: ({ query }) => {
        this.#admit();
        const all = conversationsOf([...this.tasks.values()]);
        const found = all.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
        return { conversations: found };
      },
      watchTask: ({ name }, { signal }) => this.#watchTask(name, signal),
      cancelTask: ({ name }) => {
        this.#admit();
        const task = this.#find(name);
        if (!isOver(task.state)) {
          for (const step of task.steps) this.#end(task, step, State.CANCELLED);
          this.change(task, State.CANCELLED);
        }
        return { task: clone(TaskSchema, task) };
      },
    });
    router.service(RegistryService, {
      listWorkloads: () => {
        this.#admit();
        return { workloads: [...this.workloads.values()] };
      },
      watchWorkloads: (_, { signal }) => this.#watchWorkloads(signal),
      searchSkills: ({ query }) => {
        this.#admit();
        const here = skills.filter(({ workloads }) => workloads.some((w) => this.workloads.has(w)));
        const words = query.toLowerCase();
        const found = here.filter(({ contract }) =>
          `${contract?.summary?.en} ${contract?.summary?.de}`.toLowerCase().includes(words),
        );
        return { skills: found.map((skill) => ({ skill, score: 0 })) };
      },
    });
    router.service(DataService, {
      previewTable: (request) => {
        this.#admit();
        this.previews++;
        return previewOf(request, this.rowCount);
      },
    });
    router.service(EventService, {
      watchEvents: ({ after }, { signal }) => {
        this.#admit();
        return this.events.watch(after, signal);
      },
    });
    router.service(ObservabilityService, {
      getTrace: ({ traceId }) => {
        this.#admit();
        const task = [...this.tasks.values()].find((one) => one.traceId === traceId);
        if (!task || !this.tracesKept) throw new ConnectError("no such trace", Code.NotFound);
        return { spans: traceOf(task) };
      },
    });
  };

  #admit(): void {
    if (!this.signedIn) throw new ConnectError("nobody is signed in", Code.Unauthenticated);
  }

  #find(name: string): Task {
    const task = this.tasks.get(name);
    if (task) return task;
    const info = { reason: Reason.NOT_FOUND, remedy: "List the tasks to see which there are." };
    throw new ConnectError(`There is no ${name}.`, Code.NotFound, undefined, [
      { desc: ErrorInfoSchema, value: info },
    ]);
  }

  #create(request: CreateTaskRequest): Task {
    this.created.push(request);
    const known = [...this.tasks.values()].find(({ traceId }) => traceId === request.requestId);
    if (known) return clone(TaskSchema, known);
    const task = newTask(request, this.tasks.size);
    this.tasks.set(task.name, task);
    this.#tellTask(task.name, State.QUEUED);
    const before = this.tasks.get(request.previous);
    if (before && task.attachments.length === 0) task.attachments = [...before.attachments];
    this.#bell.ring();
    if (/profit|gewinn/i.test(request.goal)) this.#refuse(task, Reason.NOT_UNDERSTOOD);
    else if (/^temp\b/i.test(request.goal)) this.#refuse(task, Reason.AMBIGUOUS);
    else if (this.stepMs > 0) void this.#run(task);
    return clone(TaskSchema, task);
  }

  #tellTask(name: string, state: State): void {
    this.events.tell("orchestrator", { case: "taskChanged", value: { name, state } });
  }

  #tellStep(task: string, step: string, state: State): void {
    const value = { task, step, state, attempt: 1 };
    this.events.tell("orchestrator", { case: "stepChanged", value });
  }

  #refuse(task: Task, reason: Reason): void {
    delete task.plan;
    task.steps = [];
    const problem =
      reason === Reason.AMBIGUOUS
        ? {
            message: "“temp” may be temp_max or temp_min.",
            suggestions: ["temp_max per month", "temp_min per month"],
          }
        : {
            message: "No column of seattle-weather.csv holds a profit.",
            remedy: "It has date, precipitation, temp_max, temp_min, wind and weather.",
            suggestions: [
              "What is the mean precipitation per month?",
              "How many rows are there per weather?",
            ],
          };
    const problems = [{ stage: Stage.PLAN, field: "goal", reason, ...problem }];
    task.problems = create(TaskSchema, { problems }).problems;
    this.change(task, State.FAILED);
  }

  async #run(task: Task): Promise<void> {
    for (const step of task.steps) {
      await new Promise((resolve) => setTimeout(resolve, this.stepMs / 4));
      if (isOver(task.state)) return;
      step.state = State.RUNNING;
      this.#tellStep(task.name, step.id, State.RUNNING);
      step.startTime = timestampFromDate(new Date());
      this.change(task, State.RUNNING);
      await new Promise((resolve) => setTimeout(resolve, this.stepMs));
      if (isOver(task.state)) return;
      this.#end(task, step, State.SUCCEEDED);
      this.change(task, State.RUNNING);
    }
    this.finish(task.name);
  }

  #end(task: Task, step: Task["steps"][number], state: State): void {
    if (isOver(step.state)) return;
    step.state = state;
    this.#tellStep(task.name, step.id, state);
    step.attempts = 1;
    step.workload = step.id === "answer" ? "workloads/data-1" : "workloads/visual-1";
    step.startTime ??= timestampFromDate(new Date());
    step.endTime = timestampFromDate(new Date());
  }

  async *#watchTask(name: string, signal: AbortSignal) {
    this.#admit();
    for (let sent = -1n; !signal.aborted; ) {
      const task = this.#find(name);
      if (task.revision > sent) {
        sent = task.revision;
        yield { task: clone(TaskSchema, task) };
      }
      if (isOver(task.state)) return;
      await this.#bell.wait(signal);
    }
  }

  async *#watchTasks(signal: AbortSignal) {
    this.#admit();
    const sent = new Map<string, bigint>();
    const all = [...this.tasks.values()];
    for (const { name, revision } of all) sent.set(name, revision);
    const unfinished = all.filter(({ state }) => !isOver(state));
    yield { tasks: unfinished.map(summaryOf) };
    while (!signal.aborted) {
      const news = [...this.tasks.values()].filter(
        ({ name, revision }) => revision > (sent.get(name) ?? -1n),
      );
      for (const { name, revision } of news) sent.set(name, revision);
      if (news.length > 0) yield { tasks: news.map(summaryOf) };
      else await this.#bell.wait(signal);
    }
  }

  async *#watchWorkloads(signal: AbortSignal) {
    this.#admit();
    const known = new Set<string>();
    for (const workload of this.workloads.values()) {
      known.add(workload.name);
      yield { change: { case: "put" as const, value: workload } };
    }
    yield { change: { case: "current" as const, value: {} } };
    while (!signal.aborted) {
      await this.#bell.wait(signal);
      for (const name of [...known].filter((name) => !this.workloads.has(name))) {
        known.delete(name);
        yield { change: { case: "removed" as const, value: name } };
      }
      for (const workload of this.workloads.values()) {
        if (known.has(workload.name)) continue;
        known.add(workload.name);
        yield { change: { case: "put" as const, value: workload } };
      }
    }
  }
}
