/** Shares, running totals, changes and ranks: what is made of the figures of all groups together. */
import type { Period } from "../language/dates.ts";
import type { Derivation } from "../language/lexicon.ts";
import { hasOtherSide } from "./columns.ts";
import type { Aggregation, Draft } from "./draft.ts";
import { changesBetween } from "./groups.ts";
import type { Condition, Dimension, Intent, Measure, Order } from "./intent.ts";
import { refuse } from "./problem.ts";
import { isTime } from "./time.ts";

type Kinds = readonly Derivation[];

/** "what rank has Japan": among all that the column of the value holds. */
export function rankedAmong({ clause, filters, dimensions, understood }: Draft) {
  if (dimensions.length > 0 || !clause.of("derive").some(({ body }) => body.how === "rank")) return;
  const named = filters.where.filter(({ kind }) => kind === "one-of");
  const [condition, other] = named;
  if (condition?.kind !== "one-of" || other) return;
  const dimension: Dimension = { kind: "column", column: condition.column };
  dimensions.push(dimension);
  understood.assumed("group", { dimension }, []);
}

/** What the clause asks to be made of its figures. */
export function derivationsOf({ clause, used }: Draft): Kinds {
  const kinds = new Set<Derivation>();
  for (const part of clause.of("derive")) {
    used.add(part);
    if (part.body.how === "change") for (const each of changes) kinds.add(each);
    else kinds.add(part.body.how);
  }
  if (changesBetween(clause) && kinds.size === 0) for (const each of changes) kinds.add(each);
  const [previous] = clause.of("previous");
  for (const part of clause.of("previous")) used.add(part);
  // "in percent compared to the previous year" is growth, and no share.
  if (previous && kinds.delete("share")) kinds.add("growth");
  // "compared to the previous year" without saying how: by how much, and by how many percent.
  if (previous && ![...kinds].some((kind) => changes.includes(kind)))
    for (const each of changes) kinds.add(each);
  const [order] = clause.of("order");
  if (order?.body.ranked) kinds.add("rank");
  return [...kinds];
}

const changes: Kinds = ["difference", "growth"];
const isChange = (kind: Derivation) => changes.includes(kind);

/** The intent with the figures that were asked for beside those that they are made of. */
export function derived(intent: Intent, draft: Draft): Intent {
  const kinds = derivationsOf(draft);
  if (kinds.length === 0) return intent;
  // Rows in the order of a figure are ranked already.
  if (intent.kind === "rows" && intent.order && kinds.join() === "rank") return intent;
  if (intent.kind !== "aggregate") return refuse({ kind: "no-question" });
  // "the share of industries in unemployment": which of the two is a column, is not there.
  if (kinds.includes("share") && draft.clause.of("rows").length > 1)
    return refuse({ kind: "no-question" });
  // "by how much has it gone up a year on average": the mean of the changes, or the change of the means?
  const apart_said = draft.clause
    .of("measure")
    .find(({ body }) => body.columns.length === 0 && body.aggregates.join() === "mean");
  if (apart_said && kinds.some(isChange))
    refuse({ kind: "unused-words", words: [apart_said.words] });
  const lonely = intent.dimensions.length === 0;
  if (lonely && kinds.some(isChange) && intent.measures.length > 1) return apart(intent, draft);
  if (lonely)
    return kinds.join() === "share" ? partOf(intent, draft) : refuse({ kind: "no-question" });
  if (kinds.some(isChange) && intent.measures.length > 1) return apart(intent, draft);
  // "the difference between maximum and minimum …": one end would be left out.
  if (kinds.some(isChange) && intent.picks.length === 0 && draft.clause.of("extreme").length > 0)
    return refuse({ kind: "no-question" });
  if (kinds.some(isChange) && isBetweenSides(intent, draft)) refuse({ kind: "no-question" });
  const steps = kinds.some((kind) => kind === "running" || isChange(kind));
  const timed = intent.dimensions.filter(isTime);
  if (steps && timed.length !== 1 && !areTwoSides(intent, kinds)) refuse({ kind: "no-question" });
  const wholes = intent.dimensions.length === 1 || timed.length === 1;
  if (kinds.includes("share") && !wholes) refuse({ kind: "no-question" });
  if (kinds.includes("running") && intent.measures.some(({ aggregate }) => !addsUp(aggregate)))
    refuse({ kind: "no-question" });
  if (kinds.includes("share") && intent.dimensions.length === 1 && isPartOfEach(intent))
    return partOf(intent, draft);
  if (kinds.includes("share") && intent.measures.some(({ aggregate }) => !addsUp(aggregate)))
    refuse({ kind: "no-question" });
  // The first of them is what was asked for; it decides what the best or the greatest is.
  const measures = [
    ...intent.measures,
    ...intent.measures.flatMap((measure) => kinds.map((over): Measure => ({ ...measure, over }))),
  ];
  const main = intent.measures.length;
  const ordered = intent.order?.by === "measure" && !kinds.includes("rank");
  const order: Order | undefined = ordered
    ? { ...intent.order!, index: main + intent.order!.index * kinds.length }
    : intent.order;
  const picks = intent.picks.map((pick) => ({
    ...pick,
    measure: main + pick.measure * kinds.length,
  }));
  return { ...intent, measures, picks, ...(order ? { order } : {}), ...kept(intent, kinds, draft) };
}

