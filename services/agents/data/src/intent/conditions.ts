/** Turns the filter phrases of a clause into conditions on columns. */
import type { Period } from "../language/dates.ts";
import type { Part, PartKind } from "../language/parts.ts";
import { nameWords } from "../language/stem.ts";
import { converted } from "../language/units.ts";
import type { ValueForm, Vocabulary } from "../language/vocabulary.ts";
import type { Column } from "../read/profile.ts";
import type { Clause } from "./clauses.ts";
import {
  columnsOfConcepts,
  conceptsOf,
  numbersOf,
  oneColumn,
  oneNumber,
  timeColumn,
} from "./columns.ts";
import { labelColumn } from "./defaults.ts";
import type { Condition, Dimension } from "./intent.ts";
import { refuse } from "./problem.ts";
import type { Understood } from "./understood.ts";

export interface Filters {
  readonly where: Condition[];
  /** "Japan and Europe" are wanted side by side. */
  readonly side_by_side: Dimension[];
  /** Conditions that the verb says of the rest: "what share of them *is from Japan*". */
  readonly predicates: ReadonlySet<Condition>;
  /** Conditions on the whole of which a part is asked: "among teachers". */
  readonly wholes: ReadonlySet<Condition>;
}

/** Phrases that say which rows count. */
export const filterKinds = new Set<PartKind>([
  "values",
  "compare",
  "against",
  "between",
  "period",
  "missing",
  "text",
]);
export const isFilter = ({ body }: Part) => filterKinds.has(body.kind);

export function conditionsOf(
  clause: Clause,
  vocabulary: Vocabulary,
  understood: Understood,
): Filters {
  const predicates = new Set<Condition>();
  const wholes = new Set<Condition>();
  const shares = new Set<Condition>();
  const filters: Filters = { where: [], side_by_side: [], predicates, wholes };
  let either = false;
  for (const part of clause.parts) {
    if (part.body.kind === "or") either = filters.where.length > 0;
    if (!isFilter(part)) continue;
    requireSaid(part, clause);
    const condition = conditionOf(part, clause, vocabulary, understood, filters.side_by_side);
    const before = filters.where.at(-1);
    if (either && before) filters.where.splice(-1, 1, anyOf(before, condition));
    else filters.where.push(condition);
    either = false;
    if (part.end > clause.verb) predicates.add(condition);
    // „Frauenanteil unter den Lehrern“: the women are the part, whoever is the whole.
    if (clause.of("derive").some(({ body, words }) => body.how === "share" && words === part.words))
      shares.add(condition);
    if (part.body.kind === "values" && part.body.whole) wholes.add(condition);
    understood.note("filter", part, { condition });
  }
  return {
    where: distinctOnes(unite(filters, !compares(clause))),
    side_by_side: filters.side_by_side,
    predicates: shares.size > 0 ? shares : predicates,
    wholes,
  };
}

/** "more than 4 cylinders and 100 horsepower": more than 100, or just so many? */
function requireSaid({ body, start, words }: Part, { parts }: Clause) {
  if (body.kind !== "compare" || !body.bare) return;
  const before = parts.filter((part) => part.start < start).at(-1)?.body;
  if (before?.kind === "compare" && before.operator !== "=")
    refuse({ kind: "unused-words", words: [words] });
}

function anyOf(before: Condition, condition: Condition): Condition {
  const known = before.kind === "any" ? before.of : [likeIt(before, condition)];
  return { kind: "any", of: [...known, condition] };
}

/** "with International or Intl in its name": a text that is called just so is meant as part as well. */
function likeIt(before: Condition, condition: Condition): Condition {
  if (before.kind !== "one-of" || before.negated || condition.kind !== "text") return before;
  const { column, how } = condition;
  const [value, other] = before.values;
  if (column !== before.column || value === undefined || other !== undefined) return before;
  return { kind: "text", column, how, text: value.toLowerCase(), negated: false };
}

