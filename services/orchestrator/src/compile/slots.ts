/** What a step can be given: fields of a method's request, or parameters of another plan. */
import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { fromJson } from "@bufbuild/protobuf";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Role } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { type Parameter, ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { mediaTypesOf, roleOf } from "@keiko/runtime/contracts.ts";
import { leak, type Rank, rankAt, rankName, wholeRank } from "../classes.ts";
import { literalOf, type Value } from "../field-values.ts";
import { wrongFor } from "../instantiate.ts";
import { fieldAt } from "../paths.ts";
import {
  fits,
  fitsParameter,
  nameOf,
  parameterFits,
  parameterName,
  type Type,
  text,
  typeOf,
} from "../types.ts";
import type { Given } from "./context.ts";
import type { SkillMethod } from "./methods.ts";

export interface Slot {
  /** "int64", "TEXT". */
  type: string;
  /** Of literals. */
  of: Type;
  takes(type: Type): boolean;
  takesParameter(type: ParameterType): boolean;
  /** Throws with the reason when the JSON is no value for it. Undefined: a parameter has no rules. */
  literal(json: JsonValue): Value | undefined;
  isFile: boolean;
  /** Why the file cannot be read; undefined: it can. */
  unreadable(file: File): { text: string; remedy: string } | undefined;
  /** Why the value must not get there; undefined: it may. */
  forbids(given: Given): { text: string; remedy: string } | undefined;
}

export function fieldSlot(found: SkillMethod, path: string): Slot | undefined {
  const { input } = found.method;
  const field = fieldAt(input, path);
  if (!field) return undefined;
  const type = typeOf(field);
  return {
    type: nameOf(type),
    of: type,
    takes: (from) => fits(from, type),
    takesParameter: (parameter) => parameterFits(parameter, type),
    literal: (json) => literalOf(field, json),
    isFile: type.kind === "message" && type.message.typeName === FileSchema.typeName,
    unreadable: ({ filename, mediaType }) => {
      const accepted = mediaTypesOf(field);
      if (accepted.length === 0 || accepted.includes(mediaType)) return undefined;
      return {
        text: `"${filename}" is ${mediaType}, which ${found.method.name} does not read`,
        remedy: `attach one of: ${accepted.join(", ")}`,
      };
    },
    forbids: (given) => forbidden(found, input, path, field, given),
  };
}

function forbidden(
  found: SkillMethod,
  input: DescMessage,
  path: string,
  field: DescField,
  { name, type, rank, untrusted }: Given,
): { text: string; remedy: string } | undefined {
  const whole = wholeRank(type, rank);
  if (found.skill.needsModel && whole > 0) {
    return {
      text: `${name} is or holds something ${rankName(whole)}, and ${found.path} asks a model`,
      remedy: "no contract clears a model for that: leave it out",
    };
  }
  const leaked = leak({ type, rank }, { type: typeOf(field), rank: rankAt(input, path) });
  if (leaked !== undefined) {
    return {
      text: `${name} is ${rankName(leaked)} and would end in a field that is not`,
      remedy: `bind it to a ${stricterNames[leaked]} field only`,
    };
  }
  if (untrusted && found.skill.needsModel && roleOf(field) === Role.GOAL) {
    return {
      text: `${name} is UNTRUSTED, and would tell a model what to do`,
      remedy: "bind it to a field that is no goal, or ask a person first",
    };
  }
  return undefined;
}

const stricterNames: Record<Rank, string> = { 0: "", 1: "PERSONAL or SECRET", 2: "SECRET" };

export function parameterSlot({ type }: Parameter): Slot {
  return {
    type: parameterName(type),
    of: text,
    takes: (from) => fitsParameter(from, type),
    takesParameter: (given) =>
      given === type || (given === ParameterType.INTEGER && type === ParameterType.NUMBER),
    literal(json) {
      const wrong = wrongFor(type, json);
      if (wrong) throw new Error(wrong);
      return undefined;
    },
    isFile: type === ParameterType.FILE,
    unreadable: () => undefined,
    // Values of parameters stand in the plan that runs, which people may read.
    forbids({ name, type: from, rank }) {
      const whole = wholeRank(from, rank);
      if (whole === 0) return undefined;
      const wrong = `${name} is or holds something ${rankName(whole)}, and a parameter is not`;
      return { text: wrong, remedy: "call the method that needs it in this plan" };
    },
  };
}

/** The file that a literal names. */
export function fileOf(json: JsonValue): File {
  return fromJson(FileSchema, json);
}
