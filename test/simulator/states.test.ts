/** The tables of states in the orchestrator's README are what the code does, row by row. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { ParameterType, PlanSchema, ProblemSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  CreatedSchema,
  type Transition,
  TransitionSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { begin, next } from "@keiko/orchestrator/machine.ts";
import { expect, test } from "vitest";
import { scenarioOf } from "./scenario.ts";
import { simulate } from "./simulate.ts";
import { type Observed, observe, rowsUnder } from "./states.ts";

const values = { holds: () => true, count: () => 0, words: () => "" };

test("each row is seen, and nothing that is no row", async () => {
  const page = await readFile(
    join(import.meta.dirname, "../../services/orchestrator/README.md"),
    "utf8",
  );
  const seen: Observed = { tasks: new Set(), runs: new Set() };
  const problems = [create(ProblemSchema)];
  const { events } = begin(create(CreatedSchema, { name: "tasks/t" }), problems, {
    now: 0,
    values,
  });
  observe([create(TransitionSchema, { events })], seen);
  observe(pausedWhileAsked(), seen);
  for (let seed = 1; seed <= 200; seed++) {
    for (const journal of (await simulate(scenarioOf(seed))).journals) observe(journal, seen);
  }
  expect(rowsUnder("## States of a task", page).sort()).toEqual([...seen.tasks].sort());
  expect(rowsUnder("## States of a run", page).sort()).toEqual([...seen.runs].sort());
}, 300_000);

/** People answer soon, and a pause that ends before they do is rare. */
function pausedWhileAsked(): Transition[] {
  const question = { text: "Is that right?", type: ParameterType.TRUTH };
  const plan = create(PlanSchema, { steps: [{ id: "q", question }] });
  const created = create(CreatedSchema, { name: "tasks/q", plan });
  const given = { now: 0, values };
  const { task, events } = begin(created, [], given);
  const said = (["pause", "resume"] as const).map((kind) => next(task, { kind, by: "" }, given));
  return [events, ...said].map((one) => create(TransitionSchema, { events: one }));
}
