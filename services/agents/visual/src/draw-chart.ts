// From a table and a wish to a finished drawing, in one line of pure steps: profile, wish, choice,
// picture, words, specification, rendering. Knows nothing of agents, files or calls.

import type { JsonValue } from "@bufbuild/protobuf";
import type { Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import { describe } from "./alternative-text.ts";
import { chartMarksOf } from "./chart-marks.ts";
import { type Choice, choose, type Refusal } from "./choose.ts";
import { csvOf } from "./csv.ts";
import { figuresOf } from "./figures.ts";
import { keep } from "./kept.ts";
import { type Language, languageOf } from "./language/language.ts";
import type { MarkName } from "./marks/mark.ts";
import { markOf } from "./marks/marks.ts";
import { narrow } from "./narrow.ts";
import { makePicture } from "./picture.ts";
import { type Profile, profileTable } from "./profile.ts";
import type { Renderer } from "./render.ts";
import { refuseChange, sayChange } from "./say-change.ts";
import { type Specification, specify } from "./specification.ts";
import { LIGHT } from "./theme.ts";
import { combine, NOTHING_SAID, onlyMentions, readWish, saysNothing, type Wish } from "./wish.ts";

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
  /** Why this shows the figures poorly; empty: it does not. */
  readonly warning: string;
  /** Wishes that would show them better. */
  readonly suggestions: readonly string[];
  readonly svg: string;
  readonly svgDark: string;
  readonly png: Uint8Array;
  readonly csv: string;
  /** Where each figure stands, as protobuf JSON. */
  readonly marks: string;
  readonly specification: Specification;
  /** What the specification keeps to be drawn again. */
  readonly usermeta: Record<string, JsonValue>;
}

export type Outcome =
  | { readonly drawing: Drawing }
  | { readonly refusal: Refusal }
  /** The words of a change say nothing that is known. */
  | { readonly unknown: Refusal };

const COMPUTED_NAME = /^([a-z][a-z_ ]*)\((.*)\)$/i;

/** Draws, or says why there is nothing to draw. */
export async function drawChart(request: ChartRequest, renderer: Renderer): Promise<Outcome> {
  const { table, wishes } = request;
  const language = languageOf(request.language, wishes.join(" "));
  const whole = profileTable(table, (name) => labelOf(name, language));
  const read = wishes.map((words, i) => {
    const wish = readWish(words, whole, language);
    return i === 0 ? withoutAnswered(wish, whole) : wish;
  });
  const changes = read.length > 1;
  const now = read.at(-1) ?? readWish("", whole, language);
  const decide = (wish: Wish) => {
    const profile = narrow(whole, wish, language);
    return { profile, choice: choose(profile, wish, language) };
  };
  if (changes && saysNothing(now)) return { unknown: refuseChange.unknown(language) };
  const { profile, choice } = decide(read.reduce(combine, NOTHING_SAID));
  if ("message" in choice)
    return { refusal: changes ? refuseChange.empty(choice, language) : choice };
  const { denied } = choice;
  if (changes && denied && asksFor(now)) return { refusal: refuseChange.denied(denied, language) };
  const before = changes ? decide(read.slice(0, -1).reduce(combine, NOTHING_SAID)).choice : choice;
  if (changes && onlyMentions(now) && sameColumns(choice, before as Choice))
    return { unknown: refuseChange.unknown(language) };
  const picture = makePicture(choice, profile, language, whole);
  const alternativeText = describe(picture, language);
  const look = { language, theme: LIGHT, typeface: renderer.typeface };
  const specification = specify(picture, alternativeText, look);
  const { scene, ...files } = await renderer.render(specification, picture.title, alternativeText);
  const poor = markOf(picture.mark).poor(picture, language);
  const reason = changes ? sayChange(now, choice, before as Choice, language) : picture.reason;
  return {
    drawing: {
      mark: picture.mark,
      title: picture.title,
      alternativeText,
      reason,
      warning: poor?.why ?? deniedSaid(choice, language),
      suggestions: poor?.better ?? [],
      ...files,
      csv: csvOf(picture, language),
      marks: chartMarksOf(scene, figuresOf(picture, language)),
      specification,
      usermeta: keep({ table, wishes, language: language.code }),
    },
  };
}

/** "By year for the 3 largest regions": a table that has three regions has answered that already. */
function withoutAnswered(wish: Wish, { fields, rows }: Profile): Wish {
  const { limit, ...others } = wish;
  const answered = fields.some(
    (field) => field.kind !== "measure" && field.distinct === limit?.count,
  );
  return limit && answered && rows.length > limit.count ? others : wish;
}

/** What the columns deny was asked for just now, and not only long before. */
function asksFor({ mark, scale, trend, panels, arrangement, swap, zero, numbers }: Wish): boolean {
  return (
    Boolean(mark ?? scale ?? trend ?? panels ?? arrangement ?? swap ?? numbers) || zero === false
  );
}

/** The name of a column alone is a change when it brings that column into the chart. */
function sameColumns(a: Choice, b: Choice): boolean {
  const columns = ({ mark, x, series, panel, values }: Choice) =>
    JSON.stringify([mark, x?.key, series?.key, panel?.key, values.map((field) => field.key)]);
  return columns(a) === columns(b);
}

/** A first wish that the columns deny is drawn otherwise; a mark that they deny is in the reason. */
function deniedSaid({ denied, reason }: Choice, language: Language): string {
  if (!denied || reason.includes(denied.why)) return "";
  return language.say.denied.said(denied.what, denied.why);
}

function labelOf(name: string, language: Language): string {
  const [, verb, of] = COMPUTED_NAME.exec(name) ?? [];
  if (verb === undefined || of === undefined) return name;
  return language.say.computed(verb.toLowerCase(), of) ?? name;
}
