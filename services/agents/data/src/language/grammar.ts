/**
 * Which meanings may follow each other, and what they then say. A pattern is a list of term kinds:
 * `kind:arg` asks for one argument, `?` may be missing, `+` may be a list ("a, b and c"), `a|b` either.
 * Articles and other small words between them need not be written. Word order is free between
 * phrases, so each rule describes one phrase only, and both languages share them all.
 */
import type { Operator, Relation } from "../intent/intent.ts";
import { isStock } from "./concepts.ts";
import type { Aggregate, TimeUnit } from "./lexicon.ts";
import type { Body, ColumnChoice, Grouping } from "./parts.ts";
import type { Term } from "./terms.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The terms that a pattern bound, in order, and what helps to read them. */
export interface Bound {
  readonly terms: readonly Term[];
  /** Lists were joined by "and" or commas rather than "or". */
  readonly joined: "and" | "or" | undefined;
  readonly vocabulary: Vocabulary;
  readonly words: (term: Term) => string;
}

export interface Rule {
  readonly pattern: string;
  /** Added to the score: negative for readings of last resort. */
  readonly bonus: number;
  /** Undefined: the terms do not fit together after all. */
  readonly read: (bound: Bound) => Body | undefined;
}

const all = ({ terms }: Bound, kind: string) => terms.filter((term) => term.kind === kind);
const one = (bound: Bound, kind: string) => bound.terms.find((term) => term.kind === kind);

const choice = (bound: Bound, term: Term): ColumnChoice => ({
  matches: term.columns ?? [],
  words: bound.words(term),
  matched_by: term.matched_by,
});
const choices = (bound: Bound) => all(bound, "column").map((term) => choice(bound, term));
const firstChoice = (bound: Bound) => choices(bound)[0]!;
const aggregates = (bound: Bound) => all(bound, "aggregate").map(({ arg }) => arg as Aggregate);
const number = (bound: Bound, at = 0) => {
  const scale = one(bound, "scale");
  return (all(bound, "number")[at]?.number ?? 0) * (scale ? Number(scale.arg) : 1);
};
const operator = (bound: Bound) =>
  (one(bound, "compare") ?? one(bound, "compared"))!.arg as Operator;
const direction = (term: Term | undefined) => (term?.arg.startsWith("min") ? "min" : "max");

/** Whole numbers of few kinds, such as cylinders, can be grouped by. */
const groupable = ({ matches }: ColumnChoice) =>
  matches.some(
    ({ column }) =>
      (column.type !== "integer" && column.type !== "number") ||
      column.is_year ||
      column.distinct <= 30,
  );

/** "average number of cylinders", „mittlere Zylinderzahl“: the column itself is the number. */
function meanCount(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  const [first] = aggregates(bound);
  if (!column || !first || first === "count") return undefined;
  return { kind: "measure", aggregates: [first], columns: [column] };
}

/** Some candidate of the choice holds numbers. */
const numeric = ({ matches }: ColumnChoice): ColumnChoice | undefined => {
  const fitting = matches.filter(
    ({ column }) => column.type === "integer" || column.type === "number",
  );
  return fitting.length === 0 ? undefined : { matches: fitting, words: "", matched_by: "" };
};
const narrowed = (given: ColumnChoice): ColumnChoice | undefined => {
  const fitting = numeric(given);
  return fitting && { ...given, matches: fitting.matches };
};
const additive = ({ matches }: ColumnChoice, vocabulary: Vocabulary) =>
  matches.every(({ column }) =>
    vocabulary.forms.some((form) => form.column === column && form.flow),
  );

const isStockOf = ({ matches }: ColumnChoice, vocabulary: Vocabulary) =>
  matches.every(({ column }) =>
    vocabulary.forms.some((form) => form.column === column && [...form.concepts].some(isStock)),
  );

function grouping(bound: Bound, term: Term): Grouping {
  const words = bound.words(term);
  if (term.kind === "unit" || term.kind === "every") return { unit: term.arg as TimeUnit, words };
  return { column: choice(bound, term), words };
}

