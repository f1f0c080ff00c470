// Decides which mark a table asks for and which column goes where. A mark that the person named is
// drawn when the columns allow it; otherwise the types decide, and the reason says so either way.

import type { Language } from "./language/language.ts";
import type { Field, Profile } from "./profile.ts";
import type { Wish } from "./wish.ts";

export type MarkName = "bar" | "line" | "point" | "histogram";

/** What goes where. `values` holds several numbers only when they share unit and kind. */
export interface Choice {
  readonly mark: MarkName;
  /** Across; null when the numbers of one row are compared with each other. */
  readonly x: Field | null;
  readonly values: readonly [Field, ...Field[]];
  readonly series: Field | null;
  readonly orientation?: "horizontal" | "vertical";
  readonly reason: string;
}

/** Nothing to draw, in words for the person. */
export interface Refusal {
  readonly message: string;
  readonly remedy: string;
  readonly field: string;
  readonly metadata: Record<string, string>;
  /** Requests that would give something to draw. */
  readonly suggestions: string[];
}

/** The parts that the columns can play here. */
interface Cast {
  readonly profile: Profile;
  readonly wish: Wish;
  readonly measures: readonly [Field, ...Field[]];
  readonly time: Field | undefined;
  readonly categories: readonly Field[];
}

const SERIES_COLUMNS_MAX = 4;
const SERIES_MAX = 8;
const HISTOGRAM_VALUES_MIN = 8;
const BARS_IN_ORDER_MAX = 40;
const GROUPS_TO_AVERAGE_MAX = 30;

export function choose(profile: Profile, wish: Wish, language: Language): Choice | Refusal {
  const { fields, rows } = profile;
  const { refusal } = language.say;
  const measures = fields.filter((field) => field.kind === "measure");
  const [first, ...others] = measures.filter((field) => field.distinct > 0);
  const names = fields.map((field) => field.name).join(", ");
  const suggestions = [...refusal.suggestions];
  const nothing = { metadata: {}, suggestions };
  if (fields.length === 0) return { ...refusal.noColumns, field: "table.columns", ...nothing };
  if (rows.length === 0) return { ...refusal.noRows, field: "table.rows", ...nothing };
  if (!first) {
    const columns = measures.map((field) => field.name).join(", ");
    const said = measures.length > 0 ? refusal.allMissing(columns) : refusal.noNumbers(names);
    return {
      ...said,
      field: "table.columns",
      metadata: { columns: columns || names },
      suggestions,
    };
  }
  const cast = castOf(profile, wish, [first, ...others]);
  const asked = wish.mark ? draw[wish.mark](cast) : null;
  const drawn = asked ?? byTypes(cast);
  return {
    ...drawn,
    ...orientation(wish),
    reason: reasonOf(drawn, asked !== null, cast, language),
  };
}

function castOf(profile: Profile, wish: Wish, measures: readonly [Field, ...Field[]]): Cast {
  const mentioned = (field: Field) => wish.mentioned.includes(field);
  const preferred = (fields: readonly Field[]) => [
    ...wish.mentioned.filter((field) => fields.includes(field)),
    ...fields.filter((field) => !mentioned(field)),
  ];
  const named = measures.filter(mentioned);
  const [first = measures[0], ...others] = preferred(named.length > 0 ? named : measures);
  const categories = profile.fields.filter((f) => f.kind === "category" && f.distinct > 0);
  const times = profile.fields.filter((f) => f.kind === "time" && f.distinct > 1);
  return {
    profile,
    wish,
    measures: [first, ...others],
    time: preferred(times)[0],
    categories: preferred(categories),
  };
}

type Drawn = Omit<Choice, "reason" | "orientation">;

function byTypes(cast: Cast): Drawn {
  const { time, categories, measures, profile, wish } = cast;
  const [category] = categories;
  const overTime = time && (wish.hint === "line" || isKey(profile, [time, ...categories]));
  if (overTime && wish.hint !== "point") return draw.line(cast) ?? lastResort(cast);
  if (category && wish.hint !== "point" && isKey(profile, categories)) {
    return draw.bar(cast) ?? draw.line(cast) ?? lastResort(cast);
  }
  if (measures.length > 1 && profile.rows.length > 2) return draw.point(cast) ?? lastResort(cast);
  const grouped = category && category.distinct <= GROUPS_TO_AVERAGE_MAX;
  if (grouped && (wish.mentioned.includes(category) || profile.fields.length === 2)) {
    return draw.bar(cast) ?? lastResort(cast);
  }
  if (time) return draw.line(cast) ?? lastResort(cast);
  return draw.histogram(cast) ?? draw.bar(cast) ?? lastResort(cast);
}

