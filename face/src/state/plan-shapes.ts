// What the steps of a plan take and give, by their contracts, and so which values can be given to
// which field. Pure.

import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import {
  type Parameter,
  ParameterType,
  type Plan,
  ReplySchema,
  type Step,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  fits,
  fitsParameter,
  isFile,
  parameterFits,
  parameterFitsParameter,
  type Single,
  shortName,
  type Type,
  text,
  texts,
  typeOf,
  wrapped,
} from "./plan-types.ts";
import { typeName } from "./value-draft.ts";

/** What is known of methods and stored plans; undefined: not (yet). */
export interface Contracts {
  method(path: string): DescMethod | undefined;
  /** 0: the newest. */
  plan(name: string, version: number): Plan | undefined;
}

/** A place in a step that can be filled: a field of a request, or a parameter of another plan. */
export interface Slot {
  path: string;
  /** "int64", "Table"; of a parameter its type in the words of the contract: "INTEGER". */
  type: string;
  required: boolean;
  /** Of a request. */
  field?: DescField;
  /** Of another plan. */
  parameter?: Parameter;
  /** Its fields can be filled one by one. */
  open: boolean;
}

/** A value that can be given. */
export type Source =
  | { case: "parameter"; name: string; parameter: ParameterType }
  | { case: "output"; step: string; field: string; type: Type }
  | { case: "item"; field: string; type: Type | undefined };

const depthMax = 3;

export function slotsOf(step: Step, contracts: Contracts): Slot[] {
  if (step.question) return [];
  if (step.subPlan) {
    const plan = contracts.plan(step.subPlan.name, step.subPlan.version);
    return (plan?.parameters ?? []).map((parameter) => ({
      path: parameter.name,
      type: ParameterType[parameter.type],
      required: parameter.default === undefined,
      parameter,
      open: false,
    }));
  }
  return fieldSlots(contracts.method(step.method)?.input, "");
}

/** The fields of the message in a field. */
export const innerSlots = (slot: Slot): Slot[] =>
  slot.open ? fieldSlots(slot.field?.message, `${slot.path}.`) : [];

/** The slot at a path, however deep. */
export function slotAt(step: Step, path: string, contracts: Contracts): Slot | undefined {
  let slots = slotsOf(step, contracts);
  for (;;) {
    const slot = slots.find((one) => path === one.path || path.startsWith(`${one.path}.`));
    if (!slot || slot.path === path) return slot;
    slots = innerSlots(slot);
  }
}

const fieldSlots = (message: DescMessage | undefined, prefix: string): Slot[] =>
  (message?.fields ?? []).map((field) => ({
    path: `${prefix}${field.name}`,
    type: shortName(typeOf(field)),
    required: isRequired(field),
    field,
    open: field.fieldKind === "message" && isPlain(field.message),
  }));

/** It has no form of its own in JSON, and is no file, which is uploaded. */
const isPlain = (message: DescMessage): boolean =>
  !message.typeName.startsWith("google.protobuf.") &&
  wrapped(message) === undefined &&
  !isFile({ kind: "message", message }) &&
  message.fields.length > 0;

const rulesNumber = 1159;
const requiredNumber = 25;
const required = new WeakMap<DescField, boolean>();

/** `(buf.validate.field).required`, read from the bytes: its 85 kB of vocabulary stay at home. */
export function isRequired(field: DescField): boolean {
  const known = required.get(field);
  if (known !== undefined) return known;
  const rules = field.proto.options?.$unknown?.filter(({ no }) => no === rulesNumber) ?? [];
  const found = rules.some(({ data }) => {
    const reader = new BinaryReader(new BinaryReader(data).bytes());
    while (reader.pos < reader.len) {
      const [number, wire] = reader.tag();
      if (number === requiredNumber && wire === WireType.Varint) return reader.bool();
      reader.skip(wire, number);
    }
    return false;
  });
  required.set(field, found);
  return found;
}

/** The message that a step gives; undefined: not known. */
export function responseOf(step: Step, contracts: Contracts, depth = 0): DescMessage | undefined {
  if (step.question) return ReplySchema;
  if (!step.subPlan) return contracts.method(step.method)?.output;
  const plan = contracts.plan(step.subPlan.name, step.subPlan.version);
  const last = plan?.steps.find(({ id }) => id === plan.result) ?? plan?.steps.at(-1);
  // A plan that runs itself is refused elsewhere.
  return last && depth < 8 ? responseOf(last, contracts, depth + 1) : undefined;
}

