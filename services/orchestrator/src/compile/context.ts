/** What every check of a plan knows, and how it says what is wrong. */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataClass } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type {
  Limits,
  Parameter,
  ParameterType,
  Plan,
  StepOutput,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { dataClassOf } from "@keiko/runtime/contracts.ts";
import { type Rank, rankAt } from "../classes.ts";
import { fieldAt } from "../paths.ts";
import { nameOf, parameterName, type Type, typeOf } from "../types.ts";
import type { Report } from "./report.ts";

export interface CompileEnvironment {
  method(path: string): CatalogMethod | undefined;
  /** Why the orchestrator, for this user, may not call the method; undefined: it may. */
  refusal(method: CatalogMethod): string | undefined;
  /** Version 0: the newest. Undefined: the user has no such plan. */
  storedPlan(name: string, version: number): StoredPlan | undefined;
  attachments: readonly File[];
  limits: Limits | undefined;
  /** `plans/{id}` under which the plan is, or will be, stored: it must not be a step of itself. */
  name?: string;
}

/** What an earlier step gives. */
export interface Made {
  /** Undefined: not known, and reported already. */
  message: DescMessage | undefined;
  loops: boolean;
  /** What a person was asked for. */
  reply?: ParameterType;
}

export interface Context {
  plan: Plan;
  environment: CompileEnvironment;
  report: Report;
  /** Steps before the one looked at, by id: what it may refer to. */
  made: Map<string, Made>;
  parameters: ReadonlyMap<string, Parameter>;
  /** Some reference leads nowhere, or some step is none yet: nobody can say what is used. */
  dangling: boolean;
}

/** What flows out of a field of a result. */
export interface Given {
  /** What to call it in a message. */
  name: string;
  type: Type;
  rank: Rank;
  /** Came from outside, and not as the word of a person who was asked. */
  untrusted: boolean;
  /** Undefined: elements of a parameter, which are texts. */
  field: DescField | undefined;
}

/** The field that is referred to; what is wrong with the reference is reported under `at`. */
export function given(
  context: Context,
  output: StepOutput,
  at: string,
): (Given & { field: DescField }) | undefined {
  const { report } = context;
  const { step, field: path } = output;
  if (!isEarlier(context, step, `${at}.step`)) return undefined;
  const { message, loops, reply } = context.made.get(step)!;
  // A step whose contract is unknown has been reported already; its types cannot be.
  if (!message) return undefined;
  const field = fieldAt(message, path);
  if (!field) {
    const names = message.fields.map(({ name }) => name).join(", ");
    const remedy = names ? `use one of: ${names}` : "it gives nothing: refer to another step";
    const text = `${message.typeName} has no field "${path}"`;
    report(`${at}.field`, Reason.PLAN_INVALID, text, remedy);
    return undefined;
  }
  if (reply !== undefined && !answers(reply, path)) {
    const text = `"${step}" asks for ${parameterName(reply)}, so its reply has no "${path}"`;
    const remedy = `use "${parameterName(reply).toLowerCase()}", or ask for something else`;
    report(`${at}.field`, Reason.PLAN_INVALID, text, remedy);
    return undefined;
  }
  const own = typeOf(field);
  if (loops && (own.kind === "list" || own.kind === "map")) {
    const text = `"${step}" loops, and "${path}" is ${nameOf(own)}: that would be a list of lists`;
    const remedy = "name a field that has one value in each run, or do not loop there";
    report(`${at}.field`, Reason.PLAN_INVALID, text, remedy);
    return undefined;
  }
  return {
    name: `"${path}"`,
    type: loops ? { kind: "list", element: own as never } : own,
    rank: rankAt(message, path),
    untrusted: reply === undefined && dataClassOf(field) === DataClass.UNTRUSTED,
    field,
  };
}

/** The reply to a question has one field that is set, and says who gave it. */
function answers(type: ParameterType, path: string): boolean {
  const [name] = path.split(".");
  return name === "by" || name === parameterName(type).toLowerCase();
}

export function isEarlier(context: Context, step: string, at: string): boolean {
  if (context.made.has(step)) return true;
  context.dangling = true;
  const text = `there is no step "${step}" before this one`;
  const remedy = "name an earlier step; steps stand in an order in which they can run";
  context.report(at, Reason.PLAN_INVALID, text, remedy, { step });
  return false;
}

/** The parameter of that name; its absence is reported. */
export function parameterOf(context: Context, name: string, at: string): Parameter | undefined {
  const found = context.parameters.get(name);
  if (found) return found;
  const names = [...context.parameters.keys()].join(", ");
  const text = `the plan has no parameter "${name}"`;
  const remedy = names ? `use one of: ${names}` : "declare it under `parameters`";
  context.report(at, Reason.PLAN_INVALID, text, remedy, { parameter: name });
  return undefined;
}
