// What people type as a value, read as what a plan's parameter or a question wants.

import {
  create,
  fromJson,
  type JsonValue,
  type MessageInitShape,
  toJson,
} from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ParameterType, type Reply, ReplySchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

import { WrongUsage } from "./exit.ts";

export interface Wanted {
  readonly type: ParameterType;
  /** For texts: only these; empty: anything. */
  readonly options: readonly string[];
}

/** Gives the file under a path to Keiko. */
export type Keep = (path: string) => Promise<File>;

type Typed = Omit<MessageInitShape<typeof ReplySchema>, "$typeName">;

const YES = new Set(["yes", "y", "true", "ja", "j"]);
const NO = new Set(["no", "n", "false", "nein"]);

/** Fails with WrongUsage where the text is no such value. */
export async function readReply(text: string, wanted: Wanted, keep: Keep): Promise<Reply> {
  return create(ReplySchema, await typed(text, wanted, keep));
}

/** The same as protobuf JSON, for a parameter of a plan. */
export async function readInput(text: string, type: ParameterType, keep: Keep): Promise<Value> {
  const value = await typed(text, { type, options: [] }, keep);
  const json = value.file
    ? toJson(FileSchema, create(FileSchema, value.file))
    : (value.texts ?? value.truth ?? value.number ?? value.text ?? Number(value.integer));
  return fromJson(ValueSchema, json as JsonValue);
}

async function typed(text: string, { type, options }: Wanted, keep: Keep): Promise<Typed> {
  switch (type) {
    case ParameterType.INTEGER:
      if (!/^[+-]?\d{1,16}$/.test(text.trim())) throw wrong(text, "a whole number");
      return { integer: BigInt(text.trim().replace(/^\+/, "")) };
    case ParameterType.NUMBER: {
      const number = text.trim() === "" ? Number.NaN : Number(text);
      if (!Number.isFinite(number)) throw wrong(text, "a number");
      return { number };
    }
    case ParameterType.TRUTH: {
      const word = text.trim().toLowerCase();
      if (!YES.has(word) && !NO.has(word)) throw wrong(text, "yes or no");
      return { truth: YES.has(word) };
    }
    case ParameterType.FILE:
      return { file: await keep(text) };
    case ParameterType.TEXTS:
      return { texts: listOf(text).map((one) => oneOf(one, options)) };
    default:
      return { text: oneOf(text, options) };
  }
}

/** A JSON list of texts, or texts with commas between them. */
function listOf(text: string): string[] {
  if (!text.trim().startsWith("[")) {
    return text.split(",").flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
  }
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((one) => typeof one === "string")) return list;
  } catch {
    // Said below, as of any other list that is none.
  }
  throw wrong(text, 'a list such as a,b or ["a", "b"]');
}

/** As the question spells it: case is forgiven, anything else is not. */
function oneOf(text: string, options: readonly string[]): string {
  if (options.length === 0) return text;
  const found = options.find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (found === undefined) throw wrong(text, `one of: ${options.join(", ")}`);
  return found;
}

const wrong = (text: string, wanted: string) => new WrongUsage(`"${text}" is not ${wanted}.`);