/**
 * "the month with the greatest difference of temperature": between its highs and its lows, which are
 * two columns, and not from one month to the next.
 */
function isBetweenSides({ measures }: Aggregation, { clause, vocabulary }: Draft): boolean {
  const ranked = clause.of("extreme").length > 0 && clause.of("previous").length === 0;
  const apart = clause
    .of("derive")
    .some(({ words }) => /unterschied|differenz|difference|gap/i.test(words));
  return (
    ranked && apart && measures.some(({ column }) => column && hasOtherSide(column, vocabulary))
  );
}

const addsUp = (aggregate: Measure["aggregate"]) => aggregate === "count" || aggregate === "sum";

/** "the difference between the highest and the lowest price": how far they are apart. */
function apart(intent: Aggregation, { clause }: Draft): Intent {
  const [first, second, third] = intent.measures;
  const ends = [first?.aggregate, second?.aggregate].sort().join();
  const same = first?.column !== undefined && first.column === second?.column;
  if (!same || third || ends !== "max,min" || clause.of("previous").length > 0)
    return refuse({ kind: "no-question" });
  const range: Measure = { aggregate: "range", column: first.column };
  return { ...intent, measures: [range] };
}

/** "the difference between America and Japan": one group less the other. */
function areTwoSides({ dimensions, where }: Aggregation, kinds: Kinds): boolean {
  const [dimension, other] = dimensions;
  return (
    kinds.every(isChange) &&
    other === undefined &&
    where.some(
      (condition) =>
        condition.kind === "one-of" &&
        condition.column === dimension?.column &&
        condition.values.length === 2,
    )
  );
}

/**
 * A condition on what is grouped by must not hide the others before shares and ranks are taken, nor
 * the period before when a change is.
 */
function kept({ where, dimensions }: Aggregation, kinds: Kinds, { clause }: Draft) {
  const change = kinds.some(isChange);
  const all = kinds.includes("share") || kinds.includes("rank");
  if (change && dimensions.some((d) => !isTime(d)) && dimensions.length === 1) return {};
  const later = where.filter((condition) => {
    if (!("column" in condition)) return false;
    const grouped = dimensions.some((dimension) => dimension.column === condition.column);
    if (!grouped) return false;
    if (condition.kind === "one-of") return all && !condition.negated;
    return condition.kind === "period" && change && condition.period.kind === "span";
  });
  const course = ["over-time", "group", "previous"] as const;
  const asked = course.some((kind) => clause.of(kind).length > 0);
  const ends = change
    ? twoEnds(
        later,
        dimensions,
        clause.of("over-time").length > 0 && !changesBetween(clause),
        asked,
      )
    : undefined;
  if (ends) {
    const rest = where.filter((each) => !later.includes(each));
    // Of each of several groups only the change is left, which stands beside the later period.
    const last = dimensions.length > 1 && ends.kind === "any" ? ends.of.slice(-1) : [];
    return { where: [...rest, ends], ...(last.length > 0 ? { keep: last } : {}) };
  }
  return later.length === 0
    ? {}
    : { where: where.filter((condition) => !later.includes(condition)), keep: later };
}