/** One attempt per mark: null when the columns do not allow it. */
const draw: Readonly<Record<MarkName, (cast: Cast) => Drawn | null>> = {
  bar(cast) {
    const { measures, profile } = cast;
    const [x, second] = barAxes(cast);
    if (!x) return profile.rows.length === 1 ? lastResort(cast) : null;
    const crowd = x.kind === "time" || x.ordered ? x.distinct : 0;
    if (crowd > BARS_IN_ORDER_MAX) return null;
    const fits = second && !isKey(profile, [x]) && second.distinct <= SERIES_MAX;
    const split = fits && second.distinct > 1 ? second : null;
    return { mark: "bar", x, values: split ? [measures[0]] : alike(measures), series: split };
  },
  line(cast) {
    const { time, categories, measures } = cast;
    const x = time ?? categories.find((category) => category.ordered && category.distinct > 1);
    if (!x) return null;
    const series = seriesOf(cast, x, isKey(cast.profile, [x]));
    return { mark: "line", x, values: series ? [measures[0]] : alike(measures), series };
  },
  point(cast) {
    const { time, measures, wish } = cast;
    const [first, second] = measures;
    const series = seriesOf(cast, null, true);
    if (second) {
      const [x, y] = wish.against ? [second, first] : [first, second];
      return { mark: "point", x, values: [y], series };
    }
    return time ? { mark: "point", x: time, values: [first], series } : null;
  },
  histogram({ profile, measures, categories }) {
    const [measure] = measures;
    const counted = categories.some((category) => category.ordered && isKey(profile, [category]));
    const values = profile.rows.length - measure.missing;
    if (counted || values < HISTOGRAM_VALUES_MIN || measure.distinct < 2) return null;
    return { mark: "histogram", x: measure, values: [measure], series: null };
  },
};

/** Bars for the numbers of the first row, or for the rows themselves: always possible. */
function lastResort({ measures, categories, time }: Cast): Drawn {
  return {
    mark: "bar",
    x: categories[0] ?? time ?? null,
    values: [measures[0], ...measures.slice(1, SERIES_MAX)],
    series: null,
  };
}

/** No two rows have the same values in these columns. */
function isKey(profile: Profile, fields: readonly Field[]): boolean {
  const seen = new Set(profile.rows.map((row) => JSON.stringify(fields.map((f) => row[f.index]))));
  return seen.size === profile.rows.length;
}

/** What colours the marks: needed to tell rows apart, mentioned, or one of few columns. */
function seriesOf(cast: Cast, x: Field | null, keyed: boolean): Field | null {
  const { categories, profile, wish } = cast;
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
function barAxes({ profile, time, categories, wish }: Cast): readonly Field[] {
  const all = time ? [...categories, time] : [...categories];
  const key = all.find((field) => isKey(profile, [field]));
  if (key) return [key];
  const rank = (field: Field) => (wish.mentioned.includes(field) ? 0 : 1000) + field.index;
  const [first, second] = all.sort((a, b) => rank(a) - rank(b));
  if (!first || !second) return all;
  const own = (field: Field) => field.ordered || field.kind === "time";
  const swap =
    (!own(first) && own(second)) || (first.distinct <= SERIES_MAX && second.distinct > SERIES_MAX);
  return swap ? [second, first] : [first, second];
}

/** The numbers that share an axis: same unit, and a word in common where there is no unit. */
function alike(measures: readonly [Field, ...Field[]]): readonly [Field, ...Field[]] {
  const [first, ...others] = measures;
  const words = (field: Field): string[] =>
    field.label.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  const own = words(first);
  const kin = others.filter(
    (other) =>
      other.unit === first.unit && (first.unit !== "" || words(other).some((w) => own.includes(w))),
  );
  return [first, ...kin.slice(0, SERIES_MAX - 1)];
}

function orientation(wish: Wish): Pick<Choice, "orientation"> {
  return wish.orientation ? { orientation: wish.orientation } : {};
}

function reasonOf(drawn: Drawn, asked: boolean, cast: Cast, language: Language): string {
  const { reason, markNames } = language.say;
  const { wish } = cast;
  const mark = markNames[drawn.mark];
  if (asked) return wish.instead ? reason.instead(wish.instead, mark) : reason.asked(mark);
  if (wish.mark && wish.mark !== drawn.mark) {
    const crowd = (drawn.x?.distinct ?? 0) > BARS_IN_ORDER_MAX;
    const why = {
      bar: crowd ? reason.tooMany(String(drawn.x?.distinct)) : reason.needsOrder,
      line: reason.needsOrder,
      point: reason.needsTwoNumbers,
      histogram: reason.needsNumbers,
    }[wish.mark];
    return reason.notPossible(wish.instead ?? markNames[wish.mark], why, mark);
  }
  const value = drawn.values[0].label;
  if (!drawn.x) return reason.several(mark);
  if (drawn.mark === "histogram") return reason.oneNumber(mark, value);
  if (drawn.mark === "point") return reason.twoNumbers(mark, drawn.x.label, value);
  if (drawn.mark === "line" && drawn.x.kind === "time")
    return reason.time(mark, value, drawn.x.label);
  const ordered = drawn.x.ordered || drawn.x.kind === "time";
  return (ordered ? reason.ordered : reason.category)(mark, value, drawn.x.label);
}
