/** Checks loops: what they run over, and so what their elements are. */
import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { ListValueSchema } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type Loop,
  type LoopItem,
  ParameterType,
  type Step,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { type Rank, rankAt, stricter } from "../classes.ts";
import { limits as bounds } from "../limits.ts";
import { fieldAt } from "../paths.ts";
import { nameOf, parameterName, type Single, text, typeOf } from "../types.ts";
import { type Context, type Given, given, parameterOf } from "./context.ts";

/** What the elements of a loop are; undefined: not known, and reported already. */
export type Elements =
  /** There is no loop. */
  | { kind: "none" }
  | { kind: "typed"; type: Single; rank: Rank; untrusted: boolean }
  | { kind: "literal"; values: JsonValue[] }
  | undefined;

export function checkLoop(context: Context, step: Step, at: string): Elements {
  const { forEach } = step;
  if (!forEach) return { kind: "none" };
  const { report } = context;
  if (forEach.itemsMax === 0) {
    const message = "the loop has no bound";
    report(`${at}.for_each.items_max`, Reason.PLAN_INVALID, message, "say how many at most");
  }
  const { over } = forEach;
  switch (over.case) {
    case "output": {
      const list = given(context, over.value, `${at}.for_each.output`);
      if (!list) return undefined;
      if (list.type.kind === "list") {
        const { rank, untrusted, type } = list;
        return { kind: "typed", type: type.element, rank, untrusted };
      }
      const message = `${list.name} is ${nameOf(list.type)}, not a list`;
      const remedy = "loop over a repeated field";
      report(`${at}.for_each.output.field`, Reason.PLAN_INVALID, message, remedy);
      return undefined;
    }
    case "literal":
      return literalElements(context, forEach, at);
    case "parameter": {
      const path = `${at}.for_each.parameter`;
      const parameter = parameterOf(context, over.value, path);
      if (!parameter) return undefined;
      if (parameter.type === ParameterType.TEXTS) {
        return { kind: "typed", type: text, rank: 0, untrusted: false };
      }
      const message = `"${parameter.name}" is ${parameterName(parameter.type)}, not a list`;
      report(path, Reason.PLAN_INVALID, message, "loop over a parameter of type TEXTS");
      return undefined;
    }
    default:
      report(`${at}.for_each`, Reason.PLAN_INVALID, "the loop runs over nothing", "name a list");
      return undefined;
  }
}

function literalElements({ report }: Context, loop: Loop, at: string): Elements {
  if (loop.over.case !== "literal") return undefined;
  const count = loop.over.value.values.length;
  if (count > loop.itemsMax) {
    const message = `the list has ${count} elements, the loop allows ${loop.itemsMax}`;
    report(`${at}.for_each.literal`, Reason.LIMIT_EXCEEDED, message, "raise items_max", {
      value: String(count),
      limit: String(loop.itemsMax),
    });
  }
  try {
    return { kind: "literal", values: toJson(ListValueSchema, loop.over.value) as JsonValue[] };
  } catch (error) {
    const message = `the list is no JSON: ${(error as Error).message}`;
    report(`${at}.for_each.literal`, Reason.PLAN_INVALID, message, "write it as a JSON list");
    return undefined;
  }
}

/** The element, or the field of it, that a binding names. */
export function itemOf(
  context: Context,
  elements: Extract<Elements, { kind: "typed" }>,
  { field: path }: LoopItem,
  at: string,
): Given | undefined {
  const { type, rank, untrusted } = elements;
  if (path === "") return { name: "the element", type, rank, untrusted, field: undefined };
  const field = type.kind === "message" ? fieldAt(type.message, path) : undefined;
  if (!field || type.kind !== "message") {
    const message = `the elements are ${nameOf(type)}, which has no field "${path}"`;
    const names = type.kind === "message" ? type.message.fields.map(({ name }) => name) : [];
    const remedy = names.length > 0 ? `use one of: ${names.join(", ")}` : "bind the element itself";
    context.report(`${at}.item.field`, Reason.PLAN_INVALID, message, remedy);
    return undefined;
  }
  const inner = stricter(rank, rankAt(type.message, path));
  return { name: `"${path}"`, type: typeOf(field), rank: inner, untrusted, field };
}

/** How often a step runs at most, and how often at a time. */
export function runsOf({ forEach }: Step): { runs: number; parallel: number } {
  if (!forEach) return { runs: 1, parallel: 1 };
  const { over, itemsMax, parallelMax } = forEach;
  const runs = over.case === "literal" ? over.value.values.length : itemsMax;
  return { runs, parallel: parallelMax || bounds.loop_parallel_default };
}
