// Changes to a plan that is being written. Each gives a new message and leaves the old one as it
// was, so that the editor can go back. Pure.

import { clone, create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Binding,
  BindingSchema,
  type Parameter,
  ParameterSchema,
  ParameterType,
  type Plan,
  PlanSchema,
  type Step,
  StepSchema,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { needsOf } from "./plan-graph.ts";

export const idMax = 63;
export const idPattern = /^[a-z][a-z0-9_-]{0,62}$/;
export const parameterPattern = /^[a-z][a-z0-9_]{0,62}$/;
export const planIdPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** "{step.field}" in a text. */
export const reference = /\{([a-z][a-z0-9_-]*)\.([a-z][a-z0-9_.]*)\}/g;

export const emptyPlan = (language: "de" | "en"): Plan =>
  create(PlanSchema, { language, planner: "person" });

/** A copy, changed. */
export function changed(plan: Plan, change: (draft: Plan) => void): Plan {
  const draft = clone(PlanSchema, plan);
  change(draft);
  return draft;
}

export const stepOf = (plan: Plan, id: string): Step | undefined =>
  plan.steps.find((step) => step.id === id);

export function changeStep(plan: Plan, id: string, change: (step: Step) => void): Plan {
  return changed(plan, (draft) => {
    const step = stepOf(draft, id);
    if (step) change(step);
  });
}

/** A name in the letters that ids have, that no other has: "draw_chart", "draw_chart_2". */
export function freshName(wanted: string, taken: readonly string[]): string {
  const letters = wanted
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+/, "")
    .replace(/_+$/, "")
    .slice(0, idMax - 4);
  const base = letters || "step";
  if (!taken.includes(base)) return base;
  for (let count = 2; ; count++) {
    if (!taken.includes(`${base}_${count}`)) return `${base}_${count}`;
  }
}

/** Puts a step last, under an id made from `wanted`. */
export function addStep(
  plan: Plan,
  wanted: string,
  init: Omit<Extract<MessageInitShape<typeof StepSchema>, { $typeName?: never }>, "id">,
): { plan: Plan; id: string } {
  const id = freshName(
    wanted,
    plan.steps.map((step) => step.id),
  );
  return { id, plan: changed(plan, (d) => d.steps.push(create(StepSchema, { ...init, id }))) };
}

/** Takes a step out, and with it what others took from it; texts that name it are left as written. */
export function removeStep(plan: Plan, id: string): Plan {
  return changed(plan, (draft) => {
    draft.steps = draft.steps.filter((step) => step.id !== id);
    if (draft.result === id) draft.result = "";
    for (const step of draft.steps) {
      step.inputs = step.inputs.filter(
        ({ value }) => value.case !== "output" || value.value.step !== id,
      );
      step.after = step.after.filter((other) => other !== id);
      step.when = step.when.filter(({ output }) => output?.step !== id);
      const { over } = step.forEach ?? {};
      if (over?.case === "output" && over.value.step === id) dropLoop(step);
    }
  });
}

/** Without a loop there are no elements. */
export function dropLoop(step: Step): void {
  delete step.forEach;
  step.inputs = step.inputs.filter(({ value }) => value.case !== "item");
}

/** Ids of the steps that must stand before this one, those that its texts name included. */
export function needs(step: Step): string[] {
  const texts = [step.approval?.text ?? "", step.question?.text ?? ""];
  const named = texts.flatMap((one) => [...one.matchAll(reference)].map(([, id = ""]) => id));
  return [...new Set([...needsOf(step), ...named])];
}

/** A step can change places with a neighbour that neither needs the other. */
export function canMove(plan: Plan, id: string, by: -1 | 1): boolean {
  const at = plan.steps.findIndex((step) => step.id === id);
  const [first, second] = by < 0 ? [at - 1, at] : [at, at + 1];
  const [before, after] = [plan.steps[first], plan.steps[second]];
  return (
    at >= 0 && before !== undefined && after !== undefined && !needs(after).includes(before.id)
  );
}