/** Units and columns of a list; "month of release date" is one grouping. */
function groupings(bound: Bound): Grouping[] {
  const found: Grouping[] = [];
  for (const term of bound.terms) {
    if (term.kind === "unit" || term.kind === "column" || term.kind === "every") {
      found.push(grouping(bound, term));
    }
  }
  return found;
}

/** Rows are days, or years, so that "rainy days" are rows. */
function eachRowIs({ vocabulary }: Bound, unit: Term): boolean {
  const { columns, row_count } = vocabulary.profile;
  return columns.some(({ type, is_year, distinct }) => {
    const fits = unit.arg === "day" ? type === "date" : unit.arg === "year" && is_year;
    return fits && distinct >= row_count * 0.98;
  });
}

const thing = (bound: Bound): Grouping | "rows" | undefined => {
  if (one(bound, "rows")) return "rows";
  return groupings(bound)[0];
};

/** "how many X": counts rows, different texts, or sums amounts; anything else is not said clearly. */
function countOf(bound: Bound): Body | undefined {
  const columns = choices(bound);
  const [first] = columns;
  if (!first) return { kind: "measure", aggregates: ["count"], columns: [] };
  const texts = first.matches.filter(({ column }) => column.type === "text");
  if (texts.length > 0) {
    return { kind: "measure", aggregates: ["distinct"], columns: [{ ...first, matches: texts }] };
  }
  if (one(bound, "distinct")) return { kind: "measure", aggregates: ["distinct"], columns };
  const sums = narrowed(first);
  if (!sums) return undefined;
  if (additive(sums, bound.vocabulary))
    return { kind: "measure", aggregates: ["sum"], columns: [sums] };
  return isStockOf(sums, bound.vocabulary)
    ? { kind: "measure", aggregates: ["sum"], columns: [sums], asked: "at-a-time" }
    : undefined;
}

function measureOf(bound: Bound): Body | undefined {
  const asked = aggregates(bound);
  if (asked.length === 1 && asked[0] === "count") return countOf(bound);
  if (asked.includes("distinct"))
    return { kind: "measure", aggregates: asked, columns: choices(bound) };
  const columns = choices(bound).map(narrowed);
  if (columns.some((column) => column === undefined)) return undefined;
  return {
    kind: "measure",
    aggregates: asked,
    columns: columns.filter((column) => column !== undefined),
  };
}

/** Ranks are short lists: 2005 is a year, not a number of rows. */
const countable = (bound: Bound) => {
  const said = one(bound, "number")?.number;
  return said === undefined || (Number.isInteger(said) && said >= 1 && said <= 1000);
};

/** "smallest and largest weight": two figures. */
function extremesOf(bound: Bound): Body | undefined {
  const asked = all(bound, "extreme").map((term) => direction(term));
  const column = narrowed(firstChoice(bound));
  if (asked.length < 2 || !column) return undefined;
  return { kind: "measure", aggregates: [...new Set(asked)], columns: [column] };
}

function extremeOf(bound: Bound): Body | undefined {
  if (!countable(bound)) return undefined;
  const term = one(bound, "extreme")!;
  const count = term.arg.endsWith("count") || one(bound, "rows") !== undefined;
  const asked = aggregates(bound).filter((aggregate) => aggregate !== "count");
  const counted = count || aggregates(bound).includes("count");
  const said = choices(bound)[0];
  const column = said && narrowed(said);
  if (said && !column) {
    // "the most countries": different ones are counted, which is a measure of its own.
    return undefined;
  }
  const base = { kind: "extreme", direction: direction(term) } as const;
  return {
    ...base,
    ...(asked.length > 0 ? { aggregates: asked } : {}),
    ...(column ? { column } : {}),
    ...(counted ? { count: true } : {}),
    ...(one(bound, "number") ? { number: number(bound) } : {}),
  };
}

/** "longest beak": the beak's column that is a length. */
function longOf(said: ColumnChoice, concepts: readonly string[], vocabulary: Vocabulary) {
  const column = narrowed(said);
  const fitting = column?.matches.filter((match) =>
    vocabulary.forms.some(
      (form) =>
        form.column === match.column && concepts.some((concept) => form.concepts.has(concept)),
    ),
  );
  return column && fitting && fitting.length > 0 ? { ...column, matches: fitting } : undefined;
}

