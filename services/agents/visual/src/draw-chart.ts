// From a table and a wish to a finished drawing, in one line of pure steps: profile, wish, choice,
// picture, words, specification, rendering. Knows nothing of agents, files or calls.

import type { JsonValue } from "@bufbuild/protobuf";
import type { Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import { describe } from "./alternative-text.ts";
import { choose, type MarkName, type Refusal } from "./choose.ts";
import { keep } from "./kept.ts";
import { type Language, languageOf } from "./language/language.ts";
import { makePicture } from "./picture.ts";
import { profileTable } from "./profile.ts";
import type { Renderer } from "./render.ts";
import { type Specification, specify } from "./specification.ts";
import { LIGHT } from "./theme.ts";
import { combine, readWish } from "./wish.ts";

export interface ChartRequest {
  readonly table: Table;
  /** The first wish, and every change asked for after it. */
  readonly wishes: readonly string[];
  /** "de", "en", or empty for the language of the wish. */
  readonly language: string;
}

export interface Drawing {
  readonly mark: MarkName;
  readonly title: string;
  readonly alternativeText: string;
  readonly reason: string;
  readonly svg: string;
  readonly png: Uint8Array;
  readonly specification: Specification;
  /** What the specification keeps to be drawn again. */
  readonly usermeta: Record<string, JsonValue>;
}

export type Outcome = { readonly drawing: Drawing } | { readonly refusal: Refusal };

const COMPUTED_NAME = /^([a-z][a-z_ ]*)\((.*)\)$/i;

/** Draws, or says why there is nothing to draw. */
export async function drawChart(request: ChartRequest, renderer: Renderer): Promise<Outcome> {
  const language = languageOf(request.language, request.wishes.join(" "));
  const profile = profileTable(request.table, (name) => labelOf(name, language));
  const wish = request.wishes
    .map((words) => readWish(words, profile.fields, language))
    .reduce(combine);
  const choice = choose(profile, wish, language);
  if ("message" in choice) return { refusal: choice };
  const picture = makePicture(choice, profile, language);
  const alternativeText = describe(picture, language);
  const look = { language, theme: LIGHT, typeface: renderer.typeface };
  const specification = specify(picture, alternativeText, look);
  const { table, wishes } = request;
  const usermeta = keep({ table, wishes, language: language.code });
  const { svg, png } = await renderer.render(specification, picture.title, alternativeText);
  const { mark, title, reason } = picture;
  return { drawing: { mark, title, alternativeText, reason, svg, png, specification, usermeta } };
}

function labelOf(name: string, language: Language): string {
  const [, verb, of] = COMPUTED_NAME.exec(name) ?? [];
  if (verb === undefined || of === undefined) return name;
  return language.say.computed(verb.toLowerCase(), of) ?? name;
}
