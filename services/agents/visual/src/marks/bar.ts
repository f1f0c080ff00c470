// Bars: upright where their names fit beneath them, lying down where they need more room; side by
// side, on one another or as shares of a whole where there are series. Bars start at zero.

import { alike, isKey, isShare, lastResort, SERIES_MAX, twoAxes } from "../cast.ts";
import { formatCount } from "../format.ts";
import { gatherBars } from "../gather.ts";
import { shortName } from "../language/language.ts";
import type { Picture } from "../picture.ts";
import { SIZE } from "../theme.ts";
import { lying, upright } from "./bar-shapes.ts";
import type { Mark } from "./mark.ts";
import { thinOut } from "./name-axis.ts";
import { type Tools, widest } from "./parts.ts";
import { extremesOf, seriesPeaks, seriesSentence } from "./told.ts";

const BARS_IN_ORDER_MAX = 40;
const GROUPS_TO_AVERAGE_MAX = 30;
/** Shares over a longer time are lines. */
const SHARES_MAX = 12;
const STACKED_MAX = 5;
const UPRIGHT_MAX = 24;
const AXIS_ROOM = 44;

export const bar: Mark = {
  name: "bar",
  across: "names",
  place(cast) {
    const { measures, profile, wish } = cast;
    const [x, second] = twoAxes(cast);
    if (!x) return profile.rows.length === 1 ? lastResort(cast) : "names";
    const crowd = x.kind === "time" || x.ordered ? x.distinct : 0;
    if (crowd > BARS_IN_ORDER_MAX && !wish.limit) return "fewBars";
    const parted = second && (!isKey(cast, [x]) || second === wish.colour);
    const fits = parted && (second.distinct <= SERIES_MAX || second === wish.colour);
    const split = fits && second.distinct > 1 ? second : null;
    return { x, values: split ? [measures[0]] : alike(measures), series: split };
  },
  suits(cast, { x }) {
    const { categories, wish, profile } = cast;
    const [category] = categories;
    if (!category) return 10;
    const share = isShare(cast.measures[0]) && wish.hint === undefined;
    if (
      share &&
      x &&
      x.distinct <= SHARES_MAX &&
      isKey(cast, [category, ...(cast.time ? [cast.time] : [])])
    )
      return 82;
    if (wish.hint !== "point" && isKey(cast, categories)) return 60;
    const grouped = category.distinct <= GROUPS_TO_AVERAGE_MAX;
    const meant = wish.mentioned.includes(category) || profile.fields.length === 2 || cast.panel;
    return grouped && meant && x ? 45 : 20;
  },
  gather: gatherBars,
  draw(picture, tools) {
    const names = uprightNames(picture, tools);
    return names ? upright(picture, names, tools) : lying(picture, tools);
  },
  describe(picture, language) {
    const { points, series, names } = picture;
    const count = language.say.alternative.bars(formatCount(points.length, language));
    if (series && names.length > 1) {
      return [seriesSentence(picture, language), ...seriesPeaks(picture, language), count];
    }
    return [extremesOf(picture, language), ...(points.length > 1 ? [count] : [])];
  },
  poor(picture, language) {
    const { poor, ask } = language.say;
    const { points, names, arrangement, y, log, panel } = picture;
    if (log) return { why: poor.logBars, better: [ask.mark("dot"), ask.linear] };
    if (arrangement === "grouped") return null;
    if (points.some((point) => point.y < 0))
      return { why: poor.stackedNegative, better: [ask.grouped] };
    if (!y.adds && y.unit !== "%") return { why: poor.addsNothing(y.label), better: [ask.grouped] };
    if (names.length <= STACKED_MAX || panel) return null;
    return {
      why: poor.manyStacked(formatCount(names.length, language)),
      better: [ask.panels, ask.mark("heatmap")],
    };
  },
};

/** The texts under upright bars, or null when the bars had better lie down. */
function uprightNames(picture: Picture, tools: Tools): readonly string[] | null {
  const { categories, orientation, ordered, names, x, arrangement } = picture;
  // Beside bars that stand in groups there is no room for numbers; beside lying ones there is.
  const written = picture.numbers === true && names.length > 1 && arrangement === "grouped";
  if (written && orientation !== "vertical") return null;
  if (orientation === "horizontal" || (!ordered && orientation !== "vertical")) return null;
  const beside = arrangement === "grouped" ? Math.max(1, names.length) : 1;
  const bars = categories.length * beside;
  const most = tools.small ? UPRIGHT_MAX / 2 : UPRIGHT_MAX;
  const step = (tools.room - AXIS_ROOM) / Math.max(1, categories.length);
  const fits = (texts: readonly string[]) => widest(texts, SIZE.label, tools) <= step - 4;
  if (tools.small && !ordered) return null;
  const short = categories.map((name) => shortName(tools.language, name) ?? name);
  if (fits(categories) && (ordered || bars <= most)) return categories;
  if (fits(short) && bars <= 2 * most) return short;
  if (tools.small) return thinOut(short, step, tools);
  const told = orientation === "vertical";
  if (x.kind !== "category" || told || bars > most * 2) {
    return ordered || told ? thinOut(ordered ? short : categories, step, tools) : null;
  }
  return null;
}