/** "the products that begin with K": the texts that were named last before the condition. */
function textsSpokenOf(clause: Clause, { start, words }: Part, vocabulary: Vocabulary): Column {
  const spoken = clause.parts
    .filter((part) => part.start < start)
    .flatMap(({ body }) => {
      if (body.kind === "mention" || body.kind === "measure") return body.columns;
      if (body.kind === "which" && typeof body.of === "object") return body.of.column ?? [];
      return body.kind === "group" ? body.by.flatMap(({ column }) => column ?? []) : [];
    });
  const texts = spoken.filter(({ matches }) =>
    matches.some(({ column }) => column.type === "text"),
  );
  const last = texts.at(-1);
  if (last) return oneColumn(last, ({ type }) => type === "text");
  // "films that begin with …": what they are called.
  const label = labelColumn(vocabulary);
  const called = label && ["title", "name"].some((each) => conceptsOf(label, vocabulary).has(each));
  return called ? label : refuse({ kind: "unused-words", words: [words] });
}

function conditionOf(
  part: Part,
  clause: Clause,
  vocabulary: Vocabulary,
  understood: Understood,
  side_by_side: Dimension[],
): Condition {
  const { body, words } = part;
  if (body.kind === "values") {
    const said = body.column !== undefined;
    const column = columnOfValues(body.values, words, vocabulary, body.side, said);
    const values = body.values.flatMap((forms) =>
      forms.filter((form) => form.column === column).map(({ value }) => value),
    );
    if (!body.together && body.values.length > 1 && !body.negated)
      side_by_side.push({ kind: "column", column });
    return { kind: "one-of", column, values: [...new Set(values)], negated: body.negated };
  }
  if (body.kind === "compare") {
    const choice =
      "matches" in body.column ? body.column : columnsOfConcepts(body.column, vocabulary, words);
    if (!choice)
      return refuse(
        body.loose
          ? { kind: "unused-words", words: [words] }
          : { kind: "unknown-words", words: [words] },
      );
    const towards = body.direction ?? (body.operator.startsWith("<") ? "min" : "max");
    const [column, other] = numbersOf(choice, vocabulary, towards);
    if (other)
      refuse({ kind: "ambiguous", words: choice.words || words, columns: [column!, other] });
    const number = inUnitOf(column!, body.number, body.unit, words);
    const compare = { kind: "compare", column: column!, operator: body.operator } as const;
    if (body.or === undefined) return { ...compare, number };
    const or = inUnitOf(column!, body.or, body.unit, words);
    return {
      kind: "any",
      of: [
        { ...compare, number },
        { ...compare, number: or },
      ],
    };
  }
  if (body.kind === "against") {
    const [column, other] = [body.column, body.other].map((choice) =>
      oneNumber(choice, vocabulary),
    );
    if (column!.unit !== other!.unit) refuse({ kind: "other-unit", words, column: column! });
    return { kind: "against", column: column!, operator: body.operator, other: other! };
  }
  if (body.kind === "between") {
    const column = oneNumber(body.column, vocabulary);
    const [low, high] = [body.low, body.high].map((n) => inUnitOf(column, n, body.unit, words));
    return { kind: "between", column, low: low!, high: high! };
  }
  if (body.kind === "missing") {
    return { kind: "missing", column: oneColumn(body.column, () => true), negated: body.negated };
  }
  if (body.kind === "text") {
    const { how, text, negated } = body;
    const column = body.column
      ? oneColumn(body.column, () => true)
      : textsSpokenOf(clause, part, vocabulary);
    return { kind: "text", column, how, text, negated };
  }
  if (body.kind !== "period") throw new TypeError(`${body.kind} is no filter`);
  const column = timeColumn(vocabulary, understood, words, body.column);
  requireFineDates(column, body.periods, words);
  if (!body.together && body.periods.length > 1)
    side_by_side.push(...unitOfPeriods(column, body.periods));
  return periodCondition(column, body.relation, body.periods);
}

/** "5 kg" is 5000 where the column holds grams; what cannot be converted is refused. */
export function inUnitOf(
  column: Column,
  value: number,
  unit: string | undefined,
  words: string,
): number {
  if (unit === undefined) return value;
  return converted(value, unit, column.unit) ?? refuse({ kind: "other-unit", words, column });
}

/** "Houston" is a county, and may be a city as well: of a column of very many texts, not every one is known. */
function requireNoCity(county: Column, words: string, vocabulary: Vocabulary) {
  const is = (column: Column, ...areas: string[]) =>
    areas.some((area) => conceptsOf(column, vocabulary).has(area));
  if (!is(county, "county")) return;
  const unlisted = vocabulary.profile.columns.filter(
    (column) => column.type === "text" && column.values.length === 0 && column.distinct > 0,
  );
  const others = unlisted.filter((column) => is(column, "city", "county", "state"));
  if (others.length > 0) refuse({ kind: "ambiguous", words, columns: [county, ...others] });
}