function superlativeOf(bound: Bound): Body | undefined {
  if (!countable(bound)) return undefined;
  const { quality } = one(bound, "superlative")!;
  const [said] = choices(bound);
  const long = said && longOf(said, quality!.concepts, bound.vocabulary);
  if (long) {
    return {
      kind: "extreme",
      direction: quality!.direction,
      column: long,
      ...(one(bound, "number") ? { number: number(bound) } : {}),
    };
  }
  const of = thing(bound);
  return {
    kind: "extreme",
    direction: quality!.direction,
    concepts: quality!.concepts,
    ...(one(bound, "number") ? { number: number(bound) } : {}),
    ...(of ? { of } : {}),
  };
}

function limitOf(bound: Bound): Body | undefined {
  if (!countable(bound)) return undefined;
  const end = one(bound, "end");
  const of = thing(bound);
  return {
    kind: "limit",
    ...(end ? { direction: direction(end) } : {}),
    ...(one(bound, "number") ? { number: number(bound) } : {}),
    ...(of ? { of } : {}),
  };
}

function compareOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  // "over 80 in the year …": no year is 80.
  if (column?.matches.some((match) => match.column.is_year) && number(bound) < 1000)
    return undefined;
  return column && { kind: "compare", column, operator: operator(bound), number: number(bound) };
}

/** Signs that by themselves say what is meant: "über 30 Grad". */
const symbolConcepts: Readonly<Record<string, readonly string[]>> = {
  "°": ["temperature"],
  "°C": ["temperature"],
  "°F": ["temperature"],
  kn: ["speed", "wind"],
  min: ["duration"],
  a: ["age"],
  kg: ["weight"],
  lb: ["weight"],
  g: ["weight"],
  ppm: ["co2"],
};

function unitCompareOf(bound: Bound): Body | undefined {
  const symbol = one(bound, "symbol")!.arg;
  const matches = bound.vocabulary.profile.columns
    .filter(({ unit }) => unit === symbol)
    .map((column) => ({ column, coverage: 1 }));
  const words = bound.words(one(bound, "symbol")!);
  const column =
    matches.length > 0 ? { matches, words, matched_by: "unit" } : symbolConcepts[symbol];
  return column && { kind: "compare", column, operator: operator(bound), number: number(bound) };
}

function equalOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  if (!column || column.matches.some((match) => match.column.is_year)) return undefined;
  return { kind: "compare", column, operator: "=", number: number(bound) };
}

function comparativeOf(bound: Bound): Body {
  const { quality } = one(bound, "comparative")!;
  const more = quality!.direction === "max";
  return {
    kind: "compare",
    column: quality!.concepts,
    operator: more ? ">" : "<",
    number: number(bound),
    direction: quality!.direction,
  };
}

function betweenOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  const [low, high] = [number(bound, 0), number(bound, 1)];
  if (!column || low > high) return undefined;
  return { kind: "between", column, low, high };
}

const temporal = ({ matches }: ColumnChoice) =>
  matches.some(({ column }) => column.type === "date" || column.type === "time" || column.is_year);

const periodOf =
  (relation: Relation) =>
  (bound: Bound): Body | undefined => {
    const said = choices(bound)[0];
    if (said && !temporal(said)) return undefined;
    return {
      kind: "period",
      relation,
      periods: all(bound, "period").map((term) => term.period!),
      together: bound.joined !== "and",
      ...(said ? { column: said } : {}),
    };
  };

const valuesOf =
  (negated: boolean) =>
  (bound: Bound): Body | undefined => {
    const said = choices(bound)[0];
    const values = all(bound, "value").map((term) => {
      const forms = term.values ?? [];
      return said
        ? forms.filter(({ column }) => said.matches.some((m) => m.column === column))
        : forms;
    });
    if (values.some((forms) => forms.length === 0)) return undefined;
    const together = bound.joined !== "and";
    return { kind: "values", values, negated, together, ...(said ? { column: said } : {}) };
  };

