/**
 * Which meanings may follow each other, and what they then say. A pattern is a list of term kinds:
 * `kind:arg` asks for one argument ("_" for a blank in it), `?` may be missing, `+` may be a list ("a, b and c"), `a|b` either.
 * Articles and other small words between them need not be written. Word order is free between
 * phrases, so each rule describes one phrase only, and both languages share them all.
 */

import {
  additive,
  aggregates,
  type Bound,
  choices,
  direction,
  eachRowIs,
  firstChoice,
  groupable,
  groupings,
  meanCount,
  narrowed,
  number,
  one,
  thing,
} from "./bound.ts";
import type { Derivation, TimeUnit } from "./lexicon.ts";
import type { Body } from "./parts.ts";
import {
  binsOf,
  countOf,
  howMuch,
  isOfTheirs,
  kindsAsked,
  levelOf,
  measureOf,
  perRow,
  placeOf,
  quantileOf,
  ratioOf,
  shownBeside,
  stepsOfOf,
  totalsOf,
} from "./readings.ts";
import { contrastOf, howOldOf, moreOf, thanOf } from "./readings-contrast.ts";
import {
  againstOf,
  ageBetweenOf,
  ageComparedOf,
  ageCompareOf,
  bareNumber,
  besideOf,
  betweenOf,
  comparativeOf,
  compareOf,
  eitherOf,
  equalOf,
  familyRows,
  havingOf,
  inItsUnit,
  isAgeSaid,
  isReached,
  looseOf,
  noneOf,
  peopleAgedOf,
  periodOf,
  rangeOf,
  scoredOf,
  signedOf,
  textOf,
  theseRows,
  unitCompareOf,
  unitOfTime,
  valuesOf,
} from "./readings-filters.ts";
import {
  basisOf,
  bestOf,
  bestOfGroups,
  commonOf,
  extremeOf,
  extremesOf,
  foremostOf,
  goodRows,
  limitOf,
  orderOf,
  superlativeOf,
} from "./readings-ranking.ts";

export interface Rule {
  readonly pattern: string;
  /** Added to the score: negative for readings of last resort. */
  readonly bonus: number;
  /** Undefined: the terms do not fit together after all. */
  readonly read: (bound: Bound) => Body | undefined;
}

const fixed = (body: Body) => () => body;
const peopleCounted: Body = { kind: "measure", aggregates: ["sum"], columns: [], asked: "persons" };
const rule = (pattern: string, read: Rule["read"], bonus = 0): Rule => ({ pattern, read, bonus });