/** All values must be of one column; the same text in two columns is an ambiguity. */
function columnOfValues(
  values: readonly (readonly ValueForm[])[],
  words: string,
  vocabulary: Vocabulary,
  side: "from" | "to" | undefined,
  said: boolean,
): Column {
  const sets = values.map((forms) => new Set(forms.map(({ column }) => column)));
  const columns = [...(sets[0] ?? [])].filter((column) => sets.every((set) => set.has(column)));
  if (columns.length === 0) refuse({ kind: "no-question" });
  // A column of few texts is more likely meant than a title that happens to be the same.
  const few = Math.min(...columns.map(({ distinct }) => distinct));
  const likely = columns.filter(({ distinct }) => distinct <= few * 4);
  const sided = likely.filter((column) => side && isSide(column, side, vocabulary));
  if (sided.length === 1) return sided[0]!;
  // "the budget of Avatar": a film, and a distributor that is called the same: not said which.
  const named = columns.filter((column) => conceptsOf(column, vocabulary).has("title"));
  if (named.length === 1 && !likely.includes(named[0]!) && columns.length === 2)
    refuse({ kind: "ambiguous", words, columns });
  if (columns.length === 1 && !said) requireNoCity(columns[0]!, words, vocabulary);
  if (likely.length > 1) refuse({ kind: "ambiguous", words, columns: likely });
  return likely[0]!;
}

const sides = {
  from: ["origin", "from", "von", "source", "departure", "sender"],
  to: ["destination", "to", "nach", "target", "arrival", "receiver"],
};

/** Of two columns with the same texts, "from" and "to" tell which is meant. */
function isSide(column: Column, side: "from" | "to", vocabulary: Vocabulary): boolean {
  const concepts = conceptsOf(column, vocabulary);
  const words = nameWords(column.bare).map((word) => word.toLowerCase());
  return sides[side].some((each) => concepts.has(each) || words.includes(each));
}

function requireFineDates(column: Column, periods: readonly Period[], words: string) {
  if (!column.is_year) return;
  const coarse = periods.every(
    (period) => period.kind === "span" && /year|decade/.test(period.unit),
  );
  if (!coarse) refuse({ kind: "coarse-dates", words, column });
}

function periodCondition(
  column: Column,
  relation: Extract<Condition, { kind: "period" }>["relation"],
  periods: readonly Period[],
): Condition {
  const [first, second] = periods;
  if (relation === "range") return rangeCondition(column, first!, second!);
  const recurring = periods.filter((period) => period.kind === "recurring");
  if (recurring.length === periods.length && periods.length > 1) {
    const values = recurring.flatMap((period) => period.values);
    const period = { kind: "recurring", unit: recurring[0]!.unit, values } as const;
    return { kind: "period", column, relation, period };
  }
  if (relation !== "in" && relation !== "not-in" && first!.kind === "recurring") {
    // "since March" without a year can mean any March.
    refuse({ kind: "no-question" });
  }
  const each = periods.map((period): Condition => ({ kind: "period", column, relation, period }));
  return each.length === 1 ? each[0]! : { kind: "any", of: each };
}

function rangeCondition(column: Column, first: Period, second: Period): Condition {
  if (first.kind === "span" && second.kind === "span") {
    return { kind: "period", column, relation: "range", period: first, until: second };
  }
  if (first.kind === "recurring" && second.kind === "recurring" && first.unit === second.unit) {
    const count = { month: 12, weekday: 7, quarter: 4 }[first.unit];
    const values: number[] = [];
    for (let at = first.values[0]!; ; at = (at % count) + 1) {
      values.push(at);
      if (at === second.values[0] || values.length >= count) break;
    }
    return { kind: "period", column, relation: "in", period: { ...first, values } };
  }
  // "from June to August 2013": the year of the end is that of the start.
  if (first.kind === "recurring" && second.kind === "span" && first.unit === "month") {
    const year = second.from.slice(0, 4);
    const from = `${year}-${String(first.values[0]).padStart(2, "0")}-01`;
    const start: Period = { kind: "span", from, to: from, unit: "month" };
    return { kind: "period", column, relation: "range", period: start, until: second };
  }
  return refuse({ kind: "no-question" });
}

