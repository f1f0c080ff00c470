/** Checks the bindings of one step, field by field, against the types on both ends. */
import { create, type DescField, type DescMethod, type Message, toJson } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataClass } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { Binding, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { dataClassOf, mediaTypesOf, rulesOf } from "@keiko/runtime/contracts.ts";
import { validator } from "@keiko/runtime/interceptors/validate.ts";
import { literalFor } from "./bind.ts";
import type { Report } from "./compiler.ts";
import { fieldAt, shapeOf, writePath } from "./paths.ts";

export interface InputsToCheck {
  step: Step;
  /** "steps[2]" */
  at: string;
  method: DescMethod;
  earlier: ReadonlyMap<string, DescMethod | undefined>;
  attachments: readonly File[];
  report: Report;
}

export function checkInputs(input: InputsToCheck): void {
  const { step, at, method, report } = input;
  const request = create(method.input);
  const bound = new Set<string>();
  const open = new Set<string>();
  for (const [index, binding] of step.inputs.entries()) {
    const path = `${at}.inputs[${index}]`;
    const field = fieldAt(method.input, binding.field);
    if (!field) {
      const names = method.input.fields.map(({ name }) => name).join(", ");
      const text = `${method.input.typeName} has no field "${binding.field}"`;
      report(`${path}.field`, Reason.PLAN_INVALID, text, `use one of: ${names}`);
      continue;
    }
    if (bound.has(binding.field)) {
      const text = `"${binding.field}" is filled twice`;
      report(`${path}.field`, Reason.PLAN_INVALID, text, "leave one binding");
    }
    bound.add(binding.field);
    if (!checkBinding(input, path, field, binding, request)) open.add(binding.field.split(".")[0]!);
  }
  for (const field of method.input.fields) {
    if (!rulesOf(field).required || bound.has(field.name)) continue;
    if ([...bound].some((path) => path.startsWith(`${field.name}.`))) continue;
    const text = `${method.input.typeName} needs "${field.name}"`;
    report(`${at}.inputs`, Reason.INPUT_MISSING, text, `bind a ${shapeOf(field)} to it`, {
      field: field.name,
    });
    open.add(field.name);
  }
  checkRules(input, request, open);
}

/** True when the value is known now, so that the rules of the contract can be checked on it. */
function checkBinding(
  input: InputsToCheck,
  path: string,
  field: DescField,
  binding: Binding,
  request: Message,
): boolean {
  const { method, report } = input;
  switch (binding.value.case) {
    case "literal":
      try {
        const value = literalFor(field, toJson(ValueSchema, binding.value.value));
        writePath(method.input, request, binding.field, value);
        return true;
      } catch (error) {
        const text = `the literal is no ${shapeOf(field)}: ${(error as Error).message}`;
        report(`${path}.literal`, Reason.PLAN_INVALID, text, "write it as protobuf JSON");
        return false;
      }
    case "attachment":
      return checkAttachment(input, path, field, binding, binding.value.value, request);
    case "output":
      checkOutput(input, path, field, binding.value.value);
      return false;
    default:
      report(path, Reason.PLAN_INVALID, "nothing is bound", "give a literal, attachment or output");
      return false;
  }
}

function checkAttachment(
  { method, attachments, report }: InputsToCheck,
  path: string,
  field: DescField,
  binding: Binding,
  index: number,
  request: Message,
): boolean {
  const file = attachments[index];
  if (!file) {
    const text = `there is no attachment ${index}, there are ${attachments.length}`;
    report(`${path}.attachment`, Reason.INPUT_MISSING, text, "attach the file");
    return false;
  }
  if (field.message?.typeName !== FileSchema.typeName || field.fieldKind !== "message") {
    const text = `"${binding.field}" is a ${shapeOf(field)}, not a file`;
    report(
      `${path}.attachment`,
      Reason.PLAN_INVALID,
      text,
      "bind attachments to fields of type File",
    );
    return false;
  }
  const accepted = mediaTypesOf(field);
  if (accepted.length > 0 && !accepted.includes(file.mediaType)) {
    const text = `"${file.filename}" is ${file.mediaType}, which ${method.name} does not read`;
    const remedy = `attach one of: ${accepted.join(", ")}`;
    report(`attachments[${index}].media_type`, Reason.UNREADABLE_FILE, text, remedy, {
      filename: file.filename,
      media_type: file.mediaType,
    });
    return false;
  }
  writePath(method.input, request, binding.field, file);
  return true;
}

function checkOutput(
  { earlier, report }: InputsToCheck,
  path: string,
  field: DescField,
  output: { step: string; field: string },
): void {
  if (!earlier.has(output.step)) {
    const text = `there is no step "${output.step}" before this one`;
    const remedy = "name an earlier step; steps stand in an order in which they can run";
    report(`${path}.output.step`, Reason.PLAN_INVALID, text, remedy, { step: output.step });
    return;
  }
  const source = earlier.get(output.step);
  // A step whose method is unknown has been reported already; its types cannot be.
  if (!source) return;
  const given = fieldAt(source.output, output.field);
  if (!given) {
    const names = source.output.fields.map(({ name }) => name).join(", ");
    const text = `${source.output.typeName} has no field "${output.field}"`;
    report(`${path}.output.field`, Reason.PLAN_INVALID, text, `use one of: ${names}`);
    return;
  }
  if (shapeOf(given) !== shapeOf(field)) {
    const text = `"${output.field}" is ${shapeOf(given)}, the input wants ${shapeOf(field)}`;
    report(`${path}.output.field`, Reason.PLAN_INVALID, text, "bind an output of the same type", {
      given: shapeOf(given),
      wanted: shapeOf(field),
    });
  }
  if (dataClassOf(given) === DataClass.SECRET && dataClassOf(field) !== DataClass.SECRET) {
    const text = `"${output.field}" is SECRET and would end in a field that is not`;
    report(`${path}.output.field`, Reason.PLAN_INVALID, text, "bind it to a SECRET field only");
  }
}

// Rules over fields whose value is only known while running are checked then, by the server.
function checkRules(
  { method, step, at, report }: InputsToCheck,
  request: Message,
  open: Set<string>,
) {
  // Nothing of the request is known yet, so there is nothing to say about it.
  if (open.size > 0 && method.input.fields.every(({ name }) => open.has(name))) return;
  const result = validator.validate(method.input, request);
  if (result.kind !== "invalid") return;
  for (const violation of result.violations) {
    const path = pathToString(violation.field);
    const name = path.split(/[.[]/)[0] ?? "";
    if (open.has(name) || (name === "" && open.size > 0)) continue;
    const index = step.inputs.findIndex(({ field }) => field.split(".")[0] === name);
    const where = index < 0 ? `${at}.inputs` : `${at}.inputs[${index}]`;
    const text = `${path || method.input.name}: ${violation.message}`;
    report(where, Reason.INVALID_FIELD, text, "give a value within the bounds of the contract", {
      field: path,
    });
  }
}
