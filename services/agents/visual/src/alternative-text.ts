// Says in words what the chart says in marks: what it is, its message, what was left out.

import type { Language } from "./language/language.ts";
import { markOf } from "./marks/marks.ts";
import type { Picture } from "./picture.ts";

const LETTERS_MAX = 4000;

/** Two to eight sentences in the language of the chart. */
export function describe(picture: Picture, language: Language): string {
  const { say } = language;
  const { panels, panel, log } = picture;
  const opening = say.alternative.opening(say.markNames[picture.mark], picture.title);
  const body = markOf(picture.mark).describe(picture, language);
  const split = panel ? [say.alternative.panels(String(panels.length), panel.label)] : [];
  const scale = log ? [say.alternative.log] : [];
  const remarks = picture.remarks.map((remark) => `${remark}.`);
  const text = [opening, ...split, ...body, ...scale, ...remarks].join(" ").replaceAll("..", ".");
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital.length > LETTERS_MAX ? `${capital.slice(0, LETTERS_MAX - 1)}…` : capital;
}
