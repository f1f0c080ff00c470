/**
 * Runs a compiled plan over drawn results, with nothing but what the orchestrator binds: each request,
 * condition, loop, text and undo is made, and whatever a compiler should have found is thrown.
 */
import {
  type DescMessage,
  fromBinary,
  type JsonValue,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { pathToString, reflect } from "@bufbuild/protobuf/reflect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Plan, ReplySchema, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  bindParameters,
  bindRequest,
  bindUndo,
  countItems,
  describe,
  fillTemplate,
  holds,
  type Result,
  type Sources,
} from "@keiko/orchestrator/bind.ts";
import { graphOf } from "@keiko/orchestrator/graph.ts";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { validator } from "@keiko/runtime/interceptors/validate.ts";
import type { Chance } from "./chance.ts";
import { secretOutside } from "./secrets.ts";
import { aFile, drawMessageOf, secretMark } from "./values.ts";

export interface RunOptions {
  chance: Chance;
  method(path: string): CatalogMethod | undefined;
  /** Gives the plan that is a step its values. Throws when they are none. */
  runSubPlan(step: Step, inputs: Record<string, JsonValue>): void;
}

type Ended = "skipped" | Result | Result[];

/** Throws what the compiler should have found. What results lack ends the run, as it should. */
export function runPlan(plan: Plan, options: RunOptions): void {
  const ended = new Map<string, Ended>();
  const sources: Sources = {
    attachments: [aFile()],
    response(id) {
      const made = ended.get(id);
      return Array.isArray(made) ? undefined : made;
    },
    runs(id) {
      const made = ended.get(id);
      return Array.isArray(made) ? made : undefined;
    },
  };
  for (const step of plan.steps) {
    try {
      ended.set(step.id, runStep(plan, step, sources, ended, options));
    } catch (error) {
      if (errorInfo(error)?.reason === Reason.INPUT_MISSING) return;
      throw error;
    }
  }
  noSecret(fillTemplate(plan.answer, sources), "the answer");
}

class TooLong extends Error {}

function runStep(
  plan: Plan,
  step: Step,
  sources: Sources,
  ended: ReadonlyMap<string, Ended>,
  options: RunOptions,
): Ended {
  const graph = graphOf(plan);
  if (graph.values.get(step.id)!.some((id) => ended.get(id) === "skipped")) return "skipped";
  if (!holds(step, sources)) return "skipped";
  if (!step.forEach) return runOnce(step, undefined, sources, options);
  const count = countItems(step, sources);
  if (count > step.forEach.itemsMax) throw new TooLong();
  return Array.from({ length: count }, (_, index) => runOnce(step, index, sources, options));
}

function runOnce(
  step: Step,
  index: number | undefined,
  sources: Sources,
  options: RunOptions,
): Result {
  const { chance, method } = options;
  if (step.question) {
    noSecret(fillTemplate(step.question.text, sources), "the question");
    return drawn(chance, ReplySchema);
  }
  if (step.approval) noSecret(fillTemplate(step.approval.text, sources), "the approval");
  const found = method(step.method);
  if (step.subPlan) {
    const inputs = bindParameters(step, sources, index);
    noSecret(JSON.stringify(inputs), "parameters");
    options.runSubPlan(step, inputs);
    return drawn(chance, found?.method.output ?? ReplySchema);
  }
  const request = bindRequest(found!.method, step, sources, index);
  noSecret(describe(found!.method, step, sources, index), "what a person agrees with");
  check(found!, step, request, sources);
  const result = drawn(chance, found!.method.output);
  if (step.undo) takeBack(found!, method(step.undo.method)!, request, result);
  return result;
}

function drawn(chance: Chance, message: DescMessage): Result {
  const sparse = chance.percent(30);
  const { message: value } = drawMessageOf(chance, message, { sparse, marks: true });
  return { message, bytes: toBinary(message, value) };
}

/** It can be sent, breaks no rule that was known before, and shows nobody's secret. */
function check({ method, skill }: CatalogMethod, step: Step, request: Message, sources: Sources) {
  fromBinary(method.input, toBinary(method.input, request));
  const leaked = secretOutside(reflect(method.input, request));
  if (leaked) throw new Error(`a secret got to ${leaked}`);
  const text = new TextDecoder().decode(toBinary(method.input, request));
  const given = step.inputs.some(({ value }) => value.case === "output" || value.case === "item");
  if (skill!.needsModel && given && text.includes(secretMark)) {
    throw new Error("a model was told a secret");
  }
  const result = validator.validate(method.input, request);
  if (result.kind !== "invalid") return;
  const open = openFields(method.input, step, sources);
  for (const { field, message } of result.violations) {
    const name = pathToString(field).split(/[.[]/)[0] ?? "";
    if (open.has(name)) continue;
    throw new Error(`a rule was known to be broken: ${name}: ${message}`);
  }
}

/** Request fields, and choices of them, whose value came from a result. */
function openFields(input: DescMessage, step: Step, sources: Sources): Set<string> {
  const open = new Set<string>();
  for (const { field: path, value } of step.inputs) {
    const typed = value.case === "item" && step.forEach?.over.case === "output";
    const made = value.case === "output" && sources.response(value.value.step) !== "skipped";
    if (!typed && !made) continue;
    const [name = ""] = path.split(".");
    open.add(name);
    const { oneof } = input.fields.find((one) => one.name === name) ?? {};
    if (oneof) open.add(oneof.name);
  }
  return open;
}

function takeBack(
  { method }: CatalogMethod,
  { method: undo }: CatalogMethod,
  request: Message,
  { message, bytes }: Result,
): void {
  for (const response of [fromBinary(message, bytes) as Message, undefined]) {
    try {
      const made = bindUndo(undo, method, request, response);
      toBinary(undo.input, made);
      const leaked = secretOutside(reflect(undo.input, made));
      if (leaked) throw new Error(`taking back, a secret got to ${leaked}`);
    } catch (error) {
      if (errorInfo(error)?.reason !== Reason.INPUT_MISSING) throw error;
    }
  }
}

function noSecret(text: string, where: string): void {
  if (text.includes(secretMark)) throw new Error(`a secret got into ${where}`);
}

export { TooLong };
