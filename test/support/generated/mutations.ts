/** Plans with something wrong in them. */
import { clone, create, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Binding,
  BindingSchema,
  ConditionSchema,
  LoopItemSchema,
  LoopSchema,
  ParameterSchema,
  type Plan,
  PlanSchema,
  QuestionSchema,
  type Step,
  StepOutputSchema,
  StepSchema,
  SubPlanSchema,
  type Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Chance } from "./chance.ts";
import { asValue } from "./plans.ts";

/** The plan with one thing changed, mostly to something wrong. */
export function mutate(chance: Chance, source: Plan): Plan {
  const plan = clone(PlanSchema, source);
  const step = chance.of(plan.steps);
  const changes = [
    ...planChanges(chance, plan, step),
    ...stepChanges(chance, step, chance.of(plan.steps)),
    ...(step.inputs.length > 0 ? bindingChanges(chance, plan, step, chance.of(step.inputs)) : []),
  ];
  chance.of(changes)();
  return plan;
}

function planChanges(chance: Chance, plan: Plan, { id }: Step): (() => unknown)[] {
  const answer = `{${id}.nope} {ghost.text} {${id}.choice} {} {{}}`;
  return [
    () => plan.steps.reverse(),
    () => plan.steps.push(clone(StepSchema, chance.of(plan.steps))),
    () => Object.assign(plan, { answer }),
    () => Object.assign(plan, { result: chance.of(["ghost", id]) }),
    () => plan.parameters.push(create(ParameterSchema, { name: "text", type: 99 as never })),
    () => plan.parameters.splice(0),
  ];
}

function stepChanges(chance: Chance, step: Step, other: Step): (() => unknown)[] {
  const change = (init: Partial<Step>) => () => Object.assign(step, init);
  const text = `{${other.id}.id}`;
  const over = { case: "parameter" as const, value: "text" };
  return [
    change({ method: chance.of(["", "a.B/C", other.method]) }),
    change({ id: chance.of(["", other.id, "x"]) }),
    change({ subPlan: create(SubPlanSchema, { name: "plans/ghost", version: -1 }) }),
    change({ subPlan: create(SubPlanSchema, { name: "plans/p0", version: 7 }) }),
    change({ question: create(QuestionSchema, { text, type: 9 as never, options: ["a"] }) }),
    change({ forEach: create(LoopSchema) }),
    change({ forEach: create(LoopSchema, { over }) }),
    change({ attemptsMax: 99 }),
    change({ costMicrosMax: -1n }),
    change({ inputs: [] }),
    () => step.after.push(chance.of(["", "ghost", step.id])),
    () => step.when.push(create(ConditionSchema, { test: chance.index(12) as Test })),
    () =>
      step.when.push(
        create(ConditionSchema, {
          output: { step: other.id, field: "part.id" },
          test: chance.index(10) as Test,
          value: create(ValueSchema),
        }),
      ),
  ];
}

function bindingChanges(
  chance: Chance,
  plan: Plan,
  step: Step,
  binding: Binding,
): (() => unknown)[] {
  const bind = (value: Binding["value"]) => () => Object.assign(binding, { value });
  const output = (id: string, field: string) =>
    bind({ case: "output", value: create(StepOutputSchema, { step: id, field }) });
  const odd = chance.of<JsonValue>([null, {}, [], [[1]], "x", -1, 1e300, true]);
  const noNumber = create(ValueSchema, { kind: { case: "numberValue", value: Number.NaN } });
  const names = ["", ".", "part.id", "part..id", "choice", "toString", "constructor.name"];
  return [
    () => Object.assign(binding, { field: chance.of(names) }),
    () => Object.assign(binding, { fallback: asValue(odd) }),
    () => step.inputs.push(clone(BindingSchema, binding)),
    bind({ case: undefined }),
    bind({ case: "literal", value: create(ValueSchema) }),
    bind({ case: "literal", value: noNumber }),
    bind({ case: "literal", value: asValue(odd) }),
    bind({ case: "attachment", value: 31 }),
    bind({ case: "parameter", value: "texts" }),
    bind({ case: "item", value: create(LoopItemSchema, { field: "part.id" }) }),
    output(step.id, "id"),
    output(chance.of(plan.steps).id, "part.part.id"),
  ];
}