/** What later steps can take from a step, fields of its messages included. */
export function outputsOf(step: Step, contracts: Contracts): Extract<Source, { case: "output" }>[] {
  const message = responseOf(step, contracts);
  const loops = step.forEach !== undefined;
  return pathsOf(message).flatMap(({ path, type }) => {
    if (step.question && !answers(step.question.type, path)) return [];
    if (!loops) return [{ case: "output" as const, step: step.id, field: path, type }];
    // A list of lists is nothing that a contract can say.
    if (type.kind === "list" || type.kind === "map") return [];
    const list: Type = { kind: "list", element: type };
    return [{ case: "output" as const, step: step.id, field: path, type: list }];
  });
}

function answers(type: ParameterType, path: string): boolean {
  const [name] = path.split(".");
  return name === "by" || name === typeName(type);
}

/** Each field, and those of messages in it, the outer ones first. */
function pathsOf(message: DescMessage | undefined): { path: string; type: Type }[] {
  const found: { path: string; type: Type }[] = [];
  const walk = (within: DescMessage, prefix: string, depth: number) => {
    for (const field of within.fields) {
      found.push({ path: `${prefix}${field.name}`, type: typeOf(field) });
    }
    for (const field of within.fields) {
      if (field.fieldKind !== "message" || depth >= depthMax) continue;
      if (field.message.typeName.startsWith("google.protobuf.")) continue;
      walk(field.message, `${prefix}${field.name}.`, depth + 1);
    }
  };
  if (message) walk(message, "", 1);
  return found;
}

/** What the elements of a step's loop are; undefined: it has none, or they are written in the plan. */
export function elementOf(plan: Plan, step: Step, contracts: Contracts): Single | undefined {
  const { over } = step.forEach ?? {};
  if (over?.case === "parameter") return text;
  if (over?.case !== "output") return undefined;
  const { step: id, field } = over.value;
  const maker = plan.steps.find((one) => one.id === id);
  const list = maker && outputsOf(maker, contracts).find((one) => one.field === field)?.type;
  return list?.kind === "list" ? list.element : undefined;
}

/** Every value that a step could be given, whatever its type: of what stands before it. */
export function sourcesOf(plan: Plan, step: Step, contracts: Contracts): Source[] {
  const at = plan.steps.findIndex(({ id }) => id === step.id);
  const parameters = plan.parameters.map(({ name, type }) => ({
    case: "parameter" as const,
    name,
    parameter: type,
  }));
  const outputs = plan.steps.slice(0, at).flatMap((one) => outputsOf(one, contracts));
  return [...itemsOf(plan, step, contracts), ...parameters, ...outputs];
}

function itemsOf(plan: Plan, step: Step, contracts: Contracts): Source[] {
  if (!step.forEach) return [];
  const element = elementOf(plan, step, contracts);
  // What is written into the plan is checked element by element, when it is compiled.
  const whole: Source[] = [{ case: "item", field: "", type: element }];
  if (element?.kind !== "message") return whole;
  const inside = pathsOf(element.message).map(({ path, type }) => ({
    case: "item" as const,
    field: path,
    type,
  }));
  return [...whole, ...inside];
}

/** Whether the value may be given to the field. */
export function sourceFits(source: Source, { field, parameter }: Slot): boolean {
  if (source.case === "parameter") {
    if (parameter) return parameterFitsParameter(source.parameter, parameter.type);
    return field !== undefined && parameterFits(source.parameter, typeOf(field));
  }
  if (source.type === undefined) return true;
  if (parameter) return fitsParameter(source.type, parameter.type);
  return field !== undefined && fits(source.type, typeOf(field));
}

/** Lists that a step can loop over. */
export function loopSources(plan: Plan, step: Step, contracts: Contracts): Source[] {
  return sourcesOf(plan, { ...step, forEach: undefined } as unknown as Step, contracts).filter(
    (source) =>
      source.case === "parameter"
        ? source.parameter === ParameterType.TEXTS
        : source.type?.kind === "list",
  );
}

/** One text for a source, the same for the same: for lists to choose from. */
export function sourceKey(source: Source): string {
  if (source.case === "parameter") return `parameter ${source.name}`;
  return source.case === "item" ? `item ${source.field}` : `output ${source.step} ${source.field}`;
}

/** The type of a source as people read it. */
export const sourceType = (source: Source): string =>
  source.case === "parameter"
    ? ParameterType[source.parameter]
    : source.type
      ? shortName(source.type)
      : "";

export { texts };
