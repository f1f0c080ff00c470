// A value that a person fills in, for a question or a parameter of a plan. Pure.

import { create, type JsonValue, toJson } from "@bufbuild/protobuf";
import { FileSchema, type File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ParameterType, type Reply, ReplySchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

/** What is in the form, whatever its type. */
export interface ValueDraft {
  text: string;
  truth: "" | "yes" | "no";
  /** Options that are ticked. */
  chosen: string[];
  file?: KeptFile;
}

export const emptyDraft = (): ValueDraft => ({ text: "", truth: "", chosen: [] });

const names = {
  [ParameterType.UNSPECIFIED]: "unspecified",
  [ParameterType.TEXT]: "text",
  [ParameterType.INTEGER]: "integer",
  [ParameterType.NUMBER]: "number",
  [ParameterType.TRUTH]: "truth",
  [ParameterType.FILE]: "file",
  [ParameterType.TEXTS]: "texts",
} as const;

export type TypeName = (typeof names)[ParameterType];
export const typeName = (type: ParameterType): TypeName => names[type] ?? "unspecified";

/** Nothing has been filled in. */
export const isEmpty = ({ text, truth, chosen, file }: ValueDraft): boolean =>
  !text.trim() && !truth && chosen.length === 0 && !file;

/** Unset where the form does not hold such a value. */
export function replyOf(draft: ValueDraft, type: ParameterType): Reply | undefined {
  const { text, truth, chosen, file } = draft;
  const trimmed = text.trim();
  switch (type) {
    case ParameterType.INTEGER: {
      const number = readNumber(trimmed);
      return number !== undefined && Number.isSafeInteger(number)
        ? create(ReplySchema, { integer: BigInt(number) })
        : undefined;
    }
    case ParameterType.NUMBER: {
      const number = readNumber(trimmed);
      return number === undefined ? undefined : create(ReplySchema, { number });
    }
    case ParameterType.TRUTH:
      return truth ? create(ReplySchema, { truth: truth === "yes" }) : undefined;
    case ParameterType.FILE:
      return file && create(ReplySchema, { file });
    case ParameterType.TEXTS: {
      const lines = text.split("\n").flatMap((line) => line.trim() || []);
      const texts = chosen.length > 0 ? chosen : lines;
      return texts.length > 0 ? create(ReplySchema, { texts }) : undefined;
    }
    default:
      return trimmed ? create(ReplySchema, { text: trimmed }) : undefined;
  }
}

/** The same as protobuf JSON, for a parameter. */
export function inputOf(draft: ValueDraft, type: ParameterType): JsonValue | undefined {
  const reply = replyOf(draft, type);
  if (!reply) return undefined;
  switch (type) {
    case ParameterType.INTEGER:
      return Number(reply.integer);
    case ParameterType.NUMBER:
      return reply.number;
    case ParameterType.TRUTH:
      return reply.truth;
    case ParameterType.FILE:
      return reply.file ? toJson(FileSchema, reply.file) : undefined;
    case ParameterType.TEXTS:
      return reply.texts;
    default:
      return reply.text;
  }
}

/** A form that holds the value already: the default of a parameter. */
export function draftOf(value: JsonValue | undefined, type: ParameterType): ValueDraft {
  const draft = emptyDraft();
  if (value === undefined || value === null) return draft;
  if (type === ParameterType.TRUTH) return { ...draft, truth: value === true ? "yes" : "no" };
  if (Array.isArray(value)) return { ...draft, text: value.join("\n") };
  return typeof value === "object" ? draft : { ...draft, text: String(value) };
}

/** With a point or, as Germans write it, a comma. */
function readNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : undefined;
}
