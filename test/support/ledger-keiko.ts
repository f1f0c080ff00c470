/** A real Keiko in this process with the ledger's agent, and short ways to say what tests of plans say. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { LimitsSchema, PlanSchema, type StepSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { afterAll, beforeAll, expect } from "vitest";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { startKeiko, type TestKeiko } from "./keiko.ts";
import { Ledger, ledgerAgent } from "./ledger-agent.ts";
import { literal } from "./plans.ts";

export type NewStep = MessageInitShape<typeof StepSchema>;

export function step(
  id: string,
  method: string,
  inputs: NewStep["inputs"],
  more: NewStep = {},
): NewStep {
  return { id, method: `${LedgerService.typeName}/${method}`, inputs: inputs ?? [], ...more };
}

export const reserve = (id: string, purpose: string, more: NewStep = {}) =>
  step(id, "Reserve", [literal("purpose", purpose), literal("amount", 5)], more);
export const pay = (id: string, purpose: string, more: NewStep = {}) =>
  step(id, "Pay", [literal("purpose", purpose), literal("amount", 5)], more);
export const range = (id: string, limit: number, more: NewStep = {}) =>
  step(id, "Range", [literal("limit", limit)], more);

export const rich = create(LimitsSchema, { costMicrosMax: 1_000_000n });

export async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.fail("it should have been refused"),
    (cause) => ConnectError.from(cause),
  );
  return { code: error.code, reason: errorInfo(error)?.reason, message: error.rawMessage };
}

type TestAgent = ReturnType<typeof ledgerAgent>;

/** Starts it before the tests of a file, and stops it after them. */
export function ledgerKeiko() {
  let keiko: TestKeiko;
  let ledger: Ledger;
  let folder: string;
  /** What is awaited before an effect, by its purpose. */
  const before = new Map<string, () => Promise<void>>();
  const agents = () => [ledgerAgent(ledger, async (purpose) => before.get(purpose)?.())];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "keiko-ledger-"));
    ledger = new Ledger(join(folder, "ledger.db"));
    keiko = await startKeiko({ home: folder, agents });
  });
  afterAll(async () => {
    await keiko.stop();
    ledger.close();
    await rm(folder, { recursive: true, force: true });
  });

  const tasks = () => keiko.client(TaskService);
  /** The first state of the task that the condition holds for. */
  const when = async (name: string, holds: (task: Task) => boolean): Promise<Task> => {
    for await (const { task } of tasks().watchTask({ name })) if (holds(task!)) return task!;
    throw new Error("the task ended before");
  };
  return {
    before,
    tasks,
    when,
    keiko: () => keiko,
    plans: () => keiko.client(PlanService),
    async run(steps: NewStep[], more: MessageInitShape<typeof PlanSchema> = {}, limits = rich) {
      const plan = create(PlanSchema, { goal: "probe", language: "en", steps, ...more });
      const { task } = await tasks().createTask({ plan, limits });
      return task!;
    },
    ended: (name: string) => when(name, ({ endTime }) => endTime !== undefined),
    waiting: (name: string) => when(name, ({ state }) => state === State.WAITING),
    rows: (purpose: string) => ledger.rows().filter((row) => row.purpose === purpose),
    /** With further agents, if there are to be. */
    async restart(more: (ledger: Ledger) => TestAgent[] = () => []) {
      await keiko.stop();
      keiko = await startKeiko({ home: folder, agents: () => [...agents(), ...more(ledger)] });
    },
  };
}
