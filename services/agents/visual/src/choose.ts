// Decides which mark a table asks for and which column goes where. A mark that the person named is
// drawn when the columns allow it; otherwise the best suited one is, and the reason says so either way.

import { type Cast, castOf, isShare, lastResort, type Placed } from "./cast.ts";
import type { Language } from "./language/language.ts";
import type { Mark, MarkName, Need } from "./marks/mark.ts";
import { markOf, marks } from "./marks/marks.ts";
import type { Field, Profile } from "./profile.ts";
import type { Arrangement, Limit, Sort, Wish } from "./wish.ts";

export interface Choice extends Placed {
  readonly mark: MarkName;
  /** What each small multiple shows one value of; null: one plot. */
  readonly panel: Field | null;
  readonly orientation?: "horizontal" | "vertical";
  readonly arrangement?: Arrangement;
  readonly log: boolean;
  readonly trend: boolean;
  readonly sort?: Sort;
  readonly limit?: Limit;
  /** As many as can be drawn at all were asked for. */
  readonly everything: boolean;
  readonly zero?: boolean;
  readonly numbers?: boolean;
  readonly title?: string;
  /** Values that the rows were narrowed to, or that were left out of them. */
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly reason: string;
  /** What of the wish the columns do not allow; a change that asks for it is refused. */
  readonly denied?: { readonly what: string; readonly why: string };
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

export function choose(profile: Profile, wish: Wish, language: Language): Choice | Refusal {
  const measures = profile.fields.filter((field) => field.kind === "measure");
  const [first, ...others] = measures.filter((field) => field.distinct > 0);
  if (!first) return refuse(profile, measures, language);
  const cast = castOf(profile, wish, [first, ...others]);
  const asked = wish.mark ? markOf(wish.mark).place(cast) : null;
  const possible = asked !== null && typeof asked === "object";
  const drawn =
    wish.mark && possible
      ? { mark: markOf(wish.mark), placed: asked }
      : implied(bestSuited(cast), cast);
  const { placed, panel } = splitIntoPanels(swapped(drawn.placed, drawn.mark, wish), cast);
  const moved = swapped(drawn.placed, drawn.mark, wish) !== drawn.placed || flips(wish, drawn);
  const denied =
    deniedOf(wish, asked, placed, panel, drawn.mark, language) ??
    deniedAxes(wish, moved, drawn.mark, language) ??
    deniedNumbers(wish, placed, drawn.mark, language);
  return {
    mark: drawn.mark.name,
    ...placed,
    panel,
    ...settingsOf(wish, placed, drawn.mark),
    reason: reasonOf(drawn.mark, placed, asked, cast, language),
    ...(denied && { denied }),
  };
}

function refuse(profile: Profile, measures: readonly Field[], language: Language): Refusal {
  const { refusal } = language.say;
  const { fields, rows } = profile;
  const nothing = { metadata: {}, suggestions: [...refusal.suggestions.draw] };
  if (fields.length === 0) return { ...refusal.noColumns, field: "table.columns", ...nothing };
  if (rows.length === 0) return { ...refusal.noRows, field: "table.rows", ...nothing };
  const list = (some: readonly Field[]) => some.map((field) => field.name).join(", ");
  const columns = list(measures) || list(fields);
  const said = measures.length > 0 ? refusal.allMissing(columns) : refusal.noNumbers(columns);
  return { ...said, field: "table.columns", ...nothing, metadata: { columns } };
}

interface Drawn {
  readonly mark: Mark;
  readonly placed: Placed;
}

/** The mark that says of itself that it suits best; bars of the rows where none does. */
function bestSuited(cast: Cast): Drawn {
  const suited = marks.flatMap((mark) => {
    const placed = mark.place(cast);
    if (typeof placed === "string") return [];
    const score = mark.suits(cast, placed);
    return score > 0 ? [{ mark, placed, score }] : [];
  });
  const best = suited.reduce<(Drawn & { score: number }) | undefined>(
    (most, one) => (most && most.score >= one.score ? most : one),
    undefined,
  );
  return best ?? { mark: markOf("bar"), placed: lastResort(cast) };
}

/** What was asked for besides a mark may need another one than suits best. */
function implied(best: Drawn, cast: Cast): Drawn {
  const { arrangement, trend } = cast.wish;
  const is = (...names: MarkName[]) => names.includes(best.mark.name);
  const wanted =
    arrangement && !is("bar", "area")
      ? markOf(is("line") ? "area" : "bar")
      : trend && !is("point", "line")
        ? markOf("point")
        : best.mark;
  const placed = wanted === best.mark ? best.placed : wanted.place(cast);
  return typeof placed === "string" ? best : { mark: wanted, placed };
}

function swapped(placed: Placed, mark: Mark, { swap }: Wish): Placed {
  const { x, series, values } = placed;
  if (!swap || !x) return placed;
  if (series && mark.across === "names") return { ...placed, x: series, series: x };
  if (x.kind !== "measure" || mark.name === "histogram") return placed;
  return { ...placed, x: values[0], values: [x] };
}

/** Small multiples "of any kind" are those of the series. */
function splitIntoPanels(placed: Placed, { panel, wish }: Cast) {
  if (panel)
    return { placed: { ...placed, series: placed.series === panel ? null : placed.series }, panel };
  if (wish.panels !== "any" || !placed.series) return { placed, panel: null };
  return { placed: { ...placed, series: null }, panel: placed.series };
}

function settingsOf(wish: Wish, placed: Placed, mark: Mark) {
  const { orientation, arrangement, sort, limit, zero, numbers, title } = wish;
  const { only = [], without = [] } = wish;
  const flipped = flips(wish, { mark, placed }) && !orientation;
  const lies = flipped ? (placed.x?.ordered ? "horizontal" : "vertical") : orientation;
  return {
    ...(lies && { orientation: lies }),
    ...(arrangement && { arrangement }),
    log: wish.scale === "log" && !hasNoLog(placed, mark),
    trend: wish.trend === true,
    ...(sort && { sort }),
    ...(limit && { limit }),
    everything: limit === null,
    ...(zero !== undefined && { zero }),
    ...(numbers !== undefined && { numbers }),
    ...(title && { title }),
    only: only.map((pick) => pick.text),
    without: without.map((pick) => pick.text),
  };
}

const WITHOUT_LOG: readonly MarkName[] = ["histogram", "pie", "donut", "heatmap", "area"];

function hasNoLog({ values }: Placed, mark: Mark): boolean {
  return WITHOUT_LOG.includes(mark.name) || values.some((field) => field.least <= 0);
}

function deniedOf(
  wish: Wish,
  asked: Placed | Need | null,
  placed: Placed,
  panel: Field | null,
  mark: Mark,
  language: Language,
): Choice["denied"] {
  const { markNames, needs, denied } = language.say;
  if (wish.mark && typeof asked === "string") {
    return { what: denied.mark(wish.instead ?? markNames[wish.mark]), why: needs[asked] };
  }
  if (wish.scale === "log" && hasNoLog(placed, mark)) {
    const fits = WITHOUT_LOG.includes(mark.name);
    const label = placed.values[0].label;
    return {
      what: denied.log,
      why: fits ? denied.noScale(markNames[mark.name]) : denied.noZero(label),
    };
  }
  const stacks = wish.arrangement && wish.arrangement !== "grouped";
  // Shares of one group are shares already.
  const shown = wish.arrangement === "normalised" && isShare(placed.values[0]);
  if (stacks && !shown && !placed.series && placed.values.length < 2) {
    return { what: denied[wish.arrangement ?? "stacked"], why: needs.twoGroups };
  }
  if (wish.panels === "any" && !panel) return { what: denied.panels, why: needs.twoGroups };
  const along = placed.x && placed.x.kind !== "category";
  const single = mark.name === "line" && !placed.series && placed.values.length < 2;
  const trending = (mark.name === "point" || single) && along && !panel;
  if (wish.trend && !trending) return { what: denied.trend, why: needs.twoNumbers };
  return undefined;
}

const FROM_ZERO: readonly MarkName[] = ["bar", "area", "histogram"];

function deniedAxes(wish: Wish, moved: boolean, mark: Mark, { say }: Language): Choice["denied"] {
  const { denied, markNames } = say;
  if (wish.swap && !moved) return { what: denied.swap, why: denied.noSwap(markNames[mark.name]) };
  if (wish.zero !== false || !FROM_ZERO.includes(mark.name)) return undefined;
  return { what: denied.zero, why: denied.zeroNeeded };
}

const LINE_NUMBERS_MAX = 12;

/** Numbers beside marks are shown where each has room of its own. */
function deniedNumbers(
  { numbers, arrangement }: Wish,
  { x, series }: Placed,
  { name }: Mark,
  { say }: Language,
): Choice["denied"] {
  const few = name === "line" && !series && (x?.distinct ?? 0) <= LINE_NUMBERS_MAX;
  const apart = name === "bar" && (!series || (arrangement ?? "grouped") === "grouped");
  if (!numbers || few || apart || name === "heatmap" || name === "range") return undefined;
  return { what: say.denied.numbers, why: say.denied.noRoom };
}

/** Marks at names turn round where there is no second group to swap with. */
function flips({ swap }: Wish, { mark, placed }: Drawn): boolean {
  const round: readonly MarkName[] = ["bar", "box", "range"];
  return swap === true && !placed.series && round.includes(mark.name);
}

function reasonOf(
  mark: Mark,
  { x, values }: Placed,
  asked: Placed | Need | null,
  { wish }: Cast,
  language: Language,
): string {
  const { reason, markNames, needs } = language.say;
  const name = markNames[mark.name];
  if (typeof asked === "string" && wish.mark) {
    return reason.notPossible(wish.instead ?? markNames[wish.mark], needs[asked], name);
  }
  if (asked) return wish.instead ? reason.instead(wish.instead, name) : reason.asked(name);
  const value = values[0].label;
  const because = reason.because[mark.name];
  return because(name, value, x?.label ?? null, Boolean(x && (x.ordered || x.kind === "time")));
}
