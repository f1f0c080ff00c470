/**
 * Contracts and plans drawn by chance. The compiler throws at none of them, and what it accepts can
 * only fail for the values that results have. A failure names its seed: `KEIKO_SEED=… npx vitest run
 * test/orchestrator/compile-chance.test.ts` draws the same again.
 */
import { create, type JsonValue } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { LimitsSchema, type Plan, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { type StoredPlan, StoredPlanSchema } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { type CompileEnvironment, compile } from "@keiko/orchestrator/compiler.ts";
import { instantiate } from "@keiko/orchestrator/instantiate.ts";
import { expect, test } from "vitest";
import { chanceOf } from "../support/generated/chance.ts";
import { drawContracts } from "../support/generated/contracts.ts";
import { mutate } from "../support/generated/mutations.ts";
import { drawPlan } from "../support/generated/plans.ts";
import { runPlan, TooLong } from "../support/generated/run.ts";
import { aFile, drawParameterValue } from "../support/generated/values.ts";

const contracts = 120;
const plans_per_contract = 8;

const limits = create(LimitsSchema, {
  timeMax: durationFromMs(24 * 3600_000),
  costMicrosMax: 1_000_000_000n,
});

interface Tally {
  compiled: number;
  accepted: number;
  ran: number;
}

function tryOne(seed: number, tally: Tally): void {
  const chance = chanceOf(seed);
  const methods = drawContracts(chance, `c${seed}`);
  const stored: StoredPlan[] = [];
  const environment: CompileEnvironment = {
    method: (path) => methods.find((one) => one.path === path),
    refusal: () => undefined,
    storedPlan: (name, version) =>
      stored.find((one) => one.name === name && [0, one.version].includes(version)),
    attachments: [aFile()],
    limits,
  };
  const attempt = (source: Plan) => {
    tally.compiled++;
    const { plan, problems } = compile(source, environment);
    for (const { field, message, remedy } of problems) {
      if (!field || !message || !remedy) throw new Error(`a problem says too little: ${field}`);
    }
    if (!plan) return;
    tally.accepted++;
    const again = compile(plan, environment);
    if (!again.plan) throw new Error(`what was compiled is refused: ${again.problems[0]!.message}`);
    run(plan);
  };
  const run = (plan: Plan) => {
    const inputs = Object.fromEntries(
      plan.parameters.map(({ name, type }) => [name, drawParameterValue(chance, type)]),
    );
    const made = instantiate(plan, inputs);
    if (!made.plan)
      throw new Error(`values of the right types are refused: ${made.problems[0]!.message}`);
    const ready = compile(made.plan, environment);
    // Types fit, as was found before; values may break rules.
    if (!ready.plan) return;
    tally.ran++;
    const runSubPlan = (step: Step, values: Record<string, JsonValue>) => {
      const found = stored.find(({ name }) => name === step.subPlan?.name)!;
      const { problems } = instantiate(found.plan!, values);
      if (problems[0])
        throw new Error(`a plan is given what it does not take: ${problems[0].message}`);
    };
    try {
      runPlan(ready.plan, { chance, method: environment.method, runSubPlan });
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    }
  };
  for (let index = 0; index < plans_per_contract; index++) {
    const plan = drawPlan(chance, methods, stored);
    attempt(plan);
    attempt(mutate(chance, plan));
    if (stored.length < 3) {
      const name = `plans/p${stored.length}`;
      if (compile(plan, environment).plan)
        stored.push(create(StoredPlanSchema, { name, version: 1, plan }));
    }
  }
}

test("whatever is drawn, the compiler answers, and what it accepts can run", {
  timeout: 120_000,
}, () => {
  const given = process.env.KEIKO_SEED;
  const first = given ? Number(given) : Math.floor(Math.random() * 1e9);
  const tally: Tally = { compiled: 0, accepted: 0, ran: 0 };
  for (let seed = first; seed < first + (given ? 1 : contracts); seed++) {
    try {
      tryOne(seed, tally);
    } catch (cause) {
      throw new Error(`again with KEIKO_SEED=${seed}: ${(cause as Error).message}`, { cause });
    }
  }
  if (given) return;
  // Else nothing much is shown by nothing going wrong.
  expect(tally.compiled).toBeGreaterThan(500);
  expect(tally.accepted).toBeGreaterThan(tally.compiled / 10);
  expect(tally.ran).toBeGreaterThan(tally.accepted / 2);
});
