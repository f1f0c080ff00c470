// What a chart shows, as numbers: the points or bins after averaging, sorting and limiting, and a
// remark for everything that was done to them. The drawing, the alternative text, the CSV and what
// pointing at a figure says all start here, so they cannot disagree.

import { isShare } from "./cast.ts";
import type { Choice } from "./choose.ts";
import { formatCount, numberStyle } from "./format.ts";
import { type Gathered, namesOf, unique } from "./gather.ts";
import type { Bin } from "./histogram.ts";
import type { Language, NumberStyle } from "./language/language.ts";
import type { MarkName } from "./marks/mark.ts";
import { markOf } from "./marks/marks.ts";
import type { Field, Grain, Profile } from "./profile.ts";
import { textOf } from "./texts.ts";
import { commonLabel, titleOf } from "./title.ts";
import type { Arrangement } from "./wish.ts";

/** `year` is a whole number that is written without separators; `time` is UTC milliseconds. */
export type AxisKind = "number" | "time" | "year" | "category";

export interface Axis {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly kind: AxisKind;
  readonly grain: Grain;
  readonly style: NumberStyle;
  /** Its numbers add up to a whole. */
  readonly adds: boolean;
}

export interface Point {
  readonly x: number | string;
  readonly y: number;
  /** Empty when there is one series. */
  readonly series: string;
  /** Empty when there is one plot. */
  readonly panel: string;
  /** The lower end of a range that ends at `y`. */
  readonly low?: number;
  /** Lower whisker, quartiles, upper whisker; `y` is the median. */
  readonly five?: readonly [number, number, number, number, number];
  /** Single values beyond the whiskers. */
  readonly beyond?: readonly number[];
}

export interface Picture extends Gathered {
  readonly mark: MarkName;
  readonly title: string;
  readonly remarks: readonly string[];
  readonly reason: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: Axis | null;
  readonly panel: Axis | null;
  /** Values of the panel in reading order. */
  readonly panels: readonly string[];
  /** What both ends of a range are called. */
  readonly ends?: readonly [low: string, high: string];
  /** The categories have an order of their own. */
  readonly ordered: boolean;
  readonly orientation?: "horizontal" | "vertical";
  readonly arrangement: Arrangement;
  readonly log: boolean;
  readonly trend: boolean;
  readonly zero?: boolean;
  readonly numbers?: boolean;
  /** Names of all series of the table, so that one keeps its colour when others are left out. */
  readonly everyName: readonly string[];
  /** Names of series or categories, those included that did not fit. */
  readonly namesInAll: number;
  /** Only of a histogram, whose `points` are empty. */
  readonly bins: readonly Bin[];
  readonly values: readonly number[];
}

/** A table of quartiles alone has boxes without ends. */
export function hasWhiskers({ points }: Pick<Picture, "points">): boolean {
  return points.some(({ five }) => five && (five[0] !== five[1] || five[3] !== five[4]));
}

const PANELS_MAX = 12;
const NAMES_KNOWN_MAX = 50;

