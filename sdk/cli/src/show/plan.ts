// A plan: what each step does, what goes into it, and under which conditions.

import { toJson } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Binding,
  type Condition,
  type Loop,
  type Plan,
  type Step,
  type StepOutput,
  Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";

import { cut, oneLine, type Paint } from "./text.ts";

/** A line for each step, and one for each thing that is said about it. */
export function planLines({ steps, reason }: Plan, width: number, paint: Paint): string[] {
  return [
    ...(reason ? [paint.soft(oneLine(reason)), ""] : []),
    ...steps.flatMap((step, i) => [
      `${i + 1}  ${paint.bold(cut(oneLine(step.title || step.id), width - 3))}`,
      `   ${paint.soft(cut(oneLine(kindOf(step)), width - 3))}`,
      ...saidOf(step).map((line) => `   ${cut(oneLine(line), width - 3)}`),
    ]),
  ];
}

function kindOf({ method, question, subPlan }: Step): string {
  if (question) return `asks: ${question.text}`;
  return subPlan ? `${subPlan.name} version ${subPlan.version}` : method;
}

function saidOf({ inputs, after, when, forEach, approval, undo }: Step): string[] {
  return [
    ...when.map((condition) => `if ${conditionText(condition)}`),
    ...(forEach ? [`for each of ${listOf(forEach)}, at most ${forEach.itemsMax}`] : []),
    ...inputs.map((binding) => `${binding.field} ← ${sourceOf(binding)}`),
    ...after.map((id) => `after ${id}`),
    ...(approval ? ["once a person agrees"] : []),
    ...(undo ? [`taken back by ${undo.method}`] : []),
  ];
}

function sourceOf({ value, fallback }: Binding): string {
  switch (value.case) {
    case "attachment":
      return `attachment ${value.value + 1}`;
    case "output": {
      const otherwise = fallback ? `, else ${jsonText(fallback)}` : "";
      return `${outputText(value.value)}${otherwise}`;
    }
    case "parameter":
      return `parameter ${value.value}`;
    case "item":
      return value.value.field ? `each element's ${value.value.field}` : "each element";
    case "literal":
      return jsonText(value.value);
    default:
      return "nothing";
  }
}

function listOf({ over }: Loop): string {
  if (over.case === "output") return outputText(over.value);
  if (over.case === "parameter") return `parameter ${over.value}`;
  return over.case === "literal" ? `${over.value.values.length} elements` : "nothing";
}

function conditionText({ output, test, value }: Condition): string {
  const words = Test[test].toLowerCase().replaceAll("_", " ");
  return [output ? outputText(output) : "", words, ...(value ? [jsonText(value)] : [])].join(" ");
}

const outputText = ({ step, field }: StepOutput) => `${step}.${field}`;
const jsonText = (value: Value) => JSON.stringify(toJson(ValueSchema, value));
