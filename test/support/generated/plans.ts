/** Plans over drawn contracts, such as mostly make sense. */
import { create, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { durationFromMs, ListValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  ApprovalSchema,
  type Binding,
  BindingSchema,
  ConditionSchema,
  LoopItemSchema,
  LoopSchema,
  ParameterType,
  type Plan,
  PlanSchema,
  QuestionSchema,
  ReplySchema,
  type Step,
  StepOutputSchema,
  StepSchema,
  SubPlanSchema,
  Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { jsonOfField, readField } from "@keiko/orchestrator/field-values.ts";
import {
  fits,
  fitsParameter,
  parameterFits,
  type Type,
  typeOf,
} from "@keiko/orchestrator/types.ts";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { rulesOf } from "@keiko/runtime/contracts.ts";
import type { Chance } from "./chance.ts";
import { drawMessageOf, drawParameterValue } from "./values.ts";

interface Earlier {
  id: string;
  message: DescMessage;
  loops: boolean;
}

interface Drawing {
  chance: Chance;
  methods: readonly CatalogMethod[];
  stored: readonly StoredPlan[];
  plan: Plan;
  earlier: Earlier[];
}

const types = [1, 2, 3, 4, 5, 6] as ParameterType[];

export function drawPlan(
  chance: Chance,
  methods: readonly CatalogMethod[],
  stored: readonly StoredPlan[],
): Plan {
  const plan = create(PlanSchema, {
    goal: "drawn",
    parameters: types.slice(0, chance.index(6)).map((type) => ({
      name: ParameterType[type].toLowerCase(),
      type,
      ...(chance.percent(40) ? { default: asValue(drawParameterValue(chance, type)) } : {}),
    })),
  });
  const drawing: Drawing = { chance, methods, stored, plan, earlier: [] };
  const count = 1 + chance.index(5);
  for (let index = 0; index < count; index++) plan.steps.push(drawStep(drawing, `s${index}`));
  // Whoever names every result leaves no step without a use.
  const named = drawing.earlier.flatMap(({ id, message }) => {
    const field = message.fields.find(({ fieldKind }) => fieldKind === "scalar");
    return field ? [`{${id}.${field.name}}`] : [];
  });
  if (chance.percent(60)) plan.answer = named.join(" ");
  if (chance.percent(80))
    plan.steps.at(-1)!.after.push(...drawing.earlier.slice(0, -1).map(({ id }) => id));
  return plan;
}

function drawStep(drawing: Drawing, id: string): Step {
  const { chance, methods, stored, earlier } = drawing;
  const step = create(StepSchema, { id });
  let message: DescMessage = ReplySchema;
  const kind = chance.index(100);
  if (kind < 10) {
    step.question = create(QuestionSchema, { text: "How much?", type: chance.of(types) });
  } else if (kind < 20 && stored.length > 0) {
    const { name, plan } = chance.of(stored);
    step.subPlan = create(SubPlanSchema, { name });
    step.inputs.push(...drawParameters(drawing, plan!));
    message = chance.of(methods).method.output;
  } else {
    const found = chance.of(methods);
    step.method = found.path;
    message = found.method.output;
    if (chance.percent(25)) drawLoop(drawing, step);
    for (const field of found.method.input.fields) {
      const needed = rulesOf(field).required || rulesOf(field).type.case !== undefined;
      if (!needed && chance.percent(35)) continue;
      if (field.oneof && step.inputs.length > 0 && chance.percent(80)) continue;
      const binding = drawBinding(drawing, step, field.name, typeOf(field), () => {
        const drawn = drawMessageOf(chance, found.method.input, { sparse: false, marks: false });
        const value = readField(drawn, field);
        return value === undefined ? undefined : jsonOfField(field, value);
      });
      if (binding) step.inputs.push(binding);
    }
  }
  if (chance.percent(35)) drawCondition(drawing, step);
  if (chance.percent(10) && !step.question)
    step.approval = create(ApprovalSchema, { text: "Shall I?" });
  if (chance.percent(10) && step.method) step.timeMax = durationFromMs(1);
  earlier.push({ id, message, loops: step.forEach !== undefined });
  return step;
}

/** Values for the parameters of a plan that is a step. */
function drawParameters({ chance, earlier }: Drawing, { parameters }: Plan): Binding[] {
  return parameters.flatMap(({ name, type, default: fallback }) => {
    if (fallback && chance.percent(50)) return [];
    const outputs = earlier.flatMap(({ id, message, loops }) =>
      loops
        ? []
        : pathsOf(message)
            .filter((one) => fitsParameter(one.type, type))
            .map(({ path }) => create(StepOutputSchema, { step: id, field: path })),
    );
    const value: Binding["value"] =
      outputs.length > 0 && chance.percent(60)
        ? { case: "output", value: chance.of(outputs) }
        : { case: "literal", value: asValue(drawParameterValue(chance, type)) };
    return [create(BindingSchema, { field: name, value })];
  });
}

function drawLoop({ chance, earlier, plan }: Drawing, step: Step): void {
  const itemsMax = 3 + chance.index(5);
  const lists = earlier.flatMap(({ id, message, loops }) =>
    message.fields.flatMap((field) =>
      (field.fieldKind === "list") !== loops ? [{ step: id, field: field.name }] : [],
    ),
  );
  if (lists.length > 0 && chance.percent(70)) {
    const over = { case: "output" as const, value: chance.of(lists) };
    step.forEach = create(LoopSchema, { over, itemsMax });
  } else if (plan.parameters.some(({ name }) => name === "texts") && chance.percent(50)) {
    step.forEach = create(LoopSchema, { over: { case: "parameter", value: "texts" }, itemsMax });
  } else {
    const elements = chance.of<JsonValue[]>([
      [],
      [1, 2],
      [0, -3],
      ["a", "text"],
      ["", "more text than fits"],
      [{ id: 1 }, { id: -2 }],
    ]);
    const value = fromJson(ListValueSchema, elements);
    step.forEach = create(LoopSchema, { over: { case: "literal", value }, itemsMax });
  }
}

/** Undefined: nothing fits. */
function drawBinding(
  { chance, earlier, plan }: Drawing,
  step: Step,
  field: string,
  to: Type,
  literal: () => JsonValue | undefined,
): Binding | undefined {
  const json = literal();
  const outputs = earlier.flatMap(({ id, message, loops }) =>
    pathsOf(message).flatMap(({ path, type }) => {
      const from: Type = loops ? { kind: "list", element: type as never } : type;
      return fits(from, to) ? [{ step: id, field: path }] : [];
    }),
  );
  const bind = (value: Binding["value"]) => {
    const fallback = value.case === "output" && json !== undefined && chance.percent(30);
    return create(BindingSchema, {
      field,
      value,
      ...(fallback ? { fallback: asValue(json) } : {}),
    });
  };
  if (step.forEach && chance.percent(30)) {
    return bind({
      case: "item",
      value: create(LoopItemSchema, { field: chance.of(["", "", "id"]) }),
    });
  }
  if (outputs.length > 0 && chance.percent(70)) {
    return bind({ case: "output", value: create(StepOutputSchema, chance.of(outputs)) });
  }
  const fitting = plan.parameters.filter(({ type }) => parameterFits(type, to));
  if (fitting.length > 0 && chance.percent(50)) {
    return bind({ case: "parameter", value: chance.of(fitting).name });
  }
  const isFile = to.kind === "message" && to.message.name === "File";
  if (isFile && chance.percent(50)) return bind({ case: "attachment", value: 0 });
  return json === undefined ? undefined : bind({ case: "literal", value: asValue(json) });
}

/** Fields, and fields of messages in them. */
function pathsOf(message: DescMessage, prefix = "", depth = 0): { path: string; type: Type }[] {
  if (depth > 1) return [];
  return message.fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    const inner =
      field.fieldKind === "message" ? pathsOf(field.message, `${path}.`, depth + 1) : [];
    return [{ path, type: typeOf(field) }, ...inner];
  });
}

function drawCondition({ chance, earlier }: Drawing, step: Step): void {
  if (earlier.length === 0) return;
  const { id, message } = chance.of(earlier);
  if (message.fields.length === 0) return;
  const field = chance.of(message.fields);
  const test = chance.of([1, 2, 3, 5, 7, 8, 9] as Test[]);
  const drawn = readField(drawMessageOf(chance, message, { sparse: false, marks: false }), field);
  const unary = test === Test.PRESENT || test === Test.ABSENT || drawn === undefined;
  step.when.push(
    create(ConditionSchema, {
      output: { step: id, field: field.name },
      test: drawn === undefined ? Test.PRESENT : test,
      ...(unary ? {} : { value: asValue(jsonOfField(field, drawn)) }),
    }),
  );
}

export const asValue = (json: JsonValue) => fromJson(ValueSchema, json);
