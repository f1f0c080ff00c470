// The Vega-Lite specification of a picture: what all marks share. What a mark adds is in marks/.
// Field names in the data are the safe keys of the profile; every text for people is made here or in
// the language's file, so the specification needs nothing from outside to be drawn again.

import type { Language } from "./language/language.ts";
import { bar } from "./marks/bar.ts";
import { histogram } from "./marks/histogram.ts";
import { line } from "./marks/line.ts";
import type { MarkParts, Tools } from "./marks/parts.ts";
import { point } from "./marks/point.ts";
import type { Picture } from "./picture.ts";
import { wrap } from "./text.ts";
import { configuration, SIZE, type Theme } from "./theme.ts";
import type { Typeface } from "./typeface.ts";

export type Specification = Record<string, unknown>;

const MARKS: Readonly<Record<Picture["mark"], (picture: Picture, tools: Tools) => MarkParts>> = {
  bar,
  line,
  point,
  histogram,
};

export interface Look {
  readonly language: Language;
  readonly theme: Theme;
  readonly typeface: Pick<Typeface, "width">;
}

/** Makes the specification; `description` is the alternative text. */
export function specify(picture: Picture, description: string, look: Look): Specification {
  const { language, theme, typeface } = look;
  const parts = MARKS[picture.mark](picture, look);
  const room = SIZE.width - 2 * SIZE.padding;
  const title = { size: SIZE.title, weight: 600, width: room, lines: 2 };
  const small = { size: SIZE.subtitle, weight: 400, width: room, lines: 2 };
  const notes = [parts.caption, ...picture.remarks].filter((note) => note !== "");
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description,
    title: {
      text: wrap(picture.title, title, typeface),
      ...(notes.length > 0 && {
        subtitle: notes.flatMap((note) => wrap(note, small, typeface)),
      }),
    },
    width: SIZE.width,
    height: parts.height,
    padding: SIZE.padding,
    autosize: { type: "fit-x", contains: "padding" },
    ...parts.body,
    config: configuration(theme, language),
  };
}
