// A Keiko in memory for the tests of pages: it answers the calls of the console with messages as
// the real one sends them, and a test decides when a task goes on.

import { clone, create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Skill,
  SkillSchema,
  type Workload,
  WorkloadKind,
  WorkloadSchema,
} from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { type CreateTaskRequest, TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { answerJson, chart, monthlyTable, preview, sentence, sql, weatherFile } from "./weather.ts";

const answerMethod = "keiko.data.v1.DataService/AnswerQuestion";
const drawMethod = "keiko.visual.v1.VisualService/DrawChart";

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
  signedIn = true;
  /** Milliseconds per step; 0: only `finish` makes a task go on. */
  stepMs = 0;
  #bell = new Bell();

  constructor() {
    for (const workload of residents) this.workloads.set(workload.name, workload);
  }

  /** Runs a task to its end. */
  finish(name: string): void {
    const task = this.tasks.get(name);
    if (!task || task.state >= State.SUCCEEDED) return;
    const language = task.plan?.language === "de" ? "de" : "en";
    for (const step of task.steps) this.#end(step, State.SUCCEEDED);
    const [first, second] = task.steps;
    if (first) {
      first.evidence = sql;
      first.understanding = "mean of precipitation by month of date";
      first.responseJson = answerJson(language);
    }
    if (second) second.responseJson = '{"reason":"One bar for each month."}';
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
    task.state = state;
    task.revision++;
    if (state >= State.SUCCEEDED) {
      task.endTime = timestampFromDate(new Date());
      task.usage = create(TaskSchema, { usage: { elapsed: { nanos: 420_000_000 } } }).usage!;
    }
    this.#bell.ring();
  }

  leave(workload: string): void {
    this.workloads.delete(workload);
    this.#bell.ring();
  }

  enter(workload: Workload): void {
    this.workloads.set(workload.name, workload);
    this.#bell.ring();
  }

  readonly routes = (router: ConnectRouter): void => {
    router.service(TaskService, {
      createTask: (request) => {
        this.#admit();
        return { task: this.#create(request) };
      },
      getTask: ({ name }) => {
        this.#admit();
        return { task: this.#find(name) };
      },
      listTasks: ({ states }) => {
        this.#admit();
        const all = [...this.tasks.values()].reverse();
        const tasks = all.filter(({ state }) => states.length === 0 || states.includes(state));
        return { tasks: tasks.map(summaryOf), nextPageToken: "" };
      },
      watchTask: ({ name }, { signal }) => this.#watchTask(name, signal),
      cancelTask: ({ name }) => {
        this.#admit();
        const task = this.#find(name);
        if (task.state < State.SUCCEEDED) {
          for (const step of task.steps) this.#end(step, State.CANCELLED);
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
      previewTable: () => {
        this.#admit();
        return preview;
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
    if (/profit|gewinn/i.test(request.goal)) this.#refuse(task);
    else if (this.stepMs > 0) void this.#run(task);
    return clone(TaskSchema, task);
  }

  #refuse(task: Task): void {
    delete task.plan;
    task.steps = [];
    task.problems = create(TaskSchema, {
      problems: [
        {
          stage: Stage.PLAN,
          field: "goal",
          reason: Reason.NOT_UNDERSTOOD,
          message: "No column of seattle-weather.csv holds a profit.",
          remedy: "It has date, precipitation, temp_max, temp_min, wind and weather.",
          suggestions: [
            "What is the mean precipitation per month?",
            "How many rows are there per weather?",
          ],
        },
      ],
    }).problems;
    this.change(task, State.FAILED);
  }

  async #run(task: Task): Promise<void> {
    for (const step of task.steps) {
      await new Promise((resolve) => setTimeout(resolve, this.stepMs / 4));
      if (task.state >= State.SUCCEEDED) return;
      step.state = State.RUNNING;
      step.startTime = timestampFromDate(new Date());
      this.change(task, State.RUNNING);
      await new Promise((resolve) => setTimeout(resolve, this.stepMs));
      if (task.state >= State.SUCCEEDED) return;
      this.#end(step, State.SUCCEEDED);
      this.change(task, State.RUNNING);
    }
    this.finish(task.name);
  }

  #end(step: Task["steps"][number], state: State): void {
    if (step.state >= State.SUCCEEDED) return;
    step.state = state;
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
      if (task.state >= State.SUCCEEDED) return;
      await this.#bell.wait(signal);
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

const newTask = (request: CreateTaskRequest, count: number): Task => {
  const german = /[äöü]|\b(pro|zeige|welcher)\b/i.test(request.goal);
  const titles = german
    ? ["Aus der Tabelle beantworten", "Diagramm zeichnen"]
    : ["Answer from the table", "Draw the chart"];
  return create(TaskSchema, {
    name: `tasks/${String(count + 1).padStart(6, "0")}`,
    owner: "users/local",
    goal: request.goal,
    attachments: request.attachments,
    state: State.QUEUED,
    plan: {
      goal: request.goal,
      language: german ? "de" : "en",
      planner: "contract",
      steps: [
        {
          id: "answer",
          method: answerMethod,
          digest: "0".repeat(64),
          title: titles[0]!,
          inputs: [
            { field: "source", value: { case: "attachment", value: 0 } },
            {
              field: "question",
              value: {
                case: "literal",
                value: { kind: { case: "stringValue", value: request.goal } },
              },
            },
          ],
        },
        {
          id: "draw",
          method: drawMethod,
          title: titles[1]!,
          inputs: [
            {
              field: "table",
              value: { case: "output", value: { step: "answer", field: "table" } },
            },
          ],
        },
      ],
    },
    steps: [
      { id: "answer", state: State.QUEUED, title: titles[0]! },
      { id: "draw", state: State.QUEUED, title: titles[1]! },
    ],
    createTime: timestampFromDate(new Date()),
    revision: 1n,
    // The house has no index by request id; the trace of a task is as unique.
    traceId: request.requestId,
  });
};

const summaryOf = (task: Task) => ({
  name: task.name,
  goal: task.goal,
  state: task.state,
  outcome: task.answer?.text ?? task.problems[0]?.message ?? "",
  stepsDone: task.steps.filter(({ state }) => state === State.SUCCEEDED).length,
  stepCount: task.steps.length,
  ...(task.createTime ? { createTime: task.createTime } : {}),
  ...(task.endTime ? { endTime: task.endTime } : {}),
  revision: task.revision,
});

const workload = (id: string, kind: WorkloadKind, service: string): Workload =>
  create(WorkloadSchema, {
    name: `workloads/${id}-1`,
    identity: id,
    version: "0.1.0",
    kind,
    endpoints: [`in-process:${id}`],
    services: [{ name: service }],
    registerTime: timestampFromDate(new Date()),
  });

const residents: Workload[] = [
  workload("data", WorkloadKind.AGENT, "keiko.data.v1.DataService"),
  workload("visual", WorkloadKind.AGENT, "keiko.visual.v1.VisualService"),
  workload("orchestrator", WorkloadKind.BACKBONE, "keiko.task.v1.TaskService"),
  workload("registry", WorkloadKind.BACKBONE, "keiko.registry.v1.RegistryService"),
];

const skills: Skill[] = [
  create(SkillSchema, {
    name: `skills/${answerMethod}`,
    method: answerMethod,
    inputTypes: ["keiko.artifact.v1.File"],
    outputTypes: ["keiko.artifact.v1.Table"],
    workloads: ["workloads/data-1"],
    contract: {
      title: { en: "Answer from the table", de: "Aus der Tabelle beantworten" },
      summary: {
        en: "Computes counts, sums, means, medians, extremes, groups, filters and rankings over a table and says them in a sentence.",
        de: "Berechnet Anzahl, Summe, Mittelwert, Median, Extremwerte, Gruppen, Filter und Ranglisten über eine Tabelle und sagt sie in einem Satz.",
      },
      examplesEn: ["What is the mean precipitation per month?", "Which month was the wettest?"],
      examplesDe: [
        "Zeige mir den mittleren Niederschlag pro Monat",
        "Welcher Monat ist der nasseste?",
      ],
      effect: Effect.READ_ONLY,
      timeMax: { seconds: 60n },
    },
  }),
  create(SkillSchema, {
    name: `skills/${drawMethod}`,
    method: drawMethod,
    inputTypes: ["keiko.artifact.v1.Table"],
    outputTypes: ["keiko.artifact.v1.Chart"],
    workloads: ["workloads/visual-1"],
    contract: {
      title: { en: "Draw the chart", de: "Diagramm zeichnen" },
      summary: {
        en: "Draws a bar, line, scatter chart or histogram from a table.",
        de: "Zeichnet aus einer Tabelle ein Balken-, Linien- oder Streudiagramm oder ein Histogramm.",
      },
      examplesEn: ["as a bar chart", "Plot the temperature over time"],
      examplesDe: ["als Balkendiagramm", "Zeichne die Temperatur über die Zeit"],
      effect: Effect.READ_ONLY,
      timeMax: { seconds: 30n },
    },
  }),
];