/** Turns rows into what is drawn. Takes any choice that `choose` made for the same profile. */
export function makePicture(
  choice: Choice,
  profile: Profile,
  language: Language,
  whole: Profile = profile,
): Picture {
  const { say } = language;
  const mark = markOf(choice.mark);
  const raw = pointsOf(choice, profile, language);
  const remarks: string[] = [];
  const remark = (text: string) => void remarks.push(text);
  const count = (n: number) => formatCount(n, language);
  const present = profile.rows.length;
  if (profile.rowCount > present)
    remark(say.remark.firstRows(count(present), count(profile.rowCount)));
  const { without = [], only = [] } = choice;
  if (only.length > 0) remark(say.remark.only(language.join(only)));
  if (without.length > 0) remark(say.remark.without(language.join(without)));
  const { points: visible, panels } = limitPanels(raw.points, say, count, remark);
  const gathered = mark.gather(visible, { choice, language, remark });
  if (raw.dropped > 0) remark(say.remark.missing(count(raw.dropped)));
  const folded = choice.values.length > 1 && choice.x !== null;
  const arrangement = arrangementOf(choice, gathered.points, folded);
  const normalised = arrangement === "normalised";
  const points = normalised ? shares(gathered.points) : gathered.points;
  const told = points.length > 0 ? points : visible;
  const x = axisOf(choice.mark, choice.x, told, "x", language);
  const y = axisOf(choice.mark, choice.values[0], told, "y", language);
  const joined = folded ? { ...y, label: commonLabel(choice.values) ?? say.value } : y;
  const series =
    choice.series ?? (folded && mark.name !== "range" && mark.name !== "box" ? "measure" : null);
  const { log, trend, orientation, zero, numbers } = choice;
  return {
    mark: choice.mark,
    title: titleOf(choice, profile, language),
    remarks,
    reason: choice.reason,
    x,
    y:
      normalised && !isShare(choice.values[0])
        ? { ...joined, label: say.share(joined.label), unit: "%" }
        : joined,
    series:
      series === null
        ? null
        : axisOf(choice.mark, series === "measure" ? null : series, [], "x", language),
    panel: choice.panel && axisOf(choice.mark, choice.panel, [], "x", language),
    panels,
    ...(choice.mark === "range" &&
      choice.values[1] && { ends: [choice.values[0].label, choice.values[1].label] }),
    bins: [],
    values: [],
    ...gathered,
    points,
    everyName: everyName(choice, whole, language),
    namesInAll: choice.limit
      ? Math.max(gathered.names.length, gathered.categories.length)
      : Math.max(namesOf(visible).length, unique(visible.map((point) => String(point.x))).length),
    ordered: choice.x !== null && (choice.x.ordered || choice.x.kind === "time"),
    ...(orientation && { orientation }),
    arrangement,
    log,
    trend,
    ...(zero !== undefined && { zero }),
    ...(numbers !== undefined && { numbers }),
  };
}

interface Raw {
  readonly points: Point[];
  readonly dropped: number;
}

function pointsOf(choice: Choice, profile: Profile, language: Language): Raw {
  const { x, values, series, panel } = choice;
  const rows = inOrder(profile.rows, x);
  const keepsNumber = markOf(choice.mark).across === "along" && x !== null && x.kind !== "category";
  const text = (row: Profile["rows"][number], field: Field | null) =>
    field ? textOf(row[field.index] ?? null, field, language) : "";
  const place = (row: Profile["rows"][number], value: Field, n: number) => {
    if (x === null) return rows.length === 1 ? value.label : `${n + 1}`;
    return keepsNumber ? Number(row[x.index]) : text(row, x);
  };
  const lacksPlace = (row: Profile["rows"][number]) =>
    keepsNumber && typeof row[x.index] !== "number";
  if (choice.mark === "range" || (choice.mark === "box" && values.length === 5)) {
    const points = rows.flatMap((row, n): Point[] => {
      const cells = values.map((value) => row[value.index]);
      if (lacksPlace(row) || !cells.every((cell) => typeof cell === "number")) return [];
      const own = {
        x: place(row, values[0], n),
        series: text(row, series),
        panel: text(row, panel),
      };
      const [a = 0, b = 0, c = 0, d = 0, e = 0] = cells;
      if (choice.mark === "box") return [{ ...own, y: c, five: [a, b, c, d, e] }];
      return [{ ...own, low: Math.min(a, b), y: Math.max(a, b) }];
    });
    return { points, dropped: rows.length - points.length };
  }
  const several = values.length > 1 && x !== null;
  const points = rows.flatMap((row, n) =>
    values.flatMap((value): Point[] => {
      const y = row[value.index];
      if (typeof y !== "number" || lacksPlace(row)) return [];
      const name = series ? text(row, series) : several ? value.label : "";
      return [{ x: place(row, value, n), y, series: name, panel: text(row, panel) }];
    }),
  );
  return { points, dropped: rows.length * values.length - points.length };
}