export const rules: readonly Rule[] = [
  // What is computed.
  rule("aggregate+ of? all? column+", measureOf),
  rule("aggregate of? all? value? rows", (b) =>
    aggregates(b)[0] === "count" && !one(b, "value") ? countOf(b) : undefined,
  ),
  rule("aggregate of? distinct column", (b) =>
    aggregates(b)[0] === "count" ? countOf(b) : undefined,
  ),
  rule("aggregate of? distinct? unit", (b) =>
    aggregates(b)[0] === "count"
      ? {
          kind: "measure",
          aggregates: ["distinct"],
          columns: [],
          unit: one(b, "unit")!.arg as TimeUnit,
        }
      : undefined,
  ),
  rule("aggregate of? every column aggregate?", totalsOf, 0.3),
  rule("every aggregate of? column", totalsOf, 0.3),
  rule("aggregate aggregate:sum of? column per unit", totalsOf, 0.3),
  rule("column+ aggregate per|during unit", totalsOf, 0.3),
  rule("column+ per unit aggregate", totalsOf, 0.3),
  rule("column aggregate+", (b) => (aggregates(b).length > 1 ? measureOf(b) : undefined), -0.1),
  rule("column+ aggregate", (b) => (aggregates(b)[0] === "count" ? undefined : measureOf(b)), -0.1),
  rule("aggregate", (b) => ({ kind: "measure", aggregates: aggregates(b), columns: [] }), -0.35),
  // "…: mean, minimum and maximum", of what was named before.
  rule(
    "aggregate+",
    (b) =>
      aggregates(b).length > 2
        ? { kind: "measure", aggregates: aggregates(b), columns: [] }
        : undefined,
    -0.2,
  ),
  rule("question:how-many", () => ({
    kind: "measure",
    aggregates: ["count"],
    columns: [],
    asked: "how-many",
  })),
  rule("question:how-many persons", fixed(peopleCounted), 0.1),
  rule("aggregate:count of? persons", fixed(peopleCounted), 0.1),
  rule("question:how-many all? rows", (b) => countOf(b)),
  rule("question:how-many distinct? column", countOf),
  rule("question:how-many distinct rows column", countOf, 0.1),
  rule("question:how-many distinct? unit", (b) => ({
    kind: "measure",
    aggregates: ["distinct"],
    columns: [],
    unit: one(b, "unit")!.arg as TimeUnit,
  })),
  rule("question:how-much", howMuch, -0.2),
  rule("per column aggregate:count", (b) => ({ kind: "group", by: groupings(b) })),
  rule("aggregate column aggregate:count", meanCount),
  rule("column aggregate:count", (b) =>
    narrowed(firstChoice(b)) ? { kind: "mention", columns: choices(b) } : undefined,
  ),
  rule("question:how-much column", (b) => {
    const column = narrowed(firstChoice(b));
    if (!column) return undefined;
    const sums = additive(column, b.vocabulary);
    return sums
      ? { kind: "measure", aggregates: ["sum"], columns: [column] }
      : { kind: "mention", columns: [column], level: true };
  }),
  rule("question:how positive", levelOf),
  rule("question:how positive be? column", levelOf),
  rule("question:how positive be? superlative rows|column?", howOldOf, 0.2),
  rule("question:how column", (b) => ({ kind: "mention", columns: choices(b), level: true }), -0.1),
  rule("column+", (b) => ({ kind: "mention", columns: choices(b) }), -0.15),
  rule("column symbol", inItsUnit, -0.1),
  rule("with column+", shownBeside, -0.12),

  // Where in the order of values a share of them ends.
  rule("number? quantile of? all? column+", quantileOf),
  rule("number and|to number quantile of? all? column+", quantileOf, 0.2),
  rule("number+ quantile of? all? column+", quantileOf, 0.1),
  rule("column+ number? quantile", quantileOf, -0.1),
  rule("number? symbol quantile:share of? all? column+", quantileOf),
  rule("number quantile", quantileOf, -0.3),

  // What is made of figures: of all groups together, from one to the next, of two columns.
  rule("derive", (b) => ({ kind: "derive", how: one(b, "derive")!.arg as Derivation }), -0.17),
  rule("previous", (b) => {
    const unit = one(b, "previous")!.arg;
    return { kind: "previous", ...(unit === "" ? {} : { unit: unit as TimeUnit }) };
  }),
  rule("question:how-much? comparative be? period period", contrastOf, 0.3),
  rule("be? period comparative period", contrastOf, 0.3),
  rule("comparative", thanOf, -0.3),
  rule("comparative column", thanOf),
  rule("more", moreOf, -0.3),
  rule("compare", moreOf, -0.3),
  rule("nth", (b) => ({ kind: "nth", number: Number(one(b, "nth")!.arg) }), -0.2),
  rule("extent", fixed({ kind: "extent" })),
  rule("number decimals", fixed({ kind: "decimals" })),
  rule("decimals", fixed({ kind: "decimals" }), -0.3),
  rule("relate", (b) => ({ kind: "relate", how: one(b, "relate")!.arg as "correlation" }), -0.1),
  rule("outliers", fixed({ kind: "outliers" })),
  rule("duplicates rows?", fixed({ kind: "duplicates" })),
  rule("missing", fixed({ kind: "missing-cells" }), -0.2),
  rule("bins of? number symbol?", binsOf),
  rule("number symbol? bins", binsOf),
  // "in 10 year steps" of an age.
  rule("number unit:year bins:width", binsOf, 0.1),
  rule("bins of? number unit:year", binsOf, 0.2),
  rule("bins", binsOf, -0.1),
  rule("per|each number symbol of? column", stepsOfOf, 0.2),

  // Extremes.
  rule("extreme", extremeOf, -0.2),
  rule("number? extreme aggregate? of? column", extremeOf),
  rule("extreme+ of? column", extremesOf),
  rule("extreme:max_good column rows", goodRows),
  rule("extreme:min_good column rows", goodRows),
  rule("extreme:max_good", bestOf, -0.2),
  rule("extreme:min_good", bestOf, -0.2),
  rule("extreme:max_good column", bestOfGroups),
  rule("extreme:min_good column", bestOfGroups),
  rule("extreme rows", extremeOf),
  rule("extreme persons", (b) => ({
    ...{ kind: "extreme", direction: direction(one(b, "extreme")), persons: true },
  })),
  rule("number extreme", (b) => extremeOf(b), -0.2),
  rule("number extreme rows", (b) => extremeOf(b)),
  rule("extreme aggregate", (b) =>
    /^(count|deviation|variance|range)$/.test(aggregates(b)[0]!) ? extremeOf(b) : undefined,
  ),
  rule(
    "extreme unit",
    (b) => ({
      ...{ kind: "extreme", direction: direction(one(b, "extreme")), of: thing(b)! },
      ...(one(b, "extreme")!.arg.endsWith(" good") ? { good: true } : {}),
    }),
    -0.1,
  ),
  rule("number? superlative column|unit|rows", superlativeOf),
  rule("superlative", superlativeOf),
  rule("number superlative", superlativeOf),
  rule("extreme:max_count aggregate:count? of? column", commonOf, 0.1),
  rule("extreme:min_count aggregate:count? of? column", commonOf, 0.1),
  rule("extreme:max_good rows by column", goodRows),
  rule("extreme:min_good rows by column", goodRows),
  rule("number extreme:max_good rows by column", goodRows),

  // Groups.
  rule("per unit|column+", (b) => ({ kind: "group", by: groupings(b) })),
  rule("per aggregate:count of? column", (b) => ({ kind: "group", by: groupings(b) })),
  rule("aggregate aggregate:count of? column+", meanCount),
  rule("per unit of? each? per? unit", (b) => ({ kind: "group", by: groupings(b) })),
  rule("per unit by|per column", unitOfTime),
  rule("per unit of column", unitOfTime),
  rule("per unit column", unitOfTime),
  rule("per column unit", unitOfTime),
  rule("every+", (b) => ({ kind: "group", by: groupings(b), adverb: true })),
  rule("over-time", (b) => {
    const unit = one(b, "over-time")!.arg;
    return { kind: "over-time", ...(unit === "" ? {} : { unit: unit as TimeUnit }) };
  }),

  // Which, and how many of them.
  rule("question:which rows", kindsAsked, 0.1),
  rule("question:which distinct? column|unit|rows", (b) =>
    !isOfTheirs(b) && choices(b).every(groupable) ? { kind: "which", of: thing(b)! } : undefined,
  ),
  rule("question:which of? number column|unit|rows", (b) => limitOf(b)),
  // "which month of which year": each month is one of its own.
  rule("question:which unit of? question:which unit:year", (b) => ({
    ...{ kind: "which", of: thing(b)! },
    apart: true,
  })),
  rule("question:which value+ rows", (b) => theseRows(b, true)),
  // Rows are no groups: "by industry" asks for a column that is not there.
  rule("per rows", perRow, 0.2),
  // "for each booking status"
  rule("per rows column", (b) => ({ kind: "group", by: groupings(b) })),
  // "month with the most rain": asked for without asking.
  rule(
    "unit with",
    (b) => (eachRowIs(b, one(b, "unit")!) ? { kind: "rows" } : { kind: "which", of: thing(b)! }),
    -0.1,
  ),
  // "the film with the most votes": a row, and not how many.
  rule(
    "rows with extreme of? column",
    (b) => {
      const body = extremeOf(b);
      return body?.kind === "extreme" && body.column ? { ...body, of: "rows" } : undefined;
    },
    0.1,
  ),
  rule("unit", (b) => (eachRowIs(b, one(b, "unit")!) ? { kind: "rows" } : undefined), -0.4),
  rule("question:who", fixed({ kind: "which", of: "who" })),
  rule("question:where", placeOf),
  rule("question:when", fixed({ kind: "which", of: "when" })),
  rule("end number column|unit|rows?", limitOf),
  rule("extreme number column|unit|rows", limitOf),
  rule("end:max column|unit|rows?", limitOf, -0.1),
  rule("end:min number", limitOf),
  rule("number column|unit|rows", limitOf, -0.05),
  rule("first number rows?", (b) => ({ kind: "first", number: number(b) })),

  // Which rows count.
  rule("column be? of? compare number scale? symbol?", compareOf),
  rule("number compared", (b) => (isAgeSaid(b) ? ageComparedOf(b) : undefined)),
  rule("column be? compare column", againstOf, -0.1),
  rule("compare number symbol", unitCompareOf),
  rule("compare number unit:year positive?", ageCompareOf),
  rule("compare number scale? symbol? of? column", compareOf),
  // „mindestens die Stärke 4,5“
  rule("compare column number scale? symbol?", compareOf, -0.1),
  rule("number compared column", compareOf),
  rule("number column compared", compareOf),
  rule("column number scale? symbol? compared", compareOf),
  rule("compare number scale? symbol?", looseOf, -0.6),
  rule("with|have number column", equalOf),
  rule("column be number", equalOf),
  rule("number column", bareNumber, -0.3),
  rule("column be|of? number or number", eitherOf, 0.1),
  // "4 cylinder cars" are cars with four of them.
  rule("number column rows", (b) => (isReached(b) ? equalOf(b) : undefined), 0.3),
  rule("comparative number scale? symbol|column?", comparativeOf),
  rule("column be? between number and|to number symbol?", betweenOf),
  rule("between number and|to number symbol? column", betweenOf),
  rule("column since number to number symbol?", betweenOf),
  rule("since? number to number symbol? column", betweenOf, -0.1),
  rule("during? period+", periodOf("in")),
  rule("not period+", periodOf("not-in")),
  rule("column? since period", periodOf("since")),
  rule("during|from? period onwards", periodOf("since")),
  rule("column? until period", periodOf("until")),
  rule("column? before period", periodOf("before")),
  rule("column? after period", periodOf("after")),
  rule("column be? during? period", periodOf("in")),
  rule("between period and|to period", periodOf("range")),
  rule("since|during|from? period to period", rangeOf, 0.3),
  rule("column between period and|to period", periodOf("range")),
  rule("column since|during|from? period to period", rangeOf, 0.3),
  rule("value+", valuesOf(false), -0.2),
  rule("from value+", valuesOf(false)),
  rule("from value+ rows", valuesOf(false), 0.3),
  rule("towards value+", valuesOf(false)),
  rule("column be? signed", signedOf),
  rule("signed column", signedOf),
  rule("column of number", scoredOf),
  rule("aged between? number and|to number unit:year? positive?", ageBetweenOf),
  rule("between number and|to number unit:year positive", ageBetweenOf),
  rule("number to number unit:year positive", ageBetweenOf),
  rule("aged compare? number unit:year? positive?", ageCompareOf),
  rule("persons|rows|same compare number", peopleAgedOf, 0.2),
  rule("superlative foremost", foremostOf),
  rule("extreme foremost", (b) => ({
    kind: "order",
    direction: direction(one(b, "extreme")) === "max" ? "descending" : "ascending",
  })),
  rule("question:how positive be? extreme of? column", (b) => {
    const body = extremeOf(b);
    return body?.kind === "extreme" ? { ...body, asked: true } : body;
  }),
  rule("value+ rows", (b) => theseRows(b, false), 0.3),
  rule("value rows versus|or|and value rows?", besideOf, 0.4),
  rule("value versus value rows?", besideOf, 0.2),
  rule(
    "value+ unit",
    (b) => (eachRowIs(b, one(b, "unit")!) ? theseRows(b, false) : undefined),
    0.3,
  ),
  rule("column be? value+", valuesOf(false)),
  rule("value+ column", valuesOf(false)),
  rule("not from? value+", valuesOf(true)),
  rule("column be? not value+", valuesOf(true)),
  rule("missing column", (b) => ({ kind: "missing", column: firstChoice(b), negated: false })),
  rule("column be? missing", (b) => ({ kind: "missing", column: firstChoice(b), negated: false })),
  rule("column not? text said", textOf),
  rule("column not? said text", textOf),
  rule("said during|from|of column", textOf),
  rule("not? text said", textOf, -0.2),
  rule("not? said text", textOf, -0.2),
  rule("text said during|from|of column", textOf),

  rule("from? family rows?", familyRows, 0.1),
  rule("family rows", familyRows, 0.4),

  // Which groups are kept.
  rule("aggregate of? column be? compare number scale? symbol?", havingOf, 0.2),
  rule("aggregate of? column of? compare number scale? symbol?", havingOf, 0.2),
  rule("compare number scale? symbol? aggregate of? column", havingOf, 0.2),
  rule("aggregate of? compare number scale? symbol? column", havingOf, 0.2),
  rule("compare number scale? symbol? column aggregate", havingOf, 0.2),
  rule("compare number rows", havingOf, 0.1),
  rule("number compared rows", havingOf, 0.1),
  rule("aggregate:count be? compare number", havingOf, 0.1),
  rule("not column", noneOf, -0.1),

  // Order and shape.
  rule("sort by aggregate? of? column sort?", orderOf, 0.2),
  rule("sort by unit sort?", orderOf),
  rule("sort by aggregate:count sort?", orderOf),
  rule("sort sort?", orderOf),
  rule("by aggregate of? column", (b) => {
    const body = measureOf(b);
    if (body?.kind !== "measure") return undefined;
    return { kind: "order", aggregates: body.aggregates, columns: body.columns };
  }),
  rule("by column", basisOf, 0.1),
  rule("onto aggregate:count? of? column", (b) => ({
    kind: "group",
    by: groupings(b),
    onto: true,
  })),
  rule("by aggregate", (b) =>
    aggregates(b)[0] === "count" ? { kind: "order", count: true } : undefined,
  ),
  rule("ratio of|between? column to|and|of|towards|versus|by|per|divided column", ratioOf, 0.3),
  rule("aggregate? of? column divided aggregate? of? column", ratioOf, 0.3),
  rule("column versus column", (b) => ({ kind: "versus", columns: choices(b) }), -0.12),
  rule(
    "chart:scatter|chart:scatter_relation of? between? column versus|and|by|per|to column",
    (b) => ({
      ...{ kind: "versus", columns: choices(b) },
      ...(one(b, "chart")!.arg.endsWith("relation") ? { relation: true } : {}),
    }),
  ),
  rule("chart:scatter|chart:scatter_relation of? column column", (b) => ({
    kind: "versus",
    columns: choices(b),
  })),
  rule("chart", (b) => ({ kind: "chart", mark: one(b, "chart")!.arg })),
  rule("describe", fixed({ kind: "describe" })),
  rule("rows", fixed({ kind: "rows" })),
  rule("all rows?", fixed({ kind: "all" }), -0.1),
  rule("list", fixed({ kind: "list" }), -0.9),
  rule("distinct", fixed({ kind: "distinct" }), -0.1),
  rule("same", fixed({ kind: "same" }), -0.9),
  rule("again", fixed({ kind: "again" }), -0.9),
  rule("or", fixed({ kind: "or" })),
  rule("cannot", (b) => ({ kind: "cannot", why: one(b, "cannot")!.arg }), -0.1),
];
