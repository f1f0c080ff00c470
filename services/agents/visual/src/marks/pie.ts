// Pies and donuts, only when asked for: parts of one whole, the largest first, the small ones folded
// together, with the share of each beside its name. Poor with many slices: angles compare badly.

import { twoAxes } from "../cast.ts";
import { formatCount } from "../format.ts";
import { type Gathering, gatherBars } from "../gather.ts";
import type { Picture, Point } from "../picture.ts";
import { sortCategories } from "../reduce.ts";
import { shorten } from "../text.ts";
import { SIZE } from "../theme.ts";
import type { Mark, MarkName } from "./mark.ts";
import { captionOf, FIGURE, type MarkParts, rowsOf, type Tools } from "./parts.ts";
import { across, percent, up } from "./told.ts";

const SLICES_MAX = 8;
const MANY = 6;
const RADIUS = 96;
const SMALL_RADIUS = 56;
const LEGEND_ROOM = 190;

export const pie: Mark = slices("pie", 0);
export const donut: Mark = slices("donut", 0.58);

function slices(name: MarkName, hole: number): Mark {
  return {
    name,
    across: "names",
    place(cast) {
      const [measure] = cast.measures;
      const [x] = twoAxes({ ...cast, time: undefined });
      if (!x) return cast.time ? "parts" : "names";
      if (measure.least < 0 || !isPositive(cast.profile.rows, measure.index)) return "parts";
      return { x, values: [measure], series: null };
    },
    suits: () => 0,
    gather: (points, gathering) => fold(points, gathering),
    draw: (picture, tools) => draw(picture, tools, hole),
    describe(picture, language) {
      const whole = totalOf(picture.points);
      const told = picture.points.slice(0, 4).map((point) => {
        const share = percent(point.y / whole, language);
        const value = up(point, picture, language);
        const both = picture.y.unit === "%" ? value : `${value} (${share})`;
        return `${across(point, picture, language)}: ${both}.`;
      });
      return [
        language.say.alternative.slices(formatCount(picture.points.length, language)),
        ...told,
      ];
    },
    poor({ namesInAll, y }, language) {
      const { poor, ask } = language.say;
      if (namesInAll > MANY)
        return {
          why: poor.manySlices(formatCount(namesInAll, language)),
          better: [ask.mark("bar")],
        };
      if (!y.adds && y.unit !== "%")
        return { why: poor.addsNothing(y.label), better: [ask.mark("bar")] };
      return null;
    },
  };
}

function isPositive(rows: readonly (readonly unknown[])[], column: number): boolean {
  return rows.some((row) => Number(row[column] ?? 0) > 0);
}

/** Of many parts the largest, and the rest as one, so that the whole stays whole. */
function fold(raw: Point[], gathering: Gathering) {
  const { choice, language, remark } = gathering;
  const { limit, ...whole } = choice;
  const own = choice.x?.ordered === true && choice.sort === undefined;
  const all = gatherBars(raw, {
    ...gathering,
    choice: { ...whole, limit: { count: 1000, end: "top" } },
  });
  const most = limit?.count ?? SLICES_MAX;
  const ranked = sortCategories(all.points, false, {
    by: "value",
    descending: limit?.end !== "bottom",
  });
  const folds = all.categories.length > most;
  const shown = folds
    ? ranked.categories.slice(0, Math.min(most, SLICES_MAX) - (limit ? 0 : 1))
    : all.categories;
  const order = own
    ? all.categories.filter((name) => shown.includes(name))
    : folds
      ? shown
      : all.categories;
  const points = order.flatMap((name) => all.points.filter((point) => point.x === name));
  const rest = all.points.filter((point) => !shown.includes(String(point.x)));
  if (rest.length === 0) return { points, categories: order, names: [] };
  const count = (n: number) => formatCount(n, language);
  const other = language.say.others(count(rest.length));
  if (limit) {
    remark(
      language.say.remark.top(
        count(shown.length),
        count(all.categories.length),
        limit.end === "bottom",
      ),
    );
    return { points, categories: order, names: [] };
  }
  const panels = new Set(rest.map((point) => point.panel));
  const folded = [...panels].map((panel) => ({
    x: other,
    y: totalOf(rest.filter((point) => point.panel === panel)),
    series: "",
    panel,
  }));
  return { points: [...points, ...folded], categories: [...order, other], names: [] };
}

function totalOf(points: readonly Point[]): number {
  return points.reduce((sum, point) => sum + point.y, 0);
}

function draw(picture: Picture, tools: Tools, hole: number): MarkParts {
  const { x, y, points, categories } = picture;
  const { theme, language, typeface, small } = tools;
  const whole = totalOf(points) || 1;
  const radius = small ? SMALL_RADIUS : RADIUS;
  const room = { size: SIZE.label, weight: 400, width: LEGEND_ROOM - 50 };
  const texts = categories.map((name) => {
    const share = totalOf(points.filter((point) => point.x === name)) / whole;
    const label = shorten(name, room, typeface);
    return small ? label : `${label}  ${percent(share, language)}`;
  });
  const folded =
    categories.length > 0 && points.at(-1)?.x === language.say.others(lastCount(picture));
  const colours = categories.map((_, i) =>
    folded && i === categories.length - 1
      ? theme.lineStrong
      : theme.palette[i % theme.palette.length],
  );
  const literal = JSON.stringify(texts.map((text) => `\n${text.replace(/\n/g, " ")}`).join(""));
  return {
    height: 2 * radius + 8,
    caption: captionOf(picture, language),
    body: {
      data: { values: rowsOf(points, picture) },
      mark: {
        type: "arc",
        outerRadius: radius,
        innerRadius: radius * hole,
        stroke: theme.ground,
        strokeWidth: 1.5,
      },
      encoding: {
        theta: { field: y.key, type: "quantitative", stack: true },
        order: { field: FIGURE, type: "quantitative" },
        color: {
          field: x.key,
          type: "nominal",
          sort: null,
          scale: { domain: categories, range: colours },
          legend: {
            orient: small ? "top" : "right",
            symbolType: "circle",
            labelLimit: 0,
            ...(small ? { columns: 2 } : { columns: 1, rowPadding: 8, offset: 8 }),
            labelExpr: `split(${literal}, "\\n")[1 + datum.index]`,
          },
        },
      },
    },
  };
}

/** How many were folded, as the name of the last slice says it; empty when none were. */
function lastCount({ namesInAll, categories }: Picture): string {
  return String(namesInAll - categories.length + 1);
}