function unitOfPeriods(column: Column, periods: readonly Period[]): Dimension[] {
  const [first] = periods;
  if (column.is_year) return [{ kind: "column", column }];
  if (first?.kind === "recurring")
    return [{ kind: "time", column, unit: first.unit, cyclic: true }];
  const unit = first?.unit ?? "year";
  if (unit === "half") return refuse({ kind: "no-question" });
  return [{ kind: "time", column, unit, cyclic: false }];
}

/** "for American, and for Japanese cars", "in 1900 with that in 2000": no row is both, so each is meant. */
function unite({ where, side_by_side }: Filters, periods: boolean): Condition[] {
  const united: Condition[] = [];
  for (const condition of where) {
    const apart = united.findIndex((other) => periods && areApart(other, condition));
    const earlier = united[apart];
    if (earlier?.kind === "period" && condition.kind === "period") {
      united[apart] = { kind: "any", of: [earlier, condition] };
      side_by_side.push(...unitOfPeriods(condition.column, [earlier.period, condition.period]));
      continue;
    }
    const at = united.findIndex(
      (other) =>
        condition.kind === "one-of" &&
        other.kind === "one-of" &&
        other.column === condition.column &&
        !condition.negated &&
        !other.negated,
    );
    const other = united[at];
    if (condition.kind !== "one-of" || other?.kind !== "one-of") {
      united.push(condition);
      continue;
    }
    united[at] = { ...other, values: [...new Set([...other.values, ...condition.values])] };
    side_by_side.push({ kind: "column", column: condition.column });
  }
  return united;
}

/** "worse than 1931": which of two it is, another part of the clause makes of them. */
const compares = ({ parts }: Clause) =>
  parts.some(({ body }) => /^(than|contrast|derive|previous|extent)$/.test(body.kind));

/** Two spans of one unit that no moment lies in both of. */
function areApart(a: Condition, b: Condition): boolean {
  if (a.kind !== "period" || b.kind !== "period" || a.column !== b.column) return false;
  if (a.relation !== "in" || b.relation !== "in") return false;
  const [first, second] = [a.period, b.period];
  if (first.kind !== "span" || second.kind !== "span" || first.unit !== second.unit) return false;
  return first.to <= second.from || second.to <= first.from;
}

/** The same condition said twice is one. */
function distinctOnes(where: readonly Condition[]): Condition[] {
  const seen = new Set<string>();
  return where.filter((condition) => {
    const key = describeCondition(condition);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A condition in signs, the same for every language: "Cylinders > 6". */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case "one-of": {
      const sign = condition.negated ? "≠" : "=";
      return `${condition.column.name} ${sign} ${condition.values.slice(0, 5).join(" | ")}`;
    }
    case "compare":
      return `${condition.column.name} ${condition.operator} ${condition.number}`;
    case "against":
      return `${condition.column.name} ${condition.operator} ${condition.other.name}`;
    case "between":
      return `${condition.column.name} ${condition.low} … ${condition.high}`;
    case "missing":
      return `${condition.column.name} ${condition.negated ? "≠" : "="} ∅`;
    case "text":
      return `${condition.column.name} ${condition.negated ? "≁" : "~"} ${condition.how} ${condition.text}`;
    case "any":
      return condition.of.map(describeCondition).join(" ∨ ");
    case "period":
      return `${condition.column.name} ${periodSigns(condition)}`;
  }
}

function periodSigns({ relation, period, until }: Extract<Condition, { kind: "period" }>): string {
  if (period.kind === "recurring") {
    return `${relation === "not-in" ? "≠" : "="} ${period.unit} ${period.values.join(" | ")}`;
  }
  const name = nameOfSpan(period);
  const last = until?.kind === "span" ? nameOfSpan(until) : "";
  const signs = {
    in: "=",
    "not-in": "≠",
    since: ">=",
    until: "<=",
    before: "<",
    after: ">",
    range: "",
  };
  return relation === "range" ? `${name} … ${last}` : `${signs[relation]} ${name}`;
}

export function nameOfSpan(period: Extract<Period, { kind: "span" }>): string {
  const { from, unit } = period;
  if (unit === "year") return from.slice(0, 4);
  if (unit === "half") return `${from.slice(0, 4)}-H${from.slice(5, 7) === "01" ? 1 : 2}`;
  if (unit === "decade") return `${from.slice(0, 4)}s`;
  if (unit === "month") return from.slice(0, 7);
  if (unit === "quarter") return `${from.slice(0, 4)}-Q${(Number(from.slice(5, 7)) + 2) / 3}`;
  return from;
}
