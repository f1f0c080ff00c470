/** Checks what a plan says about its parameters. */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Parameter, ParameterType, type Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { jsonOf } from "../field-values.ts";
import { wrongFor } from "../instantiate.ts";
import { parameterName } from "../types.ts";
import type { Report } from "./report.ts";

export function parametersOf({ parameters }: Plan, report: Report): Map<string, Parameter> {
  const known = new Map<string, Parameter>();
  for (const [index, parameter] of parameters.entries()) {
    const at = `parameters[${index}]`;
    const { name, type } = parameter;
    if (known.has(name)) {
      const text = `two parameters have the name "${name}"`;
      report(`${at}.name`, Reason.PLAN_INVALID, text, "give each a name of its own");
    }
    known.set(name, parameter);
    if (!(type in ParameterType) || type === ParameterType.UNSPECIFIED) {
      const remedy = "use TEXT, INTEGER, NUMBER, TRUTH, FILE or TEXTS";
      report(`${at}.type`, Reason.PLAN_INVALID, `"${name}" has no type`, remedy);
      continue;
    }
    const wrong = wrongDefault(parameter);
    if (!wrong) continue;
    const text = `the default of "${name}" is no ${parameterName(type)}: ${wrong}`;
    report(`${at}.default`, Reason.PLAN_INVALID, text, "write it as protobuf JSON");
  }
  return known;
}

function wrongDefault({ type, default: value }: Parameter): string | undefined {
  if (!value) return undefined;
  try {
    return wrongFor(type, jsonOf(value));
  } catch (error) {
    return (error as Error).message;
  }
}
