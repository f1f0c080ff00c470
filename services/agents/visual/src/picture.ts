// What a chart shows, as numbers: the points or bins after averaging, sorting and limiting, and a
// remark for everything that was done to them. The drawing and the alternative text both start here,
// so they cannot disagree.

import type { Choice, MarkName } from "./choose.ts";
import { formatCount, formatNumber, formatTime, numberStyle } from "./format.ts";
import { type Bin, binValues } from "./histogram.ts";
import type { Language, NumberStyle } from "./language/language.ts";
import type { Field, Grain, Profile, Value } from "./profile.ts";
import { average, dropRareSeries, keepExtremes, pickEvenly, sortCategories } from "./reduce.ts";

/** `year` is a whole number that is written without separators; `time` is UTC milliseconds. */
export type AxisKind = "number" | "time" | "year" | "category";

export interface Axis {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly kind: AxisKind;
  readonly grain: Grain;
  readonly style: NumberStyle;
}

export interface Point {
  readonly x: number | string;
  readonly y: number;
  /** Empty when there is one series. */
  readonly series: string;
}

export interface Picture {
  readonly mark: MarkName;
  readonly title: string;
  readonly remarks: readonly string[];
  readonly reason: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: Axis | null;
  /** Names of the series in reading order. */
  readonly names: readonly string[];
  readonly points: readonly Point[];
  /** Texts of a category axis in reading order. */
  readonly categories: readonly string[];
  /** The categories have an order of their own. */
  readonly ordered: boolean;
  readonly orientation?: "horizontal" | "vertical";
  /** Only of a histogram, whose `points` are empty. */
  readonly bins: readonly Bin[];
  /** Every value that a histogram counts, ascending. */
  readonly values: readonly number[];
}

const SERIES_MAX = 8;
const CATEGORIES_MAX = 20;
const CATEGORIES_SHOWN = 15;
const LINE_POINTS_MAX = 1000;
const SCATTER_POINTS_MAX = 2000;

/** Turns rows into what is drawn. Takes any choice that `choose` made for the same profile. */
export function makePicture(choice: Choice, profile: Profile, language: Language): Picture {
  const raw = pointsOf(choice, profile, language);
  const remark = language.say.remark;
  const count = (n: number) => formatCount(n, language);
  const remarks: string[] = [];
  const whole = profile.rows.length;
  if (profile.rowCount > whole)
    remarks.push(remark.firstRows(count(whole), count(profile.rowCount)));
  const reduced = reduce(choice, raw.points, language, remarks);
  if (raw.dropped > 0) remarks.push(remark.missing(count(raw.dropped)));
  const x = axisOf(choice.mark, choice.x, reduced.points, "x", language);
  const y = axisOf(choice.mark, choice.values[0], reduced.points, "y", language);
  const folded = choice.values.length > 1 && choice.x !== null;
  const series = choice.series ?? (folded ? "measure" : null);
  const values = choice.mark === "histogram" ? raw.points.map((point) => point.y) : [];
  values.sort((a, b) => a - b);
  return {
    mark: choice.mark,
    title: titleOf(choice, profile, language),
    remarks,
    reason: choice.reason,
    x,
    y: folded ? { ...y, label: commonLabel(choice.values) ?? language.say.value } : y,
    series:
      series === null
        ? null
        : axisOf(choice.mark, series === "measure" ? null : series, [], "x", language),
    ...reduced,
    points: choice.mark === "histogram" ? [] : reduced.points,
    ordered: choice.x !== null && (choice.x.ordered || choice.x.kind === "time"),
    ...(choice.orientation && { orientation: choice.orientation }),
    bins: choice.mark === "histogram" ? binValues(values) : [],
    values,
  };
}

interface Raw {
  readonly points: Point[];
  readonly dropped: number;
}

function pointsOf(choice: Choice, { rows, fields }: Profile, language: Language): Raw {
  const { x, values, series, mark } = choice;
  const several = values.length > 1;
  const keepsNumber = mark !== "bar" && x !== null && x.kind !== "category";
  const points = rows.flatMap((row, n) =>
    values.flatMap((value): Point[] => {
      const y = row[value.index];
      const at = x ? (row[x.index] ?? null) : null;
      if (typeof y !== "number" || (keepsNumber && typeof at !== "number")) return [];
      const name = () => (x ? textOf(at, x, language) : rowName(value.label, rows.length, n));
      return [
        {
          x: keepsNumber ? Number(at) : name(),
          y,
          series: series
            ? textOf(row[series.index] ?? null, series, language)
            : several && x !== null
              ? value.label
              : "",
        },
      ];
    }),
  );
  const lacking = rows.length * values.length - points.length;
  return { points, dropped: fields.length === 0 ? 0 : lacking };
}

function rowName(label: string, rows: number, n: number): string {
  return rows === 1 ? label : `${n + 1}`;
}

