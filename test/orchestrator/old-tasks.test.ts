/** Tasks that are older than whatever runs them now. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { durationFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { LimitsSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { TransitionSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createJournal } from "@keiko/orchestrator/journal.ts";
import { begin } from "@keiko/orchestrator/machine.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { Ledger, ledgerAgent } from "../support/ledger-agent.ts";
import { literal, output, planOf } from "../support/plans.ts";

const question = "Shall 5 be paid?";
const day_ms = 24 * 3600_000;
const ledgerMethod = (name: string) => `${LedgerService.typeName}/${name}`;

let home: string;
let ledger: Ledger;
let keiko: TestKeiko;

const start = () => startKeiko({ home, agents: () => [ledgerAgent(ledger)] });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-old-"));
  ledger = new Ledger(join(home, "ledger.db"));
  keiko = await start();
});
afterAll(async () => {
  await keiko.stop();
  ledger.close();
  await rm(home, { recursive: true, force: true });
});

/** Asks at once, may be answered for as long as a plan can say, and has two steps after the answer. */
function plan() {
  const inputs = [literal("purpose", "old"), literal("amount", 5)];
  return planOf(
    {
      id: "p",
      method: ledgerMethod("Pay"),
      inputs,
      approval: { timeMax: durationFromMs(30 * day_ms), text: question },
    },
    { id: "r", method: ledgerMethod("Range"), inputs: [literal("limit", 3)], after: ["p"] },
    { id: "t", method: ledgerMethod("Total"), inputs: [output("numbers", "r", "numbers")] },
  );
}

/** A journal as the orchestrator would have written it then: its own first transition, its own clock. */
async function waitingSince(time_ms: number, name: string): Promise<void> {
  const limits = create(LimitsSchema, { costMicrosMax: 1_000_000n });
  const { task } = await keiko.client(TaskService).createTask({ plan: plan(), limits });
  const [first] = await keiko.substrate.log.read(task!.name, { limit: 1 });
  const [event] = fromBinary(TransitionSchema, first!.payload).events;
  if (event?.kind.case !== "created") expect.fail("a journal begins with the task");
  await keiko.client(TaskService).cancelTask({ name: task!.name });
  await keiko.stop();
  const substrate = await openEmbedded({ home });
  const values = { holds: () => true, count: () => 0, words: () => question };
  const written = begin({ ...event.kind.value, name }, [], { now: time_ms, values });
  await createJournal(substrate.log).append(written.task, written.events, time_ms);
  await substrate.close();
  keiko = await start();
}

describe("a task that has waited for a month", () => {
  const name = "tasks/00000000000000000000000001";

  test("goes on when it is answered, and has all of its own time", async () => {
    const created = Date.now() - 30 * day_ms + 60_000;
    await waitingSince(created, name);
    const tasks = keiko.client(TaskService);
    const { decisions } = await tasks.listDecisions({});
    expect(decisions.map(({ task }) => task)).toEqual([name]);
    const { task: waits } = await tasks.getTask({ name });
    expect(waits).toMatchObject({ state: State.WAITING });
    expect(timestampMs(waits!.createTime!)).toBe(created);
    await tasks.answerStep({ name, step: "p", answer: { case: "agree", value: true } });
    for await (const { task } of tasks.watchTask({ name })) {
      if (!task?.endTime) continue;
      expect(task.problems).toEqual([]);
      expect(task.state).toBe(State.SUCCEEDED);
      expect(task.steps[2]?.responseJson).toBe('{"total":"6"}');
    }
    expect(ledger.rows()).toHaveLength(1);
    expect((await tasks.replayTask({ name })).divergence).toBeUndefined();
  });

  test("a word that comes when its time is over comes too late", async () => {
    const late = "tasks/00000000000000000000000002";
    await waitingSince(Date.now() - 30 * day_ms - 60_000, late);
    const tasks = keiko.client(TaskService);
    const ended = async () => (await tasks.getTask({ name: late })).task?.state;
    await expect.poll(ended).toBe(State.FAILED);
    const word = tasks.answerStep({
      name: late,
      step: "p",
      answer: { case: "agree", value: true },
    });
    await expect(word).rejects.toThrow();
    expect(ledger.rows()).toHaveLength(1);
  });
});
