// A small Keiko for tests: the real contracts behind a real HTTP/2 port, with tasks that a test
// steers. What it says is what the services of the same name say.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type DescFile, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ArtifactService } from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type CompilePlanRequest,
  type CompilePlanResponseSchema,
  type CreatePlanResponseSchema,
  PlanService,
  type StoredPlanSchema,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { State, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  type AnswerStepRequest,
  type CreateTaskRequest,
  type DecisionSchema,
  type ReplayTaskRequest,
  type ReplayTaskResponseSchema,
  TaskService,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";

export type TaskInit = MessageInitShape<typeof TaskSchema>;

type Compile = (request: CompilePlanRequest) => MessageInitShape<typeof CompilePlanResponseSchema>;

export interface TestKeiko {
  readonly home: string;
  readonly port: number;
  /** What was asked for. */
  readonly created: CreateTaskRequest[];
  readonly cancelled: string[];
  /** Words on what waits; after each the next state of the task is the last one. */
  readonly answers: AnswerStepRequest[];
  /** What waits, and what a replay finds. */
  decisions: MessageInitShape<typeof DecisionSchema>[];
  replay: MessageInitShape<typeof ReplayTaskResponseSchema>;
  /** What was asked to be replayed. */
  replayed: ReplayTaskRequest[];
  /** By name; "plans/needed" cannot be deleted. */
  readonly stored: Map<string, MessageInitShape<typeof StoredPlanSchema>>;
  /** Bytes by artifact name; what was uploaded is here too. */
  readonly files: Map<string, Buffer>;
  keep(filename: string, mediaType: string, text: string): MessageInitShape<typeof FileSchema>;
  /** The states that the next task goes through, the last one final. */
  tell(...states: TaskInit[]): void;
  plan(response: MessageInitShape<typeof CreatePlanResponseSchema>): void;
  /** What is said of plans that are to be checked; may throw. */
  check(answer: Compile): void;
  /** Breaks every connection, as a restart does. */
  breakConnections(): void;
  close(): Promise<void>;
}

const TOKEN = "a-token-of-at-least-thirty-two-letters";

export async function startKeiko(): Promise<TestKeiko> {
  const home = await mkdtemp(join(tmpdir(), "keiko-cli-"));
  const sessions = new Set<ServerHttp2Session>();
  const created: CreateTaskRequest[] = [];
  const cancelled: string[] = [];
  const told: Pick<TestKeiko, "answers" | "decisions" | "replay" | "replayed" | "stored"> = {
    answers: [],
    decisions: [],
    replay: {},
    replayed: [],
    stored: new Map(),
  };
  const files = new Map<string, Buffer>();
  let states: TaskInit[] = [];
  let plan: MessageInitShape<typeof CreatePlanResponseSchema> = {};
  let compile: Compile = () => ({});
  let stop = Promise.withResolvers<void>();

  const keep = (filename: string, mediaType: string, bytes: Buffer) => {
    const name = `artifacts/${createHash("sha256").update(bytes).digest("hex")}`;
    files.set(name, bytes);
    return { name, filename, mediaType, sizeBytes: BigInt(bytes.length) };
  };
  const taskAt = (n: number) => create(TaskSchema, { name: "tasks/0abc-1", ...states[n] });

  const routes = (router: ConnectRouter) => {
    router.service(ArtifactService, {
      async writeFile(requests) {
        const pieces: Uint8Array[] = [];
        let head = { filename: "", mediaType: "" };
        for await (const { filename, mediaType, content } of requests) {
          if (pieces.length === 0) head = { filename, mediaType };
          pieces.push(content);
        }
        return { file: keep(head.filename, head.mediaType, Buffer.concat(pieces)) };
      },
      async *readFile({ name }) {
        const bytes = files.get(name);
        if (!bytes) throw new ConnectError(`there is no file ${name}`, Code.NotFound);
        const half = Math.ceil(bytes.length / 2);
        yield { content: bytes.subarray(0, half) };
        yield { content: bytes.subarray(half) };
      },
    });
    router.service(TaskService, {
      async createTask(request) {
        created.push(request);
        return { task: taskAt(0) };
      },
      async getTask({ name }) {
        if (name === "tasks/0abc-1") return { task: taskAt(states.length - 1) };
        throw new ConnectError(`there is no task ${name}`, Code.NotFound, undefined, [
          {
            desc: ErrorInfoSchema,
            value: {
              reason: Reason.NOT_FOUND,
              field: "name",
              remedy: "list your tasks with ListTasks",
            },
          },
        ]);
      },
      async listTasks({ pageSize }) {
        const { goal = "", state = State.SUCCEEDED } = taskAt(states.length - 1);
        return { tasks: [{ name: "tasks/0abc-1", goal, state }].slice(0, pageSize) };
      },
      pauseTask: async () => ({ task: { ...taskAt(0), state: State.PAUSED } }),
      resumeTask: async () => ({ task: { ...taskAt(0), state: State.RUNNING } }),
      async answerStep(request) {
        told.answers.push(request);
        return { state: State.RUNNING };
      },
      listDecisions: async () => ({ decisions: told.decisions }),
      async recordTask({ name }) {
        const created = { kind: { case: "created" as const, value: { name } } };
        return { recorded: { transitions: [{ events: [created] }] } };
      },
      async replayTask(request) {
        told.replayed.push(request);
        return told.replay;
      },
      async *watchTask() {
        // What waited has been answered: only the end is left.
        if (told.answers.length > 0) return void (yield { task: taskAt(states.length - 1) });
        for (let n = 0; n < states.length; n++) {
          const task = taskAt(n);
          yield { task };
          if (states.length > 1 && n === states.length - 2 && task.goal === "long")
            await stop.promise;
        }
      },
      async cancelTask({ name }) {
        cancelled.push(name);
        stop.resolve();
        return { task: taskAt(states.length - 1) };
      },
    });
    router.service(PlanService, {
      createPlan: async () => plan,
      compilePlan: async (request) => compile(request),
      async storePlan({ name, plan: given }) {
        if (given?.steps.length === 0) return { problems: [{ message: "It has no step." }] };
        const version = (told.stored.get(name)?.version ?? 0) + 1;
        const kept = { name, version, ...(given ? { plan: given } : {}) };
        told.stored.set(name, kept);
        return { plan: kept };
      },
      getPlan: async ({ name }) => ({ plan: told.stored.get(name) ?? { name } }),
      listPlans: async () => ({ plans: [...told.stored.values()] }),
      async deletePlan({ name }) {
        if (name === "plans/needed")
          throw new ConnectError("tasks/0abc-1 needs it", Code.FailedPrecondition);
        told.stored.delete(name);
        return {};
      },
      async setTriggers({ name, triggers }) {
        const kept = { ...told.stored.get(name), name, triggers };
        told.stored.set(name, kept);
        return { plan: kept };
      },
    });
    router.service(RegistryService, {
      async getDescriptors({ service }) {
        if (service === TaskService.typeName)
          return { descriptors: descriptorsOf(TaskService.file) };
        if (service === ArtifactService.typeName)
          return { descriptors: descriptorsOf(ArtifactService.file) };
        throw new ConnectError(`nobody serves ${service}`, Code.NotFound);
      },
      async searchSkills({ query }) {
        const skill = {
          method: "keiko.data.v1.DataService/AnswerQuestion",
          inputTypes: ["keiko.artifact.v1.File"],
          outputTypes: ["keiko.artifact.v1.Table"],
          contract: { summary: { en: "Answers questions." } },
        };
        return { skills: query === "nothing" ? [] : [{ skill }] };
      },
    });
  };

  const adapter = connectNodeAdapter({ routes });
  const server = createServer((request, response) => {
    if (request.headers.authorization === `Bearer ${TOKEN}`) return void adapter(request, response);
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ code: "unauthenticated", message: "nobody is signed in" }));
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await writeFile(join(home, "address"), `http://127.0.0.1:${port}\n`);
  await writeFile(join(home, "token"), `${TOKEN}\n`);
  const breakConnections = () => {
    for (const session of sessions) session.destroy();
  };
  return Object.assign(told, {
    home,
    port,
    created,
    cancelled,
    files,
    keep: (filename: string, mediaType: string, text: string) =>
      keep(filename, mediaType, Buffer.from(text)),
    tell(...next: TaskInit[]) {
      states = next;
      stop = Promise.withResolvers();
    },
    plan(response: MessageInitShape<typeof CreatePlanResponseSchema>) {
      plan = response;
    },
    check(answer: Compile) {
      compile = answer;
    },
    breakConnections,
    async close() {
      breakConnections();
      server.close();
      await rm(home, { recursive: true });
    },
  });
}

/** A file and all that it imports, imports first. */
function descriptorsOf(file: DescFile): Uint8Array {
  const files = new Map<string, DescFile>();
  const add = (one: DescFile) => {
    if (files.has(one.name)) return;
    for (const imported of one.dependencies) add(imported);
    files.set(one.name, one);
  };
  add(file);
  const set = create(FileDescriptorSetSchema, {
    file: [...files.values()].map(({ proto }) => proto),
  });
  return toBinary(FileDescriptorSetSchema, set);
}
