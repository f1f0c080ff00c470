// Ranges: from a lowest to a highest value at each name or time, as a bar that floats between them.

import { isKey, twoAxes } from "../cast.ts";
import { formatCount } from "../format.ts";
import { limitNames } from "../gather.ts";
import type { Picture, Point } from "../picture.ts";
import { SIZE } from "../theme.ts";
import type { Mark } from "./mark.ts";
import { namesAcross, namesDown } from "./name-axis.ts";
import { captionOf, numberExpression, rowsOf, type Tools, widest, writeNumber } from "./parts.ts";
import { continuous, upDomain, ZERO } from "./scales.ts";
import { placeOf, write } from "./told.ts";

const RANGES_MAX = 40;
const THICK = 10;
/** Of the height, for a number beyond each end. */
const NUMBER_SHARE = 0.07;

export const range: Mark = {
  name: "range",
  across: "names",
  place(cast) {
    const { ends, wish, measures, categories } = cast;
    const [first, second] = measures;
    const pair =
      second && second.unit === first.unit && wish.mark === "range"
        ? ([first, second] as const)
        : null;
    const values = ends ?? pair;
    if (!values) return "lowAndHigh";
    const x = twoAxes(cast)[0] ?? categories[0] ?? null;
    if (!x) return "names";
    if ((x.kind === "time" || x.ordered) && x.distinct > RANGES_MAX) return "fewBars";
    return { x, values, series: null };
  },
  suits(cast, { x }) {
    const { ends, five, profile } = cast;
    const others = profile.fields.filter((field) => field.kind === "measure").length;
    return ends && !five && others <= 3 && x && isKey(cast, [x]) ? 90 : 0;
  },
  gather(raw, gathering) {
    const groups = Map.groupBy(raw, (point) => JSON.stringify([point.x, point.panel]));
    const points = [...groups.values()].flatMap((group): Point[] => {
      const [first] = group;
      if (!first) return [];
      const low = group.reduce(
        (least, point) => Math.min(least, point.low ?? point.y),
        Number.POSITIVE_INFINITY,
      );
      const y = group.reduce((most, point) => Math.max(most, point.y), Number.NEGATIVE_INFINITY);
      return [{ ...first, low, y }];
    });
    return limitNames(points, gathering);
  },
  draw(picture, tools) {
    const { points, y, log } = picture;
    const all = points.flatMap((point) => [point.low ?? point.y, point.y]);
    const stands = namesAcross(picture, tools);
    const room = stands && !log ? spread(all) * NUMBER_SHARE : 0;
    const reach = [...all, Math.min(...all) - room, Math.max(...all) + room];
    const values = continuous(y, upDomain(picture, log ? all : reach, ZERO.near), tools, log);
    const down = namesDown(picture, tools);
    const small = tools.small ? SIZE.smallHeight : SIZE.plotHeight;
    const [along, beside] = stands ? ["y", "x"] : ["x", "y"];
    const scale = {
      ...values,
      axis: { ...values.axis, title: null, ...(!stands && { domain: false }) },
    };
    const thick = stands ? Math.min(THICK, stands.step * 0.5) : THICK;
    return {
      height: stands ? small : down.height,
      caption: captionOf(picture, tools.language),
      body: {
        data: { values: rowsOf(points, picture) },
        encoding: {
          [beside as string]: stands ? stands.encoding : down.encoding,
          [along as string]: { ...scale, field: "low" },
          [`${along}2`]: { field: y.key },
        },
        layer: [
          {
            mark: {
              type: "bar",
              size: thick,
              cornerRadius: thick / 2,
              orient: stands ? "vertical" : "horizontal",
            },
          },
          ...numbers(picture, stands ? stands.step : null, scale, tools),
        ],
      },
    };
  },
  describe(picture, language) {
    const { points, y } = picture;
    const { alternative } = language.say;
    const width = (point: Point) => point.y - (point.low ?? point.y);
    const sorted = points.toSorted((a, b) => width(b) - width(a));
    const tell = (point: Point | undefined) =>
      point
        ? ([
            placeOf(point, picture, language),
            write(point.low ?? point.y, y, language),
            write(point.y, y, language),
          ] as const)
        : null;
    const [widestOne, narrowest] = [tell(sorted[0]), tell(sorted.at(-1))];
    return [
      alternative.ranges(formatCount(points.length, language)),
      ...(widestOne ? [alternative.widest(...widestOne)] : []),
      ...(narrowest && sorted.length > 1 ? [alternative.narrowest(...narrowest)] : []),
    ];
  },
  poor: () => null,
};

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Both ends in numbers where asked for and where they fit above and below upright ranges. */
function numbers(picture: Picture, step: number | null, scale: object, tools: Tools): object[] {
  const { y, points } = picture;
  if (step === null || tools.small || picture.numbers === false) return [];
  const texts = points
    .flatMap((point) => [point.low ?? 0, point.y])
    .map((n) => writeNumber(n, y, tools));
  if (widest(texts, SIZE.label, tools) > step - 2) return [];
  const layer = (field: string, dy: number) => ({
    mark: {
      type: "text",
      dy,
      text: { expr: numberExpression(`datum[${JSON.stringify(field)}]`, y.style, false) },
    },
    encoding: { y: { ...scale, field }, y2: null },
  });
  return [layer(y.key, -9), layer("low", 10)];
}
