// Box plots: the middle half of the values as a box, the median in it, whiskers to the last values
// within one and a half boxes, and a dot for each beyond. From raw rows, or from a table of quartiles.

import { formatCount } from "../format.ts";
import { limitNames } from "../gather.ts";
import { quantile } from "../histogram.ts";
import { hasWhiskers, type Picture, type Point } from "../picture.ts";
import { pickEvenly } from "../reduce.ts";
import { SIZE } from "../theme.ts";
import type { Mark } from "./mark.ts";
import { namesAcross, namesDown } from "./name-axis.ts";
import { captionOf, rowsOf, type Tools } from "./parts.ts";
import { continuous, upDomain, ZERO } from "./scales.ts";
import { across, write } from "./told.ts";

const VALUES_MIN = 5;
const REACH = 1.5;
const BEYOND_MAX = 60;
const BOXES_MAX = 20;
const THICKEST = 34;

export const box: Mark = {
  name: "box",
  across: "names",
  place(cast) {
    const { five, measures, categories, time, profile, wish } = cast;
    const x = wish.colour ?? categories[0] ?? time ?? null;
    if (five) return { x, values: five, series: null };
    const [measure] = measures;
    const usable = x && x.distinct * 2 <= profile.rows.length ? x : null;
    if (profile.rows.length - measure.missing < VALUES_MIN) return "numbers";
    return { x: usable, values: [measure], series: null };
  },
  suits: ({ five }) => (five ? 95 : 0),
  gather(raw, gathering) {
    const points = raw.every((point) => point.five)
      ? raw
      : summaries(raw, gathering.choice.x !== null);
    return limitNames(points, gathering, BOXES_MAX);
  },
  draw(picture, tools) {
    const { points, y, log } = picture;
    const all = points.flatMap((point) => [...(point.five ?? []), ...(point.beyond ?? [])]);
    const values = continuous(y, upDomain(picture, all, ZERO.near), tools, log);
    const stands = namesAcross(picture, tools);
    const down = namesDown(picture, tools);
    const small = tools.small ? SIZE.smallHeight : SIZE.plotHeight;
    const names = stands ? stands.encoding : down.encoding;
    const step = stands ? stands.step : down.step;
    return {
      height: stands ? small : Math.max(down.height, 60),
      caption: captionOf(picture, tools.language),
      body: {
        data: { values: rowsOf(points, picture) },
        layer: layers(picture, names, values, stands ? "up" : "across", step, tools),
      },
    };
  },
  describe(picture, language) {
    const { points, y } = picture;
    const { alternative } = language.say;
    const say = (value: number) => write(value, y, language);
    const sorted = points.toSorted((a, b) => b.y - a.y);
    const told = sorted.length > 4 ? [...sorted.slice(0, 2), ...sorted.slice(-2)] : sorted;
    const sentences = told.map((point) => {
      const [low = 0, lower = 0, , upper = 0, high = 0] = point.five ?? [];
      const name = [point.panel, across(point, picture, language)].filter(Boolean).join(", ");
      if (!hasWhiskers(picture))
        return alternative.middle(name, say(point.y), say(lower), say(upper));
      return alternative.box(name, say(point.y), say(lower), say(upper), say(low), say(high));
    });
    return [alternative.boxes(formatCount(points.length, language)), ...sentences];
  },
  poor: () => null,
};

/** Five numbers for each name; values beyond the whiskers stay single. */
function summaries(raw: readonly Point[], named: boolean): Point[] {
  const groups = Map.groupBy(raw, (point) => JSON.stringify([named ? point.x : "", point.panel]));
  return [...groups.values()].flatMap((group): Point[] => {
    const [first] = group;
    if (!first) return [];
    const sorted = group.map((point) => point.y).sort((a, b) => a - b);
    const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share)) as [
      number,
      number,
      number,
    ];
    const fence = REACH * (upper - lower);
    const within = sorted.filter((v) => v >= lower - fence && v <= upper + fence);
    const beyond = sorted.filter((v) => v < lower - fence || v > upper + fence);
    const [low, high] = [within[0] ?? lower, within.at(-1) ?? upper];
    return [
      {
        ...first,
        x: named ? first.x : "",
        y: median,
        five: [low, lower, median, upper, high],
        beyond: pickEvenly(beyond, BEYOND_MAX),
      },
    ];
  });
}

type Axis = Record<string, unknown> & { axis?: object };

function layers(
  picture: Picture,
  names: Axis,
  values: Axis,
  way: "up" | "across",
  step: number,
  tools: Tools,
): object[] {
  const [along, beside] = way === "up" ? ["y", "x"] : ["x", "y"];
  const place = { [beside as string]: names };
  const axis = { ...values.axis, title: null, ...(way === "across" && { domain: false }) };
  const from = (field: string) => ({ [along as string]: { ...values, axis, field } });
  const to = (field: string) => ({ [`${along}2`]: { field } });
  const thick = Math.min(THICKEST, step * 0.6);
  const orient = way === "up" ? "vertical" : "horizontal";
  const { text, textSoft, gap } = tools.theme;
  const [first = text] = tools.theme.palette;
  const beyond = beyondRows(picture);
  return [
    {
      mark: { type: "rule", color: textSoft, strokeWidth: 1.2 },
      encoding: { ...place, ...from("low"), ...to("high") },
    },
    {
      mark: { type: "bar", orient, size: thick, color: first, cornerRadius: 2 },
      encoding: { ...place, ...from("lower"), ...to("upper") },
    },
    {
      mark: {
        type: "tick",
        orient: way === "up" ? "horizontal" : "vertical",
        size: thick,
        thickness: 2,
        color: gap,
      },
      encoding: { ...place, ...from("median") },
    },
    ...(beyond.length > 0 && !tools.small
      ? [
          {
            data: { values: beyond },
            mark: { type: "point", size: 14, fillOpacity: 0.5 },
            encoding: { ...place, ...from("value") },
          },
        ]
      : []),
  ];
}

function beyondRows({ points, x }: Picture) {
  return points.flatMap((point) =>
    (point.beyond ?? []).map((value) => ({ [x.key]: point.x, value })),
  );
}
