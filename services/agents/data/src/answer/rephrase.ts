/**
 * What a question asks, put as a question again: for other readings, and for asking back. Nothing
 * leaves here that the parser does not read as exactly this intent.
 */
import type { Condition, Dimension, Intent, Measure } from "../intent/intent.ts";
import type { Language } from "../language/lexicon.ts";
import { parse } from "../language/parse.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { DataLimits } from "../limits.ts";
import type { Column } from "../read/profile.ts";
import { columnLabel } from "./column-label.ts";
import { spanName } from "./wording.ts";
import { type Words, wordsOf } from "./words.ts";

/** How columns are called, the most natural way first: not every way leads back to the column. */
const namings: readonly ((column: Column, language: Language) => string)[] = [
  columnLabel,
  ({ bare }) => bare,
  ({ name }) => `"${name}"`,
];

export function rephrase(
  intent: Intent,
  language: Language,
  vocabulary: Vocabulary,
  limits: DataLimits,
): string | undefined {
  const wanted = fingerprint([intent]);
  for (const naming of namings) {
    const question = questionOf(intent, wordsOf(language), (column) => naming(column, language));
    if (question === undefined) return undefined;
    const parsed = parse(question, vocabulary, limits);
    if (parsed.ok && fingerprint(parsed.intents) === wanted) return question;
  }
  return undefined;
}

/** The same text for the same query; columns are compared by name. */
export function fingerprint(intents: readonly Intent[]): string {
  return JSON.stringify(intents, (_, value: unknown) =>
    typeof value === "object" && value !== null && "bare" in value && "name" in value
      ? value.name
      : value,
  );
}

type Call = (column: Column) => string;

function questionOf(intent: Intent, words: Words, call: Call): string | undefined {
  if (intent.kind === "describe") return words.questions.describe;
  if (intent.kind === "relation" || intent.kind === "quality") return undefined;
  if (intent.nth !== undefined) return undefined;
  const where = intent.where.filter((condition) => !goesWithoutSaying(condition));
  const conditions = where.map((condition) => conditionOf(condition, words, call));
  if (conditions.includes(undefined)) return undefined;
  const asked =
    intent.kind === "rows" ? rowsOf(intent, words, call) : figuresOf(intent, words, call);
  if (asked === undefined) return undefined;
  const question = [asked, ...conditions].join(" ");
  return question.charAt(0).toUpperCase() + question.slice(1);
}

/** Rows without a value are left out of rankings and charts by themselves. */
const goesWithoutSaying = (condition: Condition) =>
  condition.kind === "missing" && condition.negated;

type Aggregation = Extract<Intent, { kind: "aggregate" }>;

function figuresOf(intent: Aggregation, { ask, list }: Words, call: Call): string | undefined {
  const { measures, dimensions, picks, limit, order } = intent;
  const asked = measures.map((measure) => figureOf(measure, ask, call));
  const groups = dimensions.map((dimension) => groupOf(dimension, ask, call));
  const figures = asked.filter((figure) => figure !== undefined);
  if (figures.length < asked.length) return undefined;
  const [figure] = figures;
  const [group] = groups;
  if (picks.length + (limit ?? 0) > 0 && (measures.length > 1 || dimensions.length > 1))
    return undefined;
  if (picks[0]) return ask.which(picks[0].direction, group!, figure!);
  if (limit !== undefined) {
    return ask.top(order?.direction === "ascending" ? "min" : "max", limit, group!, figure!);
  }
  const courses = dimensions.some((d) => d.kind === "time" && !d.cyclic && d.unit !== "year");
  const by = groups.map((name) => ask.per(name)).join(" ");
  return [list(figures), by, courses ? ask.overTime : ""].filter(Boolean).join(" ");
}

function figureOf(measure: Measure, ask: Words["ask"], call: Call): string | undefined {
  const { aggregate, column, unit, over, level, by } = measure;
  return unit || by || over || level !== undefined
    ? undefined
    : ask.figure(aggregate, column && call(column));
}

const groupOf = (dimension: Dimension, ask: Words["ask"], call: Call): string =>
  dimension.kind === "time" ? ask.unit(dimension.unit) : call(dimension.column);

function rowsOf(intent: Extract<Intent, { kind: "rows" }>, { ask, list }: Words, call: Call) {
  const { columns, purpose, order, limit } = intent;
  if (purpose === "list" && limit === undefined)
    return columns.length > 4 ? ask.rows : ask.list(list(columns.map(call)));
  if (purpose !== "rank" || !order) return undefined;
  const direction = order.direction === "ascending" ? "min" : "max";
  const [label] = columns;
  const ranked = call(columns[order.index]!);
  if (limit !== undefined) return ask.top(direction, limit, call(label!), ranked);
  return ask.which(direction, call(label!), ranked);
}

function conditionOf(condition: Condition, words: Words, call: Call): string | undefined {
  const { ask, or } = words;
  if (condition.kind === "any") return undefined;
  const column = call(condition.column);
  switch (condition.kind) {
    case "one-of":
      return ask.equal(column, or(condition.values.map(quoted)), condition.negated);
    case "compare":
      return ask.compare(column, condition.operator, number(condition.number, words));
    case "between":
      return ask.between(column, number(condition.low, words), number(condition.high, words));
    case "missing":
      return ask.missing(column);
    case "text":
    case "against":
      return undefined;
    case "period": {
      const { relation, period, until } = condition;
      if (relation === "range") {
        return (
          until && ask.during("in", ask.range(spanName(period, words), spanName(until, words)))
        );
      }
      return ask.during(relation, spanName(period, words));
    }
  }
}

const quoted = (text: string) => `"${text}"`;

/** As the language writes decimals, without marks between thousands. */
const number = (value: number, { language }: Words) =>
  language === "de" ? String(value).replace(".", ",") : String(value);