/** A cell as the name of a category or series. */
function textOf(value: Value, field: Field, language: Language): string {
  const { say } = language;
  if (value === null || value === "") return say.missing;
  if (typeof value === "boolean") return say.truth[value ? 1 : 0];
  if (typeof value === "string") return value;
  if (field.kind !== "time")
    return formatNumber(value, numberStyle([value], language, "largest"), language);
  return field.number ? String(value) : formatTime(value, field.grain ?? "day", language);
}

type Reduced = Pick<Picture, "points" | "categories" | "names">;

function reduce(choice: Choice, raw: Point[], language: Language, remarks: string[]): Reduced {
  const count = (n: number) => formatCount(n, language);
  const { remark } = language.say;
  const [value] = choice.values;
  if (choice.mark === "histogram") return { points: raw, categories: [], names: [] };
  if (choice.mark === "point") {
    const points = pickEvenly(raw, SCATTER_POINTS_MAX);
    if (points.length < raw.length)
      remarks.push(remark.sample(count(points.length), count(raw.length)));
    return { points, categories: [], names: namesOf(points) };
  }
  const averaged = average(raw);
  if (averaged.length < raw.length) {
    remarks.push(remark.mean(value.label, choice.x?.label ?? language.say.measure));
  }
  const numeric = averaged.every((point) => typeof point.x === "number");
  const sorted = numeric ? averaged.sort((a, b) => Number(a.x) - Number(b.x)) : averaged;
  const all = namesOf(sorted).length;
  const kept = dropRareSeries(sorted, SERIES_MAX);
  const names = namesOf(kept);
  if (names.length < all) remarks.push(remark.series(count(names.length), count(all)));
  if (choice.mark === "line") {
    const categories = numeric ? [] : unique(kept.map((point) => String(point.x)));
    return { points: numeric ? keepExtremes(kept, LINE_POINTS_MAX) : kept, categories, names };
  }
  return { ...limitBars(choice, kept, remarks, language), names };
}

function limitBars(choice: Choice, points: Point[], remarks: string[], language: Language) {
  const own = choice.x === null || choice.x.ordered || choice.x.kind === "time";
  const { categories, ascending } = sortCategories(points, own);
  if (own || categories.length <= CATEGORIES_MAX) return { points, categories };
  const shown = categories.slice(0, CATEGORIES_SHOWN);
  const [few, all] = [shown.length, categories.length].map((n) => formatCount(n, language));
  remarks.push(language.say.remark.top(few ?? "", all ?? "", ascending));
  return { points: points.filter((point) => shown.includes(String(point.x))), categories: shown };
}

function namesOf(points: readonly Point[]): string[] {
  return unique(points.map((point) => point.series)).filter((name) => name !== "");
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function axisOf(
  mark: MarkName,
  field: Field | null,
  points: readonly Point[],
  side: "x" | "y",
  language: Language,
): Axis {
  const numbers = points.map((point) => point[side]).filter((value) => typeof value === "number");
  const style = numberStyle(numbers, language, mark === "bar" ? "middle" : "largest");
  if (!field) {
    const label = language.say.measure;
    return { key: "measure", label, unit: "", kind: "category", grain: "day", style };
  }
  const year = field.kind === "time" && field.number;
  const kind = field.kind === "measure" ? "number" : year ? "year" : field.kind;
  const { key, label, unit, grain = "day" } = field;
  return { key, label, unit, kind, grain, style };
}

/** The table's own title, unless it is a file's name or says no more than the column does. */
function titleOf(
  { mark, x, values, series }: Choice,
  profile: Profile,
  language: Language,
): string {
  const { title } = language.say;
  const given = profile.title.trim();
  const says = given.toLowerCase() !== values[0].label.toLowerCase();
  if (given !== "" && says && !/\.[a-z0-9]{1,8}$/i.test(given)) return capital(given);
  const value =
    values.length > 1 && x !== null
      ? (commonLabel(values) ?? listed(values, language))
      : values[0].label;
  if (x === null) return listed(values, language);
  if (mark === "histogram") return title.distribution(value);
  if (mark === "point") return title.against(value, x.label);
  if (mark === "line" && x.kind === "time") return title.overTime(value);
  return title.by(value, series ? language.join([x.label, series.label]) : x.label);
}

function listed(values: readonly Field[], language: Language): string {
  return language.join(values.map((value) => value.label));
}

/** The words that all labels share: "Temperature" of "Highest temperature" and "Temperature low". */
function commonLabel(values: readonly Field[]): string | null {
  const words = (label: string) => label.split(" ");
  const [first, ...others] = values;
  const shared = words(first?.label ?? "").filter((word) =>
    others.every(({ label }) => words(label).some((w) => w.toLowerCase() === word.toLowerCase())),
  );
  return shared.length > 0 ? capital(shared.join(" ")) : null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
