// Names beneath or beside marks that stand at them, in the room that they leave each other.

import { shortName } from "../language/language.ts";
import type { Picture } from "../picture.ts";
import { shorten, wrap } from "../text.ts";
import { SIZE } from "../theme.ts";
import { namesExpression, nameTitle, type Tools, widest } from "./parts.ts";

const NAME_WIDTH_MAX = 180;
const TWO_LINES = 36;
const AXIS_ROOM = 44;

/** Names one below the other; `step` is the height that each takes at least. */
export function namesDown(picture: Picture, tools: Tools, inner = 0.28) {
  const { categories, x } = picture;
  const most = Math.min(NAME_WIDTH_MAX, tools.room * 0.42);
  const fit = { size: SIZE.label, weight: 400, width: most, lines: tools.small ? 1 : 2 };
  const lines = categories.map((name) => wrap(name, fit, tools.typeface));
  const usual = tools.small ? 22 : SIZE.barStep;
  const step = lines.some((text) => text.length > 1) ? TWO_LINES : usual;
  return {
    room: tools.room - widest(lines.flat(), SIZE.label, tools) - 8,
    height: Math.max(1, categories.length) * step,
    step,
    encoding: {
      field: x.key,
      type: "nominal",
      sort: null,
      scale: { domain: categories, paddingInner: inner, paddingOuter: 0.1 },
      axis: { title: null, labelLimit: 0, domain: false, ...namesExpression(categories, lines) },
    },
  };
}

/** Names side by side; null when they do not fit, or had better not stand. */
export function namesAcross(picture: Picture, tools: Tools) {
  const { categories, orientation, ordered, x } = picture;
  if (orientation === "horizontal" || (!ordered && orientation !== "vertical")) return null;
  const step = (tools.room - AXIS_ROOM) / Math.max(1, categories.length);
  const fits = (texts: readonly string[]) => widest(texts, SIZE.label, tools) <= step - 4;
  const short = categories.map((name) => shortName(tools.language, name) ?? name);
  const texts = fits(categories) ? categories : fits(short) ? short : thinOut(short, step, tools);
  return {
    step,
    encoding: {
      field: x.key,
      type: "nominal",
      sort: null,
      scale: { domain: categories, paddingInner: 0.28, paddingOuter: 0.14 },
      axis: {
        title: tools.small ? null : nameTitle(picture),
        labelAngle: 0,
        ticks: false,
        labelOverlap: false,
        ...namesExpression(
          categories,
          texts.map((text) => [text]),
        ),
      },
    },
  };
}

/** Keeps every n-th name, so that those that stay do not touch. */
export function thinOut(names: readonly string[], step: number, tools: Tools): readonly string[] {
  const fit = { size: SIZE.label, weight: 400, width: tools.room / 3 };
  const texts = names.map((name) => shorten(name, fit, tools.typeface));
  const every = Math.max(1, Math.ceil((widest(texts, SIZE.label, tools) + 10) / step));
  return texts.map((name, i) => (i % every === 0 ? name : ""));
}
