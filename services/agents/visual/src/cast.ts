// Which part each column of a table can play: numbers to compare, names of groups, a time, both ends
// of a range, five numbers of a spread. Columns that the wish mentions come first in each part.

import type { Field, Profile } from "./profile.ts";
import type { Wish } from "./wish.ts";

/** What goes where in a chart. `values` holds several numbers only when they share unit and kind. */
export interface Placed {
  /** Across; null when the numbers of one row are compared with each other. */
  readonly x: Field | null;
  readonly values: readonly [Field, ...Field[]];
  readonly series: Field | null;
}

export interface Cast {
  readonly profile: Profile;
  readonly wish: Wish;
  readonly measures: readonly [Field, ...Field[]];
  readonly time: Field | undefined;
  readonly categories: readonly Field[];
  /** The column that every small multiple shows one value of; it takes no other part. */
  readonly panel: Field | null;
  /** A lowest and a highest of the same. */
  readonly ends: readonly [low: Field, high: Field] | null;
  /** Lowest, lower quartile, median, upper quartile, highest. */
  readonly five: readonly [Field, Field, Field, Field, Field] | null;
}

export const SERIES_MAX = 8;

export function castOf(profile: Profile, wish: Wish, measures: readonly [Field, ...Field[]]): Cast {
  const mentioned = (field: Field) => wish.mentioned.includes(field);
  const panel = typeof wish.panels === "object" ? wish.panels : null;
  const preferred = (fields: readonly Field[]) => [
    ...wish.mentioned.filter((field) => fields.includes(field)),
    ...fields.filter((field) => !mentioned(field)),
  ];
  const named = measures.filter(mentioned);
  const derived = measures.filter((field) => DERIVED.test(field.name));
  const wanted = named.length > 0 && !named.every((field) => feeds(field, derived)) ? named : [];
  const ranked =
    wanted.length > 0 ? wanted : [...derived, ...measures.filter((f) => !derived.includes(f))];
  const [first = measures[0], ...others] = wanted.length > 0 ? preferred(ranked) : ranked;
  const free = profile.fields.filter((field) => field !== panel && field.distinct > 0);
  return {
    profile,
    wish,
    measures: [first, ...others],
    time: preferred(free.filter((f) => f.kind === "time" && f.distinct > 1))[0],
    categories: preferred(free.filter((f) => f.kind === "category")),
    panel,
    ends: endsOf(measures),
    five: fiveOf(measures),
  };
}

/** The column that another one was computed from: sum(x) of running(sum(x)), or that one itself. */
function feeds(field: Field, derived: readonly Field[]): boolean {
  return derived.some((other) => other === field || other.name.includes(field.name));
}

const LOW =
  /^(min|minimum|lowest|low|niedrigste[rs]?|kleinste[rs]?|tiefste[rs]?|von|from)($|[^a-zäöüß])/i;
const HIGH = /^(max|maximum|highest|high|höchste[rs]?|größte[rs]?|bis|to)($|[^a-zäöüß])/i;
const LOWER =
  /^(q1|p25|q25|quantile[_ ]0?\.?25|lower quartile|first quartile|unteres quartil)($|[^a-z0-9])/i;
const MIDDLE = /^(median|q2|p50|q50|quantile[_ ]0?\.?50?)($|[^a-z0-9])/i;
const UPPER =
  /^(q3|p75|q75|quantile[_ ]0?\.?75|upper quartile|third quartile|oberes quartil)($|[^a-z0-9])/i;
/** Computed from another column of the same table, and so what the question was about. */
const DERIVED = /^(running|cumulative|share|change|rank|moving)/i;

function find(measures: readonly Field[], pattern: RegExp): Field | undefined {
  return (
    measures.find((field) => pattern.test(field.name)) ??
    measures.find((field) => pattern.test(field.label))
  );
}

function endsOf(measures: readonly Field[]): Cast["ends"] {
  const [low, high] = [find(measures, LOW), find(measures, HIGH)];
  return low && high && low !== high && low.unit === high.unit ? [low, high] : null;
}

