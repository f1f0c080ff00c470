// The Vega-Lite specification of a picture: what all marks share, and small multiples of any of them.
// Field names in the data are the safe keys of the profile; every text for people is made here or in
// the language's file, so the specification needs nothing from outside to be drawn again.

import type { Language } from "./language/language.ts";
import { markOf } from "./marks/marks.ts";
import { type MarkParts, PANEL, ROOM } from "./marks/parts.ts";
import { labelWidth, roundDomain, ZERO } from "./marks/scales.ts";
import type { Picture } from "./picture.ts";
import { shorten, wrap } from "./text.ts";
import { configuration, SIZE, type Theme } from "./theme.ts";
import type { Typeface } from "./typeface.ts";

export type Specification = Record<string, unknown>;

export interface Look {
  readonly language: Language;
  readonly theme: Theme;
  readonly typeface: Pick<Typeface, "width">;
}

const PANEL_GAP = 20;
/** Labels of two neighbours may meet between them, each half beyond its plot. */
const LABELLED_GAP = 38;
const ROW_GAP = 36;
const AXIS_GAP = 22;

/** Makes the specification; `description` is the alternative text. */
export function specify(picture: Picture, description: string, look: Look): Specification {
  const { language, theme, typeface } = look;
  const title = { size: SIZE.title, weight: 600, width: ROOM, lines: 2 };
  const small = { size: SIZE.subtitle, weight: 400, width: ROOM, lines: 2 };
  const { parts, plot } = picture.panel ? panelled(picture, look) : single(picture, look);
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
    padding: SIZE.padding,
    ...plot,
    config: configuration(theme, language),
  };
}

interface Planned {
  readonly parts: MarkParts;
  readonly plot: Record<string, unknown>;
}

function single(picture: Picture, look: Look): Planned {
  const parts = markOf(picture.mark).draw(picture, { ...look, room: ROOM, small: false });
  return {
    parts,
    plot: {
      width: SIZE.width,
      height: parts.height,
      autosize: { type: "fit-x", contains: "padding" },
      ...parts.body,
    },
  };
}

/** Small plots in two or three columns, in the order of their values, on the same scales. */
function panelled(picture: Picture, look: Look): Planned {
  const { panels, categories, mark } = picture;
  const named = categories.length > 0 && !picture.ordered;
  const columns = panels.length <= 2 || panels.length === 4 || named ? 2 : 3;
  const across = Math.min(columns, panels.length);
  const gap = categories.length > 0 ? PANEL_GAP : LABELLED_GAP;
  const side = sideOf(picture, look, named);
  const width = Math.floor((ROOM - side - (across - 1) * gap) / across);
  const room = named ? width + side : width + 40;
  const parts = markOf(mark).draw(picture, { ...look, room, small: true });
  const { data, ...spec } = parts.body;
  const fit = { size: SIZE.label, weight: 600, width };
  const texts = panels.map((name) => shorten(name, fit, look.typeface));
  const literal = JSON.stringify(texts.map((text) => `\n${text.replace(/\n/g, " ")}`).join(""));
  const names = JSON.stringify(panels.map((name) => `\n${name.replace(/\n/g, " ")}`).join(""));
  const incomplete = panels.length % across !== 0;
  return {
    parts,
    plot: {
      data,
      facet: {
        field: PANEL,
        type: "nominal",
        sort: panels,
        header: {
          title: null,
          labelFontSize: SIZE.label,
          labelFontWeight: 600,
          labelColor: look.theme.text,
          labelAnchor: "start",
          labelLimit: 0,
          labelPadding: 6,
          labelExpr: `split(${literal}, "\\n")[indexof(split(${names}, "\\n"), replace(datum.value, /\\n/g, " "))]`,
        },
      },
      columns: across,
      // The grid is that of the plots; the names of each stand in the gaps.
      bounds: "flush",
      spacing: { row: incomplete && !named ? ROW_GAP + AXIS_GAP : ROW_GAP, column: gap },
      spec: { width, height: parts.height, ...spec },
      ...(incomplete && !named && { resolve: { axis: { x: "independent" } } }),
    },
  };
}

/** Pixels that names or numbers take at the left of the first column. */
function sideOf(picture: Picture, look: Look, named: boolean): number {
  const tools = { ...look, room: ROOM, small: true };
  if (picture.mark === "pie" || picture.mark === "donut") return 0;
  if (!named) {
    const values =
      picture.bins.length > 0
        ? picture.bins.map((bin) => bin.count)
        : picture.points.map((p) => p.y);
    return 12 + labelWidth(roundDomain(values, ZERO.near), tools);
  }
  const widest = picture.categories.map((name) => look.typeface.width(name, SIZE.label, 400));
  return 8 + Math.min(ROOM * 0.25, Math.max(...widest, 20));
}
