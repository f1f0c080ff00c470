/**
 * Chains backwards over types: to run a skill, each input that must be filled comes from an
 * attachment, or from the best skill that makes such a thing and can itself be run. Pure.
 */
import { create, fromJson, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Chart,
  ChartSchema,
  type File,
  FileSchema,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Role } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { type BindingSchema, type Step, StepSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { fieldsWithRole, mediaTypesOf } from "@keiko/runtime/contracts.ts";
import { nounsOf } from "@keiko/runtime/descriptors.ts";
import { acceptsFile, requiredFields, takesGoal } from "./fits.ts";
import { limits } from "./limits.ts";
import { type Language, wordsOf } from "./words.ts";

export interface Chain {
  steps: Step[];
}

export interface ChainFailure {
  missing: { skill: string; field: string; mediaTypes: string[] };
  /** What was attached instead of what can be read. */
  attachment: File | undefined;
}

export interface ChainInput {
  goal: string;
  language: Language;
  /** Goals before in the conversation, oldest first. */
  earlier?: readonly string[];
  attachments: readonly File[];
  /** Best first. */
  skills: readonly CatalogMethod[];
}

type Inputs = MessageInitShape<typeof BindingSchema>[];

export function chainTo(target: CatalogMethod, input: ChainInput): Chain | ChainFailure {
  const steps: Step[] = [];
  const failure = extend(target, input, steps, []);
  return failure ?? { steps };
}

/** One step that goes on from something that was made before. */
export function continuation(
  skill: CatalogMethod,
  said: Pick<ChainInput, "goal" | "language" | "earlier"> & {
    made: { type: string; value: Chart };
  },
): Chain | undefined {
  const [field, ...others] = requiredFields(skill).filter((one) => one.message !== undefined);
  if (!field || others.length > 0 || field.message?.typeName !== said.made.type) return undefined;
  const value = fromJson(ValueSchema, toJson(ChartSchema, said.made.value));
  const inputs: Inputs = [
    { field: field.name, value: { case: "literal", value } },
    ...spoken(skill, said),
  ];
  return { steps: [create(StepSchema, { id: freshId(skill, []), method: skill.path, inputs })] };
}

/** Appends the steps that `skill` needs and the skill itself; on failure appends nothing. */
function extend(
  skill: CatalogMethod,
  input: ChainInput,
  steps: Step[],
  above: readonly string[],
): ChainFailure | undefined {
  const before = steps.length;
  const inputs: Inputs = [];
  for (const field of requiredFields(skill)) {
    const attached = pickAttachment(input, (file) => acceptsFile(field, file));
    if (attached !== undefined) {
      inputs.push({ field: field.name, value: { case: "attachment", value: attached } });
      continue;
    }
    const wanted = field.message?.typeName ?? "";
    const made = wanted === "" ? undefined : produce(wanted, skill, input, steps, above);
    if (made && "step" in made) {
      inputs.push({ field: field.name, value: { case: "output", value: made } });
      continue;
    }
    steps.length = before;
    if (made) return made;
    const missing = { skill: skill.path, field: field.name, mediaTypes: mediaTypesOf(field) };
    const isFile = wanted === FileSchema.typeName;
    return { missing, attachment: isFile ? input.attachments[0] : undefined };
  }
  inputs.push(...spoken(skill, input));
  steps.push(create(StepSchema, { id: freshId(skill, steps), method: skill.path, inputs }));
  return undefined;
}

/** The output of a step that makes the wanted noun, the step appended; or why none can. */
function produce(
  wanted: string,
  consumer: CatalogMethod,
  input: ChainInput,
  steps: Step[],
  above: readonly string[],
): { step: string; field: string } | ChainFailure | undefined {
  if (above.length >= limits.plan_depth_max) return undefined;
  const path = [...above, consumer.path];
  const makers = input.skills.filter(
    ({ path: maker, outputTypes }) => outputTypes.includes(wanted) && !path.includes(maker),
  );
  // What a person asked for in words can only come from a skill that hears them.
  const heard = [...makers.filter(takesGoal), ...makers.filter((maker) => !takesGoal(maker))];
  let failure: ChainFailure | undefined;
  for (const maker of heard) {
    const failed = extend(maker, input, steps, path);
    if (failed) {
      failure ??= failed;
      continue;
    }
    const output = nounsOf(maker.method.output).find(({ type }) => type.typeName === wanted)!;
    return { step: steps.at(-1)!.id, field: output.path };
  }
  return failure;
}

/** The goal, those before it and the language, where the contract has fields for them. */
function spoken(
  { method }: CatalogMethod,
  { goal, language, earlier = [] }: Pick<ChainInput, "goal" | "language" | "earlier">,
): Inputs {
  const literal = (field: string, said: string | string[]): Inputs[number] => ({
    field,
    value: { case: "literal", value: fromJson(ValueSchema, said) },
  });
  const before = earlier.length > 0 ? fieldsWithRole(method.input, Role.EARLIER_GOAL) : [];
  return [
    ...before.map(({ name }) => literal(name, [...earlier])),
    ...fieldsWithRole(method.input, Role.GOAL).map(({ name }) => literal(name, goal)),
    ...fieldsWithRole(method.input, Role.LANGUAGE).map(({ name }) => literal(name, language)),
  ];
}

/** Of several files that fit, the one whose name the goal mentions, else the first. */
function pickAttachment(
  { goal, attachments }: ChainInput,
  fits: (file: File) => boolean,
): number | undefined {
  const fitting = attachments
    .map((file, index) => ({ file, index }))
    .filter(({ file }) => fits(file));
  const said = new Set(wordsOf(goal));
  const named = fitting.find(({ file }) => {
    const words = wordsOf(file.filename.replace(/\.[^.]*$/, ""));
    return words.length > 0 && words.every((word) => said.has(word));
  });
  return (named ?? fitting[0])?.index;
}

function freshId({ method }: CatalogMethod, steps: readonly Step[]): string {
  const base = method.name.replaceAll(/(?<!^)[A-Z]/g, "_$&").toLowerCase();
  const taken = new Set(steps.map(({ id }) => id));
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}_${count}`;
  return id;
}
