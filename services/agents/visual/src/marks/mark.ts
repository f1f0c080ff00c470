// What a kind of chart is: one object per file of this folder. It says what it needs, how well it
// suits when nobody asked for it, which figures it gathers, how it is drawn and told, and when it
// shows figures poorly. `marks.ts` lists them; no other file knows one by name.

import type { Cast, Placed } from "../cast.ts";
import type { Gathered, Gathering } from "../gather.ts";
import type { Language } from "../language/language.ts";
import type { Picture, Point } from "../picture.ts";
import type { MarkParts, Tools } from "./parts.ts";

export type MarkName =
  | "bar"
  | "line"
  | "area"
  | "point"
  | "histogram"
  | "box"
  | "heatmap"
  | "pie"
  | "donut"
  | "dot"
  | "range";

/** What a table lacks for a mark; the sentence for each is in the language. */
export type Need =
  | "order"
  | "twoNumbers"
  | "numbers"
  | "names"
  | "twoGroups"
  | "lowAndHigh"
  | "parts"
  | "fewBars";

/** Why the figures are shown poorly, and wishes that show them better, in words. */
export interface Poor {
  readonly why: string;
  readonly better: readonly string[];
}

export interface Mark {
  readonly name: MarkName;
  /** `names` stand side by side; `along` keeps numbers and times at their distance. */
  readonly across: "names" | "along";
  /** What goes where, or what is lacking for that. */
  place(cast: Cast): Placed | Need;
  /** How well it suits when nobody named a mark; 0: never of itself, the largest is drawn. */
  suits(cast: Cast, placed: Placed): number;
  /** The figures that are shown of all points, with a remark for whatever is left out. */
  gather(points: Point[], gathering: Gathering): Gathered;
  draw(picture: Picture, tools: Tools): MarkParts;
  /** The message in sentences, from the same numbers. */
  describe(picture: Picture, language: Language): string[];
  poor(picture: Picture, language: Language): Poor | null;
}
