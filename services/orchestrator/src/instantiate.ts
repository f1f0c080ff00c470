/**
 * Gives the parameters of a plan their values: what refers to one becomes a literal, so that what runs
 * is a plan without parameters, which the compiler can check to the last value. Pure.
 */
import { clone, create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ListValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type Parameter,
  ParameterType,
  type Plan,
  PlanSchema,
  type Problem,
  ProblemSchema,
  Stage,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { validator } from "@keiko/runtime/interceptors/validate.ts";
import { jsonOf } from "./field-values.ts";
import { parameterName } from "./types.ts";

/** The plan with literals where it has parameters; or every value that is missing, unknown or wrong. */
export function instantiate(
  plan: Plan,
  inputs: Readonly<Record<string, JsonValue>>,
): { plan: Plan | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const report = (name: string, reason: Reason, message: string, remedy: string) => {
    const field = `inputs[${JSON.stringify(name)}]`;
    const metadata = { parameter: name };
    problems.push(
      create(ProblemSchema, { stage: Stage.COMPILE, field, reason, message, remedy, metadata }),
    );
  };
  const declared = new Map(plan.parameters.map((parameter) => [parameter.name, parameter]));
  const known = [...declared.keys()].join(", ");
  for (const name of Object.keys(inputs)) {
    if (declared.has(name)) continue;
    const remedy = known ? `the plan has: ${known}` : "the plan has no parameters: leave it out";
    report(name, Reason.INVALID_FIELD, `the plan has no parameter "${name}"`, remedy);
  }
  const values = new Map<string, JsonValue>();
  for (const parameter of declared.values()) {
    const { name, type } = parameter;
    const value = Object.hasOwn(inputs, name) ? inputs[name] : defaultOf(parameter);
    if (value === undefined) {
      const text = `the plan needs a value for "${name}"`;
      report(name, Reason.INPUT_MISSING, text, `give a ${parameterName(type)}`);
      continue;
    }
    const wrong = wrongFor(type, value);
    if (wrong) {
      const text = `the value of "${name}" is no ${parameterName(type)}: ${wrong}`;
      report(name, Reason.INVALID_FIELD, text, `give a ${parameterName(type)}`);
    }
    values.set(name, value);
  }
  if (problems.length > 0) return { plan: undefined, problems };
  return { plan: substitute(plan, values), problems };
}

/** The plan with literals for those of its parameters that have values here. */
export function substitute(source: Plan, values: ReadonlyMap<string, JsonValue>): Plan {
  const plan = clone(PlanSchema, source);
  plan.parameters = plan.parameters.filter(({ name }) => !values.has(name));
  for (const step of plan.steps) {
    for (const binding of step.inputs) {
      const { value } = binding;
      const given = value.case === "parameter" ? values.get(value.value) : undefined;
      if (given === undefined) continue;
      binding.value = { case: "literal", value: fromJson(ValueSchema, given) };
    }
    const { over } = step.forEach ?? {};
    const given = over?.case === "parameter" ? values.get(over.value) : undefined;
    if (!step.forEach || !Array.isArray(given)) continue;
    step.forEach.over = { case: "literal", value: fromJson(ListValueSchema, given) };
  }
  return plan;
}

/** Undefined: it has none; null: what is there is no JSON, and so no value of any type. */
function defaultOf(parameter: Parameter): JsonValue | undefined {
  try {
    return parameter.default && jsonOf(parameter.default);
  } catch {
    return null;
  }
}

/** Why the JSON is no value of the type; undefined: it is one. */
export function wrongFor(type: ParameterType, json: JsonValue): string | undefined {
  switch (type) {
    case ParameterType.TEXT:
      return typeof json === "string" ? undefined : "it is not text";
    case ParameterType.INTEGER:
      return isInteger(json) ? undefined : "it is not a whole number";
    case ParameterType.NUMBER:
      return typeof json === "number" ? undefined : "it is not a number";
    case ParameterType.TRUTH:
      return typeof json === "boolean" ? undefined : "it is neither true nor false";
    case ParameterType.FILE:
      return wrongFile(json);
    case ParameterType.TEXTS: {
      const fits = Array.isArray(json) && json.every((one) => typeof one === "string");
      return fits ? undefined : "it is not a list of texts";
    }
    default:
      return "nobody knows what that would be";
  }
}

/** Beyond 2^53 as text, as protobuf JSON has it. */
function isInteger(json: JsonValue): boolean {
  return typeof json === "string" ? /^-?\d{1,20}$/.test(json) : Number.isSafeInteger(json);
}

function wrongFile(json: JsonValue): string | undefined {
  try {
    const result = validator.validate(FileSchema, fromJson(FileSchema, json));
    return result.kind === "invalid" ? result.violations[0]?.toString() : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