export function moveStep(plan: Plan, id: string, by: -1 | 1): Plan {
  if (!canMove(plan, id, by)) return plan;
  return changed(plan, ({ steps }) => {
    const at = steps.findIndex((step) => step.id === id);
    const [step] = steps.splice(at, 1);
    if (step) steps.splice(at + by, 0, step);
  });
}

/** Gives a step another id, everywhere. The id is free and well formed. */
export function renameStep(plan: Plan, from: string, to: string): Plan {
  const inText = (written: string) =>
    written.replaceAll(reference, (whole, id, field) => (id === from ? `{${to}.${field}}` : whole));
  return changed(plan, (draft) => {
    draft.answer = inText(draft.answer);
    if (draft.result === from) draft.result = to;
    for (const step of draft.steps) {
      if (step.id === from) step.id = to;
      step.after = step.after.map((id) => (id === from ? to : id));
      if (step.approval) step.approval.text = inText(step.approval.text);
      if (step.question) step.question.text = inText(step.question.text);
      const outputs = [
        ...step.inputs.map(({ value }) => value),
        ...(step.forEach ? [step.forEach.over] : []),
      ].flatMap((one) => (one.case === "output" ? one.value : []));
      for (const output of [...outputs, ...step.when.flatMap((one) => one.output ?? [])]) {
        if (output.step === from) output.step = to;
      }
    }
  });
}

export const bindingOf = (step: Step, field: string): Binding | undefined =>
  step.inputs.find((binding) => binding.field === field);

/** Fills a field, in place of what filled it, its parts or the whole that it is a part of. */
export function bind(plan: Plan, id: string, field: string, value: Binding["value"]): Plan {
  return changeStep(plan, id, (step) => {
    const next = create(BindingSchema, { field, value });
    const at = step.inputs.findIndex((one) => one.field === field);
    if (at >= 0) {
      const { fallback } = step.inputs[at]!;
      // What is taken when a step was skipped only goes with an output.
      if (fallback && value.case === "output") next.fallback = fallback;
      step.inputs[at] = next;
      return;
    }
    step.inputs = step.inputs.filter(
      (one) => !one.field.startsWith(`${field}.`) && !field.startsWith(`${one.field}.`),
    );
    step.inputs.push(next);
  });
}

export function unbind(plan: Plan, id: string, field: string): Plan {
  return changeStep(plan, id, (step) => {
    step.inputs = step.inputs.filter(
      (one) => one.field !== field && !one.field.startsWith(`${field}.`),
    );
  });
}

export function addParameter(plan: Plan, wanted: string, type = ParameterType.TEXT): Plan {
  const name = freshName(
    wanted,
    plan.parameters.map((one) => one.name),
  );
  return changed(plan, (d) => d.parameters.push(create(ParameterSchema, { name, type })));
}

export function changeParameter(
  plan: Plan,
  index: number,
  change: (parameter: Parameter) => void,
): Plan {
  return changed(plan, ({ parameters }) => {
    if (parameters[index]) change(parameters[index]);
  });
}

/** Gives a parameter another name, everywhere. */
export function renameParameter(plan: Plan, index: number, to: string): Plan {
  const from = plan.parameters[index]?.name ?? "";
  return changed(plan, (draft) => {
    const parameter = draft.parameters[index];
    if (parameter) parameter.name = to;
    for (const step of draft.steps) {
      for (const { value } of step.inputs) {
        if (value.case === "parameter" && value.value === from) value.value = to;
      }
      const { over } = step.forEach ?? {};
      if (over?.case === "parameter" && over.value === from) over.value = to;
    }
  });
}

/** Takes a parameter out, and what was filled from it. */
export function removeParameter(plan: Plan, index: number): Plan {
  const name = plan.parameters[index]?.name;
  return changed(plan, (draft) => {
    draft.parameters.splice(index, 1);
    for (const step of draft.steps) {
      step.inputs = step.inputs.filter(
        ({ value }) => value.case !== "parameter" || value.value !== name,
      );
      const { over } = step.forEach ?? {};
      if (over?.case === "parameter" && over.value === name) dropLoop(step);
    }
  });
}