/** Where a table has no ends but only quartiles, the whiskers are as short as nothing. */
function fiveOf(measures: readonly Field[]): Cast["five"] {
  const [lower, middle, upper] = [LOWER, MIDDLE, UPPER].map((pattern) => find(measures, pattern));
  if (!lower || !middle || !upper || new Set([lower, middle, upper]).size < 3) return null;
  const ends = endsOf(measures);
  return [ends?.[0] ?? lower, lower, middle, upper, ends?.[1] ?? upper];
}

/** No two rows have the same values in these columns, within one small multiple. */
export function isKey({ profile, panel }: Pick<Cast, "profile" | "panel">, own: readonly Field[]) {
  const fields = panel ? [...own, panel] : own;
  const seen = new Set(profile.rows.map((row) => JSON.stringify(fields.map((f) => row[f.index]))));
  return seen.size === profile.rows.length;
}

const SERIES_COLUMNS_MAX = 4;

/** What colours the marks: asked for, needed to tell rows apart, mentioned, or one of few columns. */
export function seriesOf(cast: Cast, x: Field | null, keyed: boolean): Field | null {
  const { categories, profile, wish } = cast;
  if (wish.colour === null) return null;
  if (wish.colour && wish.colour !== x) return wish.colour;
  const candidates = categories.filter((category) => category !== x && category.distinct > 1);
  const small = candidates.filter((category) => category.distinct <= SERIES_MAX);
  if (!keyed) return small[0] ?? candidates[0] ?? null;
  const wanted = small.find((category) => wish.mentioned.includes(category));
  return wanted ?? (profile.fields.length <= SERIES_COLUMNS_MAX ? (small[0] ?? null) : null);
}

/**
 * The axis and the series of bars: one column that tells all rows apart, else the first two, of
 * which the one with an order of its own, or with too many values for a legend, is the axis.
 */
export function twoAxes(cast: Cast): readonly Field[] {
  const { time, categories, wish } = cast;
  const all = time ? [...categories, time] : [...categories];
  const asked = wish.colour;
  if (asked && all.length > 1)
    return [...all.filter((field) => field !== asked).slice(0, 1), asked];
  const key = all.find((field) => isKey(cast, [field]));
  const named = all.filter((field) => wish.mentioned.includes(field));
  if (key && (named.length === 0 || named.includes(key))) return [key];
  // Raw rows have a name each, which is not what "weight by origin" asks about.
  if (named.length > 0 && (key || !isKey(cast, all))) return named;
  const rank = (field: Field) => (wish.mentioned.includes(field) ? 0 : 1000) + field.index;
  const [first, second] = all.sort((a, b) => rank(a) - rank(b));
  if (!first || !second) return all;
  const own = (field: Field) => field.ordered || field.kind === "time";
  const swap =
    (!own(first) && own(second)) || (first.distinct <= SERIES_MAX && second.distinct > SERIES_MAX);
  return swap ? [second, first] : [first, second];
}

/** The numbers that share an axis: same unit, and a word in common where there is no unit. */
export function alike(measures: readonly [Field, ...Field[]]): readonly [Field, ...Field[]] {
  const [first, ...others] = measures;
  const words = (field: Field): string[] =>
    field.label.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  const own = words(first);
  // A running total beside what it adds up would only dwarf it.
  const same = others.filter((other) => DERIVED.test(other.name) === DERIVED.test(first.name));
  const kin = same.filter(
    (other) =>
      other.unit === first.unit && (first.unit !== "" || words(other).some((w) => own.includes(w))),
  );
  return [first, ...kin.slice(0, SERIES_MAX - 1)];
}

/** Bars for the numbers of the first row, or for the rows themselves: always possible. */
export function lastResort({ measures, categories, time }: Cast): Placed {
  return {
    x: categories[0] ?? time ?? null,
    values: alike(measures),
    series: null,
  };
}

/** Percentages of a whole. */
export function isShare({ name, unit }: Pick<Field, "name" | "unit">): boolean {
  return /^share\(/i.test(name) || (unit === "%" && /share|anteil|percent|prozent/i.test(name));
}