/** "from 2000 to 2010": the change between the two, rather than each step of the way. */
function twoEnds(
  [condition, other]: readonly Condition[],
  dimensions: readonly Dimension[],
  course: boolean,
  asked: boolean,
): Condition | undefined {
  if (condition?.kind !== "period" || course) return undefined;
  if (other) return bothOf(condition, other);
  const { relation, period, column } = condition;
  // "since 1880" without steps: up to the last year that there is.
  const since = relation === "since" && !asked && column.is_year;
  const until = since ? yearOf(Number(column.max)) : condition.until;
  if ((relation !== "range" && !since) || period.kind !== "span" || until?.kind !== "span")
    return undefined;
  const [time] = dimensions.filter(isTime);
  const unit = time?.kind === "time" ? time.unit : "year";
  if (period.unit !== unit || until.unit !== unit) return refuse({ kind: "no-question" });
  const ends = [period, until].map(
    (each): Condition => ({ kind: "period", column, relation: "in", period: each }),
  );
  return { kind: "any", of: ends };
}

/** "by how much is 2024 above 2020": the change from the one to the other, whichever is said first. */
function bothOf(one: PeriodCondition, other: Condition): Condition | undefined {
  if (other.kind !== "period" || other.column !== one.column) return undefined;
  if (one.relation !== "in" || other.relation !== "in") return undefined;
  if (one.period.kind !== "span" || other.period.kind !== "span") return undefined;
  const inOrder = one.period.from < other.period.from;
  return { kind: "any", of: inOrder ? [one, other] : [other, one] };
}

type PeriodCondition = Extract<Condition, { kind: "period" }>;

const yearOf = (year: number): Period => ({
  ...{ kind: "span", unit: "year" },
  ...{ from: `${year}-01-01`, to: `${year + 1}-01-01` },
});

/** "the share of paid orders per country": of each country's orders, those that are paid. */
function isPartOfEach({ where, dimensions }: Aggregation): boolean {
  return where.some((condition) => {
    if (!("column" in condition) || dimensions.some((d) => d.column === condition.column))
      return false;
    if (condition.kind === "missing" || condition.kind === "one-of") return !condition.negated;
    return condition.kind === "compare";
  });
}

/** "what percentage of the cars is from Japan": of all rows, those that meet the condition. */
function partOf(intent: Aggregation, draft: Draft): Intent {
  const { where, measures } = intent;
  const [said, second] = measures;
  if (!said || second) return refuse({ kind: "no-question" });
  const [part, whole] = split(where, draft);
  if (part.length === 0) return refuse({ kind: "no-question" });
  // Of figures that are missing nothing can be added up: the rows without them are the part.
  const gaps = part.some(
    ({ kind, ...rest }) => kind === "missing" && "column" in rest && rest.column === said.column,
  );
  const measure: Measure = gaps ? { aggregate: "count" } : said;
  if (!addsUp(measure.aggregate)) return refuse({ kind: "no-question" });
  const asked: Measure = { ...measure, part };
  const shares: Measure[] = [{ ...asked, over: "share" }, asked, measure];
  const order: Order = intent.order ?? { by: "dimension", index: 0, direction: "ascending" };
  return {
    ...intent,
    where: whole,
    measures: shares,
    ...(intent.dimensions.length > 0 ? { order } : {}),
  };
}

/**
 * What the part is and what the whole: a period belongs to the whole where there is something else
 * to be the part; of other conditions, those after the verb are the part.
 */
function split(where: readonly Condition[], { filters }: Draft): [Condition[], Condition[]] {
  const said = where.filter((condition) => !(condition.kind === "missing" && condition.negated));
  if (said.length === 1) return [[...said], where.filter((each) => !said.includes(each))];
  const periods = said.filter(({ kind }) => kind === "period");
  const others = said.filter(({ kind }) => kind !== "period");
  if (others.length === 1) return [others, where.filter((each) => !others.includes(each))];
  const among = others.some((condition) => filters.wholes.has(condition));
  const part = others.filter((condition) =>
    among ? !filters.wholes.has(condition) : filters.predicates.has(condition),
  );
  const decided = part.length > 0 && part.length < others.length;
  if (!decided || periods.some((each) => filters.predicates.has(each)))
    refuse({ kind: "no-question" });
  return [part, where.filter((each) => !part.includes(each))];
}