function orderOf(bound: Bound): Body {
  const way = all(bound, "sort").find(({ arg }) => arg !== "asked");
  const asked = aggregates(bound);
  const unit = one(bound, "unit");
  return {
    kind: "order",
    ...(way ? { direction: way.arg as "ascending" | "descending" } : {}),
    ...(asked.length > 0 ? { aggregates: asked } : {}),
    ...(asked.includes("count") ? { count: true } : {}),
    ...(one(bound, "column") ? { columns: choices(bound) } : {}),
    ...(unit ? { unit: unit.arg as TimeUnit } : {}),
  };
}

function levelOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "positive")!;
  const forms = bound.vocabulary.forms.filter(({ concepts }) =>
    quality!.concepts.some((concept) => concepts.has(concept)),
  );
  if (forms.length === 0) return undefined;
  const matches = forms.map(({ column }) => ({ column, coverage: 1 }));
  const words = bound.words(one(bound, "positive")!);
  return { kind: "mention", columns: [{ matches, words, matched_by: "synonym" }], level: true };
}

const fixed = (body: Body) => () => body;
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
  rule("column+ aggregate", (b) => (aggregates(b)[0] === "count" ? undefined : measureOf(b)), -0.1),
  rule("aggregate", (b) => ({ kind: "measure", aggregates: aggregates(b), columns: [] }), -0.1),
  rule("question:how-many", () => ({
    kind: "measure",
    aggregates: ["count"],
    columns: [],
    asked: "how-many",
  })),
  rule("question:how-many all? rows", (b) => countOf(b)),
  rule("question:how-many distinct? column", countOf),
  rule("question:how-many distinct? unit", (b) => ({
    kind: "measure",
    aggregates: ["distinct"],
    columns: [],
    unit: one(b, "unit")!.arg as TimeUnit,
  })),
  rule(
    "question:how-much",
    () => ({ kind: "measure", aggregates: ["sum"], columns: [], asked: "how-much" }),
    -0.2,
  ),
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
  rule("question:how column", (b) => ({ kind: "mention", columns: choices(b), level: true }), -0.1),
  rule("column+", (b) => ({ kind: "mention", columns: choices(b) }), -0.15),

  // Extremes.
  rule("extreme", extremeOf, -0.2),
  rule("number? extreme aggregate? of? column", extremeOf),
  rule("extreme+ of? column", extremesOf),
  rule("extreme rows", extremeOf),
  rule("number extreme rows", (b) => extremeOf(b)),
  rule("extreme aggregate", (b) => (aggregates(b)[0] === "count" ? extremeOf(b) : undefined)),
  rule(
    "extreme unit",
    (b) => ({ kind: "extreme", direction: direction(one(b, "extreme")), of: thing(b)! }),
    -0.1,
  ),
  rule("number? superlative column|unit|rows", superlativeOf),
  rule("superlative", superlativeOf),

  // Groups.
  rule("per unit|column+", (b) => ({ kind: "group", by: groupings(b) })),
  rule("per aggregate:count of? column", (b) => ({ kind: "group", by: groupings(b) })),
  rule("aggregate aggregate:count of? column", meanCount),
  rule("per unit of? each? per? unit", (b) => ({ kind: "group", by: groupings(b) })),
  rule("per unit of column", (b) => {
    const [unit, column] = [one(b, "unit")!, firstChoice(b)];
    if (!temporal(column)) return undefined;
    return { kind: "group", by: [{ unit: unit.arg as TimeUnit, column, words: b.words(unit) }] };
  }),
  rule("every+", (b) => ({ kind: "group", by: groupings(b), adverb: true })),
  rule("over-time", (b) => {
    const unit = one(b, "over-time")!.arg;
    return { kind: "over-time", ...(unit === "" ? {} : { unit: unit as TimeUnit }) };
  }),

  // Which, and how many of them.
  rule("question:which distinct? column|unit|rows", (b) =>
    choices(b).every(groupable) ? { kind: "which", of: thing(b)! } : undefined,
  ),
  rule("question:which number column|unit|rows", (b) => limitOf(b)),
  rule("question:who", fixed({ kind: "which", of: "who" })),
  rule("question:when", fixed({ kind: "which", of: "when" })),
  rule("end number column|unit|rows?", limitOf),
  rule("end:max column|unit|rows?", limitOf, -0.1),
  rule("end:min number", limitOf),
  rule("number column|unit|rows", limitOf, -0.05),
  rule("first number rows?", (b) => ({ kind: "first", number: number(b) })),

  // Which rows count.
  rule("column be? compare number scale? symbol?", compareOf),
  rule("compare number symbol", unitCompareOf),
  rule("compare number scale? symbol? of? column", compareOf),
  rule("number compared column", compareOf),
  rule("number column compared", compareOf),
  rule("column number scale? symbol? compared", compareOf),
  rule("with|have number column", equalOf),
  rule("column be number", equalOf),
  rule("number column", equalOf, -0.3),
  rule("comparative number scale? symbol|column?", comparativeOf),
  rule("column be? between number and|to number symbol?", betweenOf),
  rule("between number and|to number symbol? column", betweenOf),
  rule("column since number to number symbol?", betweenOf),
  rule("since? number to number symbol? column", betweenOf, -0.1),
  rule("during? period+", periodOf("in")),
  rule("not period+", periodOf("not-in")),
  rule("column? since period", periodOf("since")),
  rule("column? until period", periodOf("until")),
  rule("column? before period", periodOf("before")),
  rule("column? after period", periodOf("after")),
  rule("column be? during? period", periodOf("in")),
  rule("between period and|to period", periodOf("range")),
  rule("since? period to period", periodOf("range")),
  rule("column between period and|to period", periodOf("range")),
  rule("column since? period to period", periodOf("range")),
  rule("value+", valuesOf(false), -0.2),
  rule("from value+", valuesOf(false)),
  rule("from value+ rows", valuesOf(false), 0.3),
  rule("value+ rows", valuesOf(false), 0.3),
  rule("value+ unit", (b) => (eachRowIs(b, one(b, "unit")!) ? valuesOf(false)(b) : undefined), 0.3),
  rule("column be? value+", valuesOf(false)),
  rule("value+ column", valuesOf(false)),
  rule("not from? value+", valuesOf(true)),
  rule("column be? not value+", valuesOf(true)),
  rule("missing column", (b) => ({ kind: "missing", column: firstChoice(b), negated: false })),
  rule("column be? missing", (b) => ({ kind: "missing", column: firstChoice(b), negated: false })),
  rule("not column", (b) => ({ kind: "missing", column: firstChoice(b), negated: false }), -0.1),

  // Order and shape.
  rule("sort by aggregate? of? column sort?", orderOf),
  rule("sort by unit sort?", orderOf),
  rule("sort by aggregate:count sort?", orderOf),
  rule("sort sort?", orderOf),
  rule("by aggregate of? column", (b) => {
    const body = measureOf(b);
    if (body?.kind !== "measure") return undefined;
    return { kind: "order", aggregates: body.aggregates, columns: body.columns };
  }),
  rule("by aggregate", (b) =>
    aggregates(b)[0] === "count" ? { kind: "order", count: true } : undefined,
  ),
  rule("column versus column", (b) => ({ kind: "versus", columns: choices(b) }), -0.12),
  rule("chart:scatter of? between? column versus|and|by|per|to column", (b) => ({
    kind: "versus",
    columns: choices(b),
  })),
  rule("chart:scatter of? column column", (b) => ({ kind: "versus", columns: choices(b) })),
  rule("chart", (b) => ({ kind: "chart", mark: one(b, "chart")!.arg })),
  rule("describe", fixed({ kind: "describe" })),
  rule("rows", fixed({ kind: "rows" })),
  rule("all rows?", fixed({ kind: "all" }), -0.1),
  rule("list", fixed({ kind: "list" }), -0.9),
  rule("distinct", fixed({ kind: "distinct" }), -0.1),
  rule("same", fixed({ kind: "same" }), -0.9),
  rule("or", fixed({ kind: "or" }), -0.95),
  rule("cannot", (b) => ({ kind: "cannot", why: one(b, "cannot")!.arg }), -0.1),
];
