// The ways to gather figures that marks share: bars by name, lines along an axis, clouds of points.
// Each leaves a remark for all that it averaged, sorted away or folded together.

import type { Choice } from "./choose.ts";
import { formatCount } from "./format.ts";
import type { Bin } from "./histogram.ts";
import type { Language } from "./language/language.ts";
import type { Point } from "./picture.ts";
import {
  average,
  dropRareSeries,
  inNumbers,
  inReadingOrder,
  keepExtremes,
  pickEvenly,
  sortCategories,
} from "./reduce.ts";

export interface Gathering {
  readonly choice: Choice;
  readonly language: Language;
  remark(text: string): void;
}

export interface Gathered {
  readonly points: Point[];
  readonly categories: readonly string[];
  readonly names: readonly string[];
  /** Only of a histogram. */
  readonly bins?: readonly Bin[];
  /** Every value that a histogram counts, ascending. */
  readonly values?: readonly number[];
}

const CATEGORIES_MAX = 20;
const CATEGORIES_SHOWN = 15;
const EVERYTHING_MAX = 100;
const LINE_POINTS_MAX = 1000;
const CLOUD_POINTS_MAX = 2000;
const SERIES_SHOWN = 8;

/** One figure per name and series; of too many names the first ones in reading order. */
export function gatherBars(raw: Point[], gathering: Gathering): Gathered {
  return limitNames(limitSeries(averaged(raw, gathering), gathering), gathering);
}

/** One figure per place and series, in order of places. */
export function gatherLines(raw: Point[], gathering: Gathering): Gathered {
  const { choice, language } = gathering;
  const means = averaged(raw, gathering);
  const numeric = means.every((point) => typeof point.x === "number");
  const sorted = numeric ? means.sort((a, b) => Number(a.x) - Number(b.x)) : means;
  const { limit } = choice;
  const many = namesOf(sorted).length > 1;
  // "Only the top 5" of several lines means lines; of a single one, its points.
  const kept =
    limit && many
      ? keepSeries(sorted, limit.count, limit.end === "bottom", gathering)
      : limit && !numeric
        ? limitNames(sorted, gathering).points
        : limitSeries(sorted, gathering);
  const came = numeric ? [] : unique(kept.map((point) => String(point.x)));
  const categories = choice.x?.number ? inNumbers(came, language.tag) : came;
  const names = seriesOrder(choice, namesOf(kept), language);
  const points = numeric
    ? keepExtremes(kept, LINE_POINTS_MAX)
    : inReadingOrder(kept, categories, names);
  return { points, categories, names };
}

/** Every row is a figure of its own. */
export function gatherCloud(raw: Point[], { choice, language, remark }: Gathering): Gathered {
  const { limit } = choice;
  const count = (n: number) => formatCount(n, language);
  let points = raw;
  if (limit && limit.count < raw.length) {
    const sign = limit.end === "top" ? -1 : 1;
    points = raw.toSorted((a, b) => sign * (a.y - b.y)).slice(0, limit.count);
    remark(language.say.remark.top(count(points.length), count(raw.length), sign > 0));
  }
  const picked = pickEvenly(points, CLOUD_POINTS_MAX);
  if (picked.length < points.length)
    remark(language.say.remark.sample(count(picked.length), count(points.length)));
  return { points: picked, categories: [], names: seriesOrder(choice, namesOf(picked), language) };
}

/** One figure per place: amounts that were counted or summed add up, other numbers are averaged. */
export function averaged(raw: Point[], { choice, language, remark }: Gathering): Point[] {
  const [value] = choice.values;
  const one = average(raw, value.counted);
  if (one.length < raw.length) {
    const by = choice.x?.label ?? language.say.measure;
    const said = language.say.remark;
    remark(value.counted ? said.total(value.label, by) : said.mean(value.label, by));
  }
  return one;
}

export function limitSeries(points: Point[], gathering: Gathering): Point[] {
  return keepSeries(points, SERIES_SHOWN, false, gathering);
}

function keepSeries(points: Point[], most: number, lowest: boolean, gathering: Gathering): Point[] {
  const { language, remark } = gathering;
  const all = namesOf(points).length;
  const kept = dropRareSeries(points, most, lowest);
  const shown = namesOf(kept).length;
  const count = (n: number) => formatCount(n, language);
  if (shown < all) remark(language.say.remark.series(count(shown), count(all), lowest));
  return kept;
}

const BY_END = {
  top: { by: "value", descending: true },
  bottom: { by: "value", descending: false },
} as const;

/** Names in reading order, and no more of them than can be read or were asked for. */
export function limitNames(points: Point[], gathering: Gathering, most?: number): Gathered {
  const { choice, language, remark } = gathering;
  const { limit, sort } = choice;
  const own = choice.x === null || choice.x.ordered || choice.x.kind === "time";
  // "The top 5" are read from the largest, whatever order the rows came in.
  const asked = sort ?? (limit && !own ? BY_END[limit.end] : undefined);
  const sorted = sortCategories(points, own, asked, language.tag, choice.x?.number);
  const all = sorted.categories;
  const count = (n: number) => formatCount(n, language);
  const usual = own ? Number.POSITIVE_INFINITY : CATEGORIES_MAX;
  const free = choice.everything ? Math.max(most ?? 0, EVERYTHING_MAX) : (most ?? usual);
  const some = choice.everything ? free : (most ?? CATEGORIES_SHOWN);
  const shown = limit
    ? extreme(points, all, limit.count, limit.end === "bottom")
    : all.length > free
      ? all.slice(0, some)
      : all;
  if (shown.length < all.length) {
    const said = language.say.remark;
    const ranked = limit !== undefined || (sort ?? { by: "value" }).by === "value";
    const lowest = limit ? limit.end === "bottom" : sorted.ascending;
    const [few, whole] = [count(shown.length), count(all.length)];
    remark(ranked ? said.top(few, whole, lowest) : said.first(few, whole));
  }
  const visible = new Set(shown);
  const kept = points.filter((point) => visible.has(String(point.x)));
  const names = seriesOrder(choice, namesOf(kept), language);
  return { points: inReadingOrder(kept, shown, names), categories: shown, names };
}

/** The n names with the largest or smallest totals, in the order that they had. */
function extreme(points: readonly Point[], all: readonly string[], n: number, lowest: boolean) {
  const by = { by: "value", descending: !lowest } as const;
  const ranked = new Set(sortCategories(points, false, by, "en").categories.slice(0, n));
  return all.filter((name) => ranked.has(name));
}

/** Series with an order of their own keep it; times and numbers count up. */
export function seriesOrder({ series }: Choice, names: readonly string[], language: Language) {
  const counting = series !== null && (series.kind === "time" || series.number);
  if (!counting) return [...names];
  return inNumbers(names, language.tag);
}

export function namesOf(points: readonly Point[]): string[] {
  return unique(points.map((point) => point.series)).filter((name) => name !== "");
}

export function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
