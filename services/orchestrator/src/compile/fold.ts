/** Works out what is known of requests before they run, and checks it against their rules. */
import type { DescMethod } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { jsonOf, literalOf, type Value, writeAt } from "../field-values.ts";
import { fieldAt } from "../paths.ts";
import { typeOf } from "../types.ts";
import { firstOf } from "./bindings.ts";
import type { Report } from "./report.ts";
import { copyOf, related, type Violation, violations } from "./rules.ts";

/** What is known of the request of a step before it runs. */
export interface Known {
  method: DescMethod;
  request: ReflectMessage;
  /** Paths whose value is not the same in each run, or known only while running. */
  open: Set<string>;
  /** Of these: what takes its value from a list that stands in the plan. */
  items: { path: string; values: (Value | undefined)[] }[];
}

const remedy = "give a value within the bounds of the contract";
const textOf = ({ method }: Known, { path, message }: Violation) =>
  `${path || method.input.name}: ${message}`;

export function foldRequest(step: Step, at: string, known: Known, report: Report): void {
  for (const found of violations(known.method, known.request, known.open)) {
    const { path } = found;
    const index = step.inputs.findIndex(({ field }) => path !== "" && related(field, path));
    const where = index < 0 ? `${at}.inputs` : `${at}.inputs[${index}]`;
    report(where, Reason.INVALID_FIELD, textOf(known, found), remedy, { field: path });
  }
}

/** Checking takes time: what is beyond is checked when it runs. */
const elements_checked_max = 2_000;

/** The request of each run of a loop whose elements stand in the plan. */
export function foldElements(at: string, known: Known, report: Report): void {
  const { method, items } = known;
  if (items.length === 0) return;
  const count = Math.min(items[0]?.values.length ?? 0, elements_checked_max);
  const open = new Set([...known.open].filter((path) => !items.some((one) => one.path === path)));
  const same = new Set(
    violations(method, known.request, known.open).map((found) => textOf(known, found)),
  );
  const wrong: string[] = [];
  for (let index = 0; index < count; index++) {
    const request = copyOf(method, known.request);
    for (const { path, values } of items) {
      writeAt(request, path, typeOf(fieldAt(method.input, path)!), values[index]);
    }
    const found = violations(method, request, open).map((one) => textOf(known, one));
    wrong.push(
      ...found.filter((text) => !same.has(text)).map((text) => `element ${index}: ${text}`),
    );
  }
  for (const text of firstOf(wrong)) {
    report(`${at}.for_each.literal`, Reason.INVALID_FIELD, text, remedy);
  }
}

/** The request as it is when a step was skipped, one fallback at a time. */
export function foldFallbacks(step: Step, at: string, known: Known, report: Report): void {
  for (const [index, { field: path, fallback, value }] of step.inputs.entries()) {
    const field = fieldAt(known.method.input, path);
    if (!fallback || !field || value.case !== "output") continue;
    const request = copyOf(known.method, known.request);
    try {
      writeAt(request, path, typeOf(field), literalOf(field, jsonOf(fallback)));
    } catch {
      // It is no value of the type, which has been reported.
      continue;
    }
    const open = new Set([...known.open].filter((one) => one !== path));
    for (const found of violations(known.method, request, open)) {
      if (found.path === "" || !related(path, found.path)) continue;
      const where = `${at}.inputs[${index}].fallback`;
      report(where, Reason.INVALID_FIELD, textOf(known, found), remedy, { field: found.path });
    }
  }
}
