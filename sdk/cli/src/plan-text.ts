// A plan that a person wrote: YAML or JSON (which is YAML) of keiko.plan.v1.Plan. What is wrong with it
// is said with line and column, also what Keiko finds, which only knows paths in the plan.

import { type DescField, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type Plan, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from "yaml";

export interface Place {
  /** From 1. */
  line: number;
  column: number;
}

export interface FileProblem {
  /** Undefined: it is not about a place in the file. */
  place: Place | undefined;
  message: string;
  remedy: string;
}

export interface PlanText {
  /** Undefined: there are problems. */
  plan: Plan | undefined;
  problems: FileProblem[];
  /** Where "steps[1].inputs[0].output.field" is written, or else what it would be written in. */
  locate(path: string): Place | undefined;
}

export function readPlanText(text: string): PlanText {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  const problems = document.errors.map(({ pos, message }): FileProblem => {
    return { place: placeOf(pos[0]), message, remedy: "write it as YAML or JSON" };
  });
  const report = (offset: number, message: string, remedy: string) => {
    problems.push({ place: placeOf(offset), message, remedy });
  };
  const locate = (path: string) => {
    const offset = offsetOf(document, path);
    return offset === undefined ? undefined : placeOf(offset);
  };
  if (problems.length === 0) {
    const root = document.contents;
    if (isNode(root)) checkMessage(document, root, PlanSchema, report);
    else report(0, "there is no plan in it", "begin with `steps:`");
  }
  const plan = problems.length === 0 ? planOf(document, report) : undefined;
  return { plan, problems, locate };
}

type Report = (offset: number, message: string, remedy: string) => void;

function planOf(document: Document, report: Report): Plan | undefined {
  try {
    return fromJson(PlanSchema, document.toJS() as JsonValue);
  } catch (error) {
    report(0, (error as Error).message, "write it as keiko.plan.v1.Plan");
    return undefined;
  }
}

/** Every name must be a field of the message, and every value of its type. */
function checkMessage(document: Document, given: Node, message: DescMessage, report: Report): void {
  const node = followed(document, given);
  if (!isMap(node)) {
    report(startOf(given), `here stands a ${message.name}: fields with values`, namesOf(message));
    return;
  }
  for (const pair of node.items) {
    const { key, value } = pair as Pair;
    const name = isScalar(key) ? String(key.value) : "";
    const field = message.fields.find((one) => one.name === name || one.jsonName === name);
    const at = isNode(key) ? startOf(key) : startOf(node);
    if (!field) report(at, `${message.name} has no field "${name}"`, namesOf(message));
    else if (isGiven(value, field)) checkField(document, value, field, at, report);
    else report(at, `"${name}" has no value`, "write one, or leave it out");
  }
}

/** Null is a value only where any JSON is. */
function isGiven(value: unknown, field: DescField): value is Node {
  const isNull = isScalar(value) && value.value === null;
  return isNode(value) && (!isNull || field.message?.typeName === "google.protobuf.Value");
}

function namesOf(message: DescMessage): string {
  return `use one of: ${message.fields.map(({ name }) => name).join(", ")}`;
}

function checkField(
  document: Document,
  node: Node,
  field: DescField,
  at: number,
  report: Report,
): void {
  const { message } = field;
  if (!message || message.file.proto.package.startsWith("google.protobuf")) {
    checkValue(document, node, field, report);
  } else if (field.fieldKind === "message") {
    checkMessage(document, node, message, report);
  } else {
    const list = followed(document, node);
    if (!isSeq(list)) {
      report(at, `"${field.name}" is a list`, "begin each of its elements with `- `");
      return;
    }
    for (const one of list.items) {
      if (isNode(one)) checkMessage(document, one, message, report);
    }
  }
}

/** What has no fields of its own is read as protobuf JSON, so that what is wrong has a place. */
function checkValue(document: Document, node: Node, field: DescField, report: Report): void {
  try {
    const json = node.toJS(document) as JsonValue;
    fromJson(field.parent, { [field.jsonName]: json });
  } catch (error) {
    const names = field.enum?.values.slice(1).map(({ name }) => name);
    const remedy = names ? `use one of: ${names.join(", ")}` : "write it as protobuf JSON";
    const [, why = ""] = /: (.*)$/s.exec((error as Error).message) ?? [];
    report(startOf(node), `"${field.name}" cannot be this${why && `: ${why}`}`, remedy);
  }
}

function followed(document: Document, node: Node): Node {
  return (isAlias(node) ? node.resolve(document) : node) ?? node;
}

const startOf = (node: Node) => node.range?.[0] ?? 0;

/** A value is pointed at itself, a list or message at its name. */
function offsetOf(document: Document, path: string): number | undefined {
  const steps = [...path.matchAll(/([A-Za-z_]\w*)|\[(\d+)\]/g)];
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const [, name, index] of steps) {
    const inside = isNode(node) ? followed(document, node) : undefined;
    if (name !== undefined && isMap(inside)) {
      const pair = inside.items.find(({ key }) => isScalar(key) && isNamed(key.value, name));
      if (!pair) break;
      node = pair.value;
      offset = startOf(isScalar(node) ? node : (pair.key as Node));
    } else if (index !== undefined && isSeq(inside)) {
      const item = inside.items[Number(index)];
      if (!isNode(item)) break;
      node = item;
      offset = startOf(item);
    } else break;
  }
  return offset;
}

/** `for_each` may be written `forEach`. */
function isNamed(written: unknown, name: string): boolean {
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return written === name || written === camel;
}