function everyName({ series, x }: Choice, whole: Profile, language: Language): string[] {
  if (!series || series.distinct > NAMES_KNOWN_MAX) return [];
  const rows = inOrder(whole.rows, x);
  return unique(rows.map((row) => textOf(row[series.index] ?? null, series, language)));
}

/** Times and numbers count up, in whatever order the table has them. */
function inOrder(rows: Profile["rows"], x: Field | null): Profile["rows"] {
  if (!x || x.kind === "measure" || (x.kind === "category" && !x.number)) return rows;
  const at = (row: Profile["rows"][number]) => Number(row[x.index] ?? Number.POSITIVE_INFINITY);
  return rows.toSorted((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0));
}

function limitPanels(
  points: Point[],
  say: Language["say"],
  count: (n: number) => string,
  remark: (text: string) => void,
) {
  const all = unique(points.map((point) => point.panel)).filter((name) => name !== "");
  const panels = all.slice(0, PANELS_MAX);
  if (panels.length === all.length) return { points, panels };
  remark(say.remark.first(count(panels.length), count(all.length)));
  return { points: points.filter((point) => panels.includes(point.panel)), panels };
}

/** As asked; else shares that make up a whole are shown as one, and areas stand on each other. */
function arrangementOf(choice: Choice, points: readonly Point[], folded: boolean): Arrangement {
  const parted = (choice.series !== null || folded) && ["bar", "area"].includes(choice.mark);
  if (!parted) return "grouped";
  const negative = points.some((point) => point.y < 0);
  if (choice.arrangement) {
    return choice.arrangement === "normalised" && negative ? "stacked" : choice.arrangement;
  }
  if (choice.mark === "area") return negative ? "grouped" : "stacked";
  const [value] = choice.values;
  if ((value.unit !== "%" && !isShare(value)) || negative || folded) return "grouped";
  // Shares of each place make up a hundred there; shares of everything stand on one another.
  const sums = [...sumsOf(points).values()];
  const whole = sums.reduce((sum, one) => sum + one, 0);
  if (sums.every((sum) => makesWhole(sum, value.unit))) return "normalised";
  return makesWhole(whole, value.unit) ? "stacked" : "grouped";
}

function makesWhole(sum: number, unit: string): boolean {
  return unit === "%" ? Math.abs(sum - 100) < 1.5 : Math.abs(sum - 1) < 0.015;
}

function sumsOf(points: readonly Point[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const point of points) {
    const key = JSON.stringify([point.x, point.panel]);
    sums.set(key, (sums.get(key) ?? 0) + point.y);
  }
  return sums;
}

/** Of everything at the same place, in percent. */
function shares(points: readonly Point[]): Point[] {
  const sums = sumsOf(points);
  return points.map((point) => {
    const sum = sums.get(JSON.stringify([point.x, point.panel])) ?? 0;
    return { ...point, y: sum === 0 ? 0 : Number(((100 * point.y) / sum).toPrecision(10)) };
  });
}

const WRITES_EACH: readonly MarkName[] = ["bar", "pie", "donut", "heatmap", "dot", "range", "box"];

function axisOf(
  mark: MarkName,
  field: Field | null,
  points: readonly Point[],
  side: "x" | "y",
  language: Language,
): Axis {
  const numbers = points
    .flatMap((point) => [
      point[side],
      ...(side === "y" ? [point.low ?? "", ...(point.five ?? [])] : []),
    ])
    .filter((value) => typeof value === "number");
  const style = numberStyle(numbers, language, WRITES_EACH.includes(mark) ? "middle" : "largest");
  if (!field) {
    const label = language.say.measure;
    return { key: "measure", label, unit: "", kind: "category", grain: "day", style, adds: false };
  }
  const year = field.kind === "time" && field.number;
  const kind = field.kind === "measure" ? "number" : year ? "year" : field.kind;
  const { key, label, unit, grain = "day", adds } = field;
  return { key, label, unit, kind, grain, style, adds };
}
