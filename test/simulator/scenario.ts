/** What a seed stands for: plans, people and faults, as data, so that a failing one can be made smaller. */
import { create, fromJson, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, ValueSchema } from "@bufbuild/protobuf/wkt";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import {
  type BindingSchema,
  ConditionSchema,
  LimitsSchema,
  LoopSchema,
  ParameterType,
  type Plan,
  PlanSchema,
  type Step,
  StepSchema,
  Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { type Created, CreatedSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { worstOf, worstOfPlan } from "@keiko/orchestrator/compile/worst.ts";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { Random } from "./scheduler.ts";

type Binding = MessageInitShape<typeof BindingSchema>;

export interface Scenario {
  seed: number;
  orchestrators: number;
  workers: number;
  tasks: TaskScenario[];
  faults: Faults;
}

export interface TaskScenario {
  steps: Step[];
  /** Steps of the plans that are steps of it, by name. */
  plans: Record<string, Step[]>;
  /** Millionths of a euro. */
  granted: number;
  /** When who owns it stops it, has it wait and go on; 0: never. */
  cancel_ms: number;
  pause_ms: number;
  resume_ms: number;
}

/** Each can be left out when a failing scenario is made smaller; 0: it does not happen. */
export interface Faults {
  /** Kills of orchestrators within the time in which there are faults. */
  kills: number;
  /** How often an orchestrator is cut off from all others for a while. */
  cuts: number;
  /** Shares of calls, messages and steps. */
  lost: number;
  doubled: number;
  unheard: number;
  stalls: number;
  slow_ms: number;
  /** Steps that fail, are refused, are never heard of again, whose worker dies, and stands still. */
  failing: number;
  refused: number;
  swallowed: number;
  dying: number;
  standing: number;
  /** How wrong the clocks of orchestrators are, in milliseconds either way. */
  clock_ms: number;
}

/** Faults end after so long; then everything must come to an end. */
export const faulty_ms = 30_000;

const method = (name: string) => `${LedgerService.typeName}/${name}`;
const second = durationFromMs(1_000);

export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const often = (share: number) => (random.chance(0.6) ? random.next() * share : 0);
  return {
    seed,
    orchestrators: 1 + random.below(3),
    workers: 1 + random.below(3),
    tasks: Array.from({ length: 1 + random.below(3) }, () => taskOf(random)),
    faults: {
      kills: random.below(5),
      cuts: random.below(3),
      lost: often(0.05),
      doubled: often(0.1),
      unheard: often(0.2),
      stalls: often(0.02),
      slow_ms: 1 + random.below(20),
      failing: often(0.15),
      refused: often(0.05),
      swallowed: often(0.05),
      dying: often(0.1),
      standing: often(0.1),
      clock_ms: random.chance(0.3) ? random.below(20_000) : 0,
    },
  };
}

function taskOf(random: Random): TaskScenario {
  const plans: Record<string, Step[]> = {};
  const steps = stepsOf(random, 1 + random.below(7), plans);
  const price = steps.reduce((sum, step) => sum + priceOf(step), 0);
  const once = steps.reduce((sum, step) => sum + Number(step.costMicrosMax), 0);
  const enough = random.chance(0.7);
  return {
    steps,
    plans,
    granted: enough ? price * 3 : Math.floor(once * (0.5 + 1.5 * random.next())),
    cancel_ms: random.chance(0.15) ? random.below(faulty_ms) : 0,
    pause_ms: random.chance(0.15) ? random.below(10_000) : 0,
    resume_ms: 1_000 + random.below(20_000),
  };
}

/** `plans`: gets those that are steps of it; unset: there are none. */
function stepsOf(random: Random, count: number, plans?: Record<string, Step[]>): Step[] {
  const steps: Step[] = [];
  for (let n = 0; n < count; n++) {
    const step = stepOf(random, n, steps);
    steps.push(plans && random.chance(0.15) ? planStep(step, random, plans) : step);
  }
  return steps;
}

/** As the compiler fills it in, in place of another step that nothing can refer to then. */
function planStep({ id, after, when }: Step, random: Random, plans: Record<string, Step[]>): Step {
  const name = `plans/${id}`;
  const within = stepsOf(random, 1 + random.below(3));
  plans[name] = within;
  const plan = create(PlanSchema, { steps: within });
  const worst = worstOfPlan(plan, new Map(plan.steps.map((step) => [step, worstOf(step)])));
  const effect = Math.max(...within.map((step) => step.effect)) as Effect;
  const undo = {
    timeMax: durationFromMs(Math.max(1_000, worst.undo_ms)),
    costMicrosMax: worst.undo_micros,
    attemptsMax: 1,
  };
  return create(StepSchema, {
    id,
    after,
    when,
    subPlan: { name, version: 1 },
    effect,
    timeMax: durationFromMs(Math.max(1_000, worst.tried_ms)),
    attemptsMax: 1,
    costMicrosMax: worst.micros,
    ...(within.some((step) => step.undo) ? { undo } : {}),
  });
}

function priceOf({ costMicrosMax, undo, forEach }: Step): number {
  const runs = forEach ? Number(forEach.itemsMax) : 1;
  const back = Number(undo?.costMicrosMax ?? 0n) * (undo?.attemptsMax ?? 0);
  return (Number(costMicrosMax) + back) * runs;
}

type Kind = "range" | "total" | "reserve" | "pay" | "question" | "loop";

function stepOf(random: Random, n: number, before: readonly Step[]): Step {
  const id = `s${n}`;
  const kind = random.pick<Kind>([
    "range",
    "range",
    "total",
    "reserve",
    "reserve",
    "reserve",
    "pay",
    "question",
    "loop",
    "loop",
  ]);
  const after = before.filter(() => random.chance(0.3)).map((step) => step.id);
  const ranges = before.filter((step) => step.method === method("Range") && !step.forEach);
  const step = {
    ...madeOf(
      kind,
      random,
      ranges.map(({ id: one }) => one!),
    ),
    id,
    after,
  };
  const tested = ranges.length > 0 && random.chance(0.2) ? random.pick(ranges).id : undefined;
  if (!tested) return step;
  const value = fromJson(ValueSchema, random.below(4));
  const output = { step: tested, field: "limit" };
  const test = random.pick([Test.AT_LEAST, Test.LESS]);
  step.when.push(create(ConditionSchema, { output, test, value }));
  return step;
}

function madeOf(kind: Kind, random: Random, ranges: readonly string[]): Step {
  const source = ranges.length > 0 ? random.pick(ranges) : undefined;
  switch (kind) {
    case "range":
      return readOnly("Range", literal("limit", random.below(5)));
    case "total":
      return readOnly(
        "Total",
        source ? output("numbers", source, "numbers") : literal("numbers", ["1", "2"]),
      );
    case "reserve":
      return reserve(random, literal("amount", random.below(9)));
    case "pay":
      return create(StepSchema, {
        method: method("Pay"),
        effect: Effect.IRREVERSIBLE,
        timeMax: second,
        attemptsMax: 3,
        costMicrosMax: 1_000n,
        approval: {},
        inputs: [literal("purpose", "pay"), literal("amount", random.below(9))],
      });
    case "question":
      return create(StepSchema, {
        question: { text: "Is that right?", type: ParameterType.TRUTH },
      });
    case "loop": {
      if (!source) return reserve(random, literal("amount", 1));
      const over = { case: "output" as const, value: { step: source, field: "numbers" } };
      const item: Binding = { field: "amount", value: { case: "item", value: { field: "" } } };
      const step = reserve(random, item);
      step.forEach = create(LoopSchema, { over, itemsMax: 5, parallelMax: 1 + random.below(3) });
      return step;
    }
  }
}

function readOnly(name: string, input: Binding): Step {
  const retryWait = durationFromMs(100);
  const common = { effect: Effect.READ_ONLY, timeMax: second, attemptsMax: 4, retryWait };
  return create(StepSchema, {
    ...common,
    method: method(name),
    costMicrosMax: 10n,
    inputs: [input],
  });
}

function reserve(random: Random, amount: Binding): Step {
  return create(StepSchema, {
    method: method("Reserve"),
    effect: Effect.COMPENSATED,
    timeMax: second,
    attemptsMax: 3,
    costMicrosMax: 100n,
    undo: {
      method: method("Release"),
      timeMax: second,
      attemptsMax: 30,
      costMicrosMax: BigInt(random.below(60)),
    },
    ...(random.chance(0.15) ? { approval: {} } : {}),
    inputs: [literal("purpose", "reserve"), amount],
  });
}

function literal(field: string, value: JsonValue): Binding {
  return { field, value: { case: "literal", value: fromJson(ValueSchema, value) } };
}

function output(field: string, step: string, from: string): Binding {
  return { field, value: { case: "output", value: { step, field: from } } };
}

export const owner = "users/ann";
export const other = "users/bob";

export function createdOf(
  { steps, granted }: Pick<TaskScenario, "steps" | "granted">,
  name: string,
): Created {
  const plan: Plan = create(PlanSchema, { goal: "simulated", language: "en", steps });
  const limits = create(LimitsSchema, {
    costMicrosMax: BigInt(granted),
    timeMax: durationFromMs(600_000),
  });
  return create(CreatedSchema, {
    name,
    owner,
    goal: "simulated",
    plan,
    limits,
    traceId: "0".repeat(32),
  });
}
