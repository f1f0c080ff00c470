// Areas under a line: one that fills up from zero, or several on one another. For what grows by
// adding, such as a running total, and for parts of a whole over time.

import { isKey } from "../cast.ts";
import { formatCount } from "../format.ts";
import { gatherLines } from "../gather.ts";
import type { Picture } from "../picture.ts";
import { SIZE } from "../theme.ts";
import { acrossOf, placeAlong, withTitle } from "./line.ts";
import type { Mark } from "./mark.ts";
import { captionOf, colour, legendFor, PANEL, rowsOf } from "./parts.ts";
import { continuous, roundDomain, ZERO } from "./scales.ts";
import { extremesOf, seriesSentence, seriesWays, wayOf } from "./told.ts";

const RUNNING =
  /(^|[^a-zäöüß])(running|cumulative|cumulated|kumuliert\w*|laufende\w*|aufgelaufen\w*)/i;
const STACKED_MAX = 5;

export const area: Mark = {
  name: "area",
  across: "along",
  place: placeAlong,
  suits(cast, { x, values, series }) {
    const [{ name, label, least }] = values;
    const running = RUNNING.test(name) || RUNNING.test(label);
    const one = !series && values.length === 1 && least >= 0;
    return running && one && x && isKey(cast, [x]) ? 85 : 0;
  },
  gather: gatherLines,
  draw(picture, tools) {
    const { points, names, y, arrangement } = picture;
    const domain = arrangement === "normalised" ? ([0, 100] as const) : reach(picture);
    const up = continuous(y, domain, tools);
    const legend = { ...legendFor(names, tools), symbolType: "square" };
    const alone = names.length < 2;
    const stacked = !alone && arrangement !== "grouped";
    const edge = { strokeWidth: 2 };
    const look = stacked ? { fillOpacity: 0.9 } : { fillOpacity: alone ? 0.22 : 0.25, line: edge };
    return {
      height: tools.small ? SIZE.smallHeight : SIZE.plotHeight,
      caption: captionOf(picture, tools.language),
      body: {
        data: { values: alone || !stacked ? rowsOf(points, picture) : layersOf(picture) },
        mark: { type: "area", ...look },
        encoding: {
          x: withTitle(acrossOf(picture, tools), picture, tools),
          y: {
            ...up,
            ...(stacked && { field: "top" }),
            stack: null,
            axis: { ...up.axis, title: null },
          },
          ...(stacked && { y2: { field: "base" } }),
          ...colour(picture, tools.theme, alone ? null : legend),
        },
      },
    };
  },
  describe(picture, language) {
    if (picture.names.length > 1) {
      return [seriesSentence(picture, language), ...seriesWays(picture, language)];
    }
    return [wayOf(picture, language), extremesOf(picture, language)].filter((text) => text !== "");
  },
  poor({ points, names, y, arrangement }, language) {
    const { poor, ask } = language.say;
    if (names.length < 2) return null;
    if (points.some((point) => point.y < 0))
      return { why: poor.stackedNegative, better: [ask.mark("line")] };
    if (!y.adds && y.unit !== "%" && arrangement !== "normalised")
      return { why: poor.addsNothing(y.label), better: [ask.mark("line")] };
    if (names.length <= STACKED_MAX) return null;
    const many = formatCount(names.length, language);
    return { why: poor.manyStacked(many), better: [ask.mark("line"), ask.panels] };
  },
};

/** Each series on those before it; where one lacks a figure it is as thin as nothing. */
function layersOf(picture: Picture): object[] {
  const { points, names, x, y, series } = picture;
  const rows = rowsOf(points, picture);
  const places = Map.groupBy(rows.keys(), (i) => {
    const { x: at, panel } = points[i] ?? { x: 0, panel: "" };
    return JSON.stringify([at, panel]);
  });
  return [...places.values()].flatMap((own) => {
    const first: Record<string, unknown> = rows[own[0] ?? 0] ?? {};
    let top = 0;
    return names.map((name) => {
      const i = own.find((one) => points[one]?.series === name);
      const base = top;
      top += i === undefined ? 0 : (points[i]?.y ?? 0);
      const blank = { [x.key]: first[x.key], [PANEL]: first[PANEL] };
      const row = i === undefined ? { ...blank, [series?.key ?? ""]: name, [y.key]: 0 } : rows[i];
      return { ...row, base, top };
    });
  });
}

/** Zero included; of stacks, as high as they reach. */
function reach({ points, names, arrangement }: Picture): readonly [number, number] {
  const stacked = names.length > 1 && arrangement !== "grouped";
  const heights = new Map<string, number>();
  for (const [i, { x, y, panel }] of points.entries()) {
    const key = stacked ? JSON.stringify([x, panel]) : String(i);
    heights.set(key, (heights.get(key) ?? 0) + y);
  }
  return roundDomain([...heights.values()], ZERO.always);
}
