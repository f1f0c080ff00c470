/** Which rows and groups phrases are about: right-hand sides of the grammar. Pure. */
import type { Relation } from "../intent/intent.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import {
  additive,
  aggregates,
  all,
  type Bound,
  choices,
  firstChoice,
  narrowed,
  number,
  one,
  operator,
  unitSaid,
} from "./bound.ts";
import type { Period } from "./dates.ts";
import type { TimeUnit } from "./lexicon.ts";
import type { Body, ColumnChoice } from "./parts.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** "titles that start with The". */
export function textOf(bound: Bound): Body | undefined {
  const column = choices(bound)[0];
  const matches = column?.matches.filter((match) => match.column.type === "text");
  const text = one(bound, "said")!.arg;
  if (matches?.length === 0 || text === "") return undefined;
  const how = (one(bound, "text")?.arg ?? "contains") as "contains";
  const base = { kind: "text", how, text, negated: one(bound, "not") !== undefined } as const;
  return column && matches ? { ...base, column: { ...column, matches } } : base;
}

/** "Fords": the cars whose name begins so. */
export function familyRows(bound: Bound): Body {
  const { arg, columns = [] } = one(bound, "family")!;
  const column = { matches: columns, words: arg, matched_by: "part of value" };
  return { kind: "text", how: "starts", text: arg, negated: false, column };
}

/** "with more than 50 cars", "a mean weight above 3000": said of groups, not of rows. */
export function havingOf(bound: Bound): Body | undefined {
  const [aggregate = "count"] = aggregates(bound);
  const said = choices(bound)[0];
  const column = said && narrowed(said);
  if ((said && !column) || (aggregate === "count") === (column !== undefined)) return undefined;
  if (isSinceYear(bound)) return undefined;
  return {
    ...{ kind: "having", aggregate, operator: operator(bound), number: number(bound) },
    ...(column ? { column } : {}),
    ...unitSaid(bound),
  };
}

/** „ab 2023“ is a date relation as well as "at least"; before a year it is that. */
const isSinceYear = (bound: Bound) => /^[<>]=$/.test(operator(bound)) && isYearHere(bound);

/** The number can be a year, and the table has years. */
function isYearHere(bound: Bound): boolean {
  const year = number(bound);
  const dated = bound.vocabulary.profile.columns.some(
    ({ type, is_year }) => is_year || type === "date" || type === "time",
  );
  return dated && Number.isInteger(year) && year >= 1800 && year <= 2100;
}

/** The years that a column of dates or years covers. */
function coversYear({ type, is_year, min, max }: Column, year: number): boolean {
  if (!is_year && type !== "date" && type !== "time") return false;
  const [first, last] = [min, max].map((end) =>
    is_year ? Number(end) : new Date(String(end)).getUTCFullYear(),
  );
  return year >= first! && year <= last!;
}

/** "precipitation over 2012": a year that the table has, and no amount of rain. */
function isPeriodHere(bound: Bound, column?: ColumnChoice): boolean {
  const year = number(bound);
  if (!isYearHere(bound) || one(bound, "symbol")) return false;
  if (!bound.vocabulary.profile.columns.some((each) => coversYear(each, year))) return false;
  const compared = column?.matches.map((match) => match.column) ?? [];
  if (compared.some(({ is_year }) => is_year)) return false;
  const compare = one(bound, "compare");
  const spans = compare !== undefined && /^(over|über)$/i.test(bound.words(compare));
  const reached = compared.some(({ min, max }) => year >= Number(min) && year <= Number(max));
  return spans || !reached;
}

export function compareOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  if (column && isPeriodHere(bound, column)) return undefined;
  if (!one(bound, "symbol") && isSinceYear(bound)) return undefined;
  // "people under 20": of that age, and not so few of them.
  if (column && isAgeOf(column, number(bound), bound.vocabulary)) return undefined;
  // "over 80 in the year …": no year is 80.
  if (column?.matches.some((match) => match.column.is_year) && number(bound) < 1000)
    return undefined;
  return (
    column && {
      ...{ kind: "compare", column, operator: operator(bound), number: number(bound) },
      ...unitSaid(bound),
    }
  );
}

/** "temp_min above wind": of one row; a word for both sides of one thing names no two columns. */
export function againstOf(bound: Bound): Body | undefined {
  const [column, other] = choices(bound).map((choice) => narrowed(choice));
  if (!column || !other || one(bound, "compare")!.arg === "=") return undefined;
  const named = (choice: ColumnChoice) => choice.matches.map((match) => match.column);
  if (named(column).some((each) => named(other).includes(each))) return undefined;
  // "the trend of consumption over weight" compares nothing, and neither do figures that never meet.
  const along = /^(over|under|über|unter)$/i.test(bound.words(one(bound, "compare")!));
  if (along && !one(bound, "be")) return undefined;
  if (!named(column).some((each) => named(other).some((second) => meet(each, second))))
    return undefined;
  return { kind: "against", column, operator: operator(bound), other };
}

const meet = (a: Column, b: Column) =>
  Number(a.min) <= Number(b.max) && Number(b.min) <= Number(a.max);

export const oldest = 120;

/** A small number said of a number of people, in a table that has their age. */
export const isAgeOf = ({ matches }: ColumnChoice, said: number, { forms }: Vocabulary) =>
  said <= oldest &&
  forms.some(({ concepts }) => concepts.has("age")) &&
  matches.every(({ column }) =>
    forms.some(
      (form) =>
        form.column === column && (form.concepts.has("people") || form.concepts.has("population")),
    ),
  );

/** "over 0.5": of what, stands elsewhere in the clause. */
export function looseOf(bound: Bound): Body | undefined {
  const compare = one(bound, "compare")!;
  if (isPeriodHere(bound) || isSinceYear(bound) || compare.arg === "=") return undefined;
  return {
    ...{ kind: "compare", column: [], operator: operator(bound), number: number(bound) },
    ...unitSaid(bound),
    loose: true,
  };
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

export function unitCompareOf(bound: Bound): Body | undefined {
  const symbol = one(bound, "symbol")!.arg;
  const matches = bound.vocabulary.profile.columns
    .filter(({ unit }) => unit === symbol)
    .map((column) => ({ column, coverage: 1, covered: 1 }));
  const words = bound.words(one(bound, "symbol")!);
  const column =
    matches.length > 0 ? { matches, words, matched_by: "unit" } : symbolConcepts[symbol];
  return (
    column && {
      ...{ kind: "compare", column, operator: operator(bound), number: number(bound) },
      ...unitSaid(bound),
    }
  );
}

/** "speed in knots": the unit that the column has. */
export function inItsUnit(bound: Bound): Body | undefined {
  const column = firstChoice(bound);
  const unit = one(bound, "symbol")!.arg;
  const matches = column.matches.filter((match) => match.column.unit === unit);
  return matches.length > 0 ? { kind: "mention", columns: [{ ...column, matches }] } : undefined;
}

/** The column of ages, spoken of by years rather than by its name. */
function ageColumn(bound: Bound): ColumnChoice | undefined {
  const matches = bound.vocabulary.forms
    .filter(({ concepts, column }) => concepts.has("age") && isNumeric(column.type))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  const words = bound.words(one(bound, "unit") ?? one(bound, "aged") ?? bound.terms[0]!);
  return matches.length === 0 ? undefined : { matches, words, matched_by: "unit" };
}

/** "over 60 years old" is an age, and so is "aged 30". */
export function ageCompareOf(bound: Bound): Body | undefined {
  const column = ageColumn(bound);
  const said = one(bound, "compare") ? operator(bound) : "=";
  return column && { kind: "compare", column, operator: said, number: number(bound) };
}

/** "65 or older" is an age, whatever else is spoken of. */
export const isAgeSaid = (bound: Bound) =>
  /(older|younger|älter|jünger)$/i.test(bound.words(one(bound, "compared")!));

export function ageComparedOf(bound: Bound): Body | undefined {
  const column = ageColumn(bound);
  return column && { kind: "compare", column, operator: operator(bound), number: number(bound) };
}

const people =
  /^(people|persons|those|everyone|everybody|respondents|participants|customers|patients|victims|individuals|leute|personen|menschen|befragten?|diejenigen|denen|teilnehmer\p{L}*|patienten|kunden|opfer)$/iu;

/** "people over 60": of that age, where people have one. */
export function peopleAgedOf(bound: Bound): Body | undefined {
  const old = number(bound) <= oldest && people.test(bound.words(bound.terms[0]!));
  return old ? ageCompareOf(bound) : undefined;
}

/** "aged 20 to 30", „zwischen 20 und 30 Jahre alt“. */
export function ageBetweenOf(bound: Bound): Body | undefined {
  const column = ageColumn(bound);
  const [low, high] = [number(bound, 0), number(bound, 1)];
  return column && low <= high ? { kind: "between", column, low, high } : undefined;
}

/** "negative", "zero": against nothing. */
export function signedOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  const operator = one(bound, "signed")!.arg as "<" | ">" | "=";
  return column && { kind: "compare", column, operator, number: 0 };
}

/** "a score of 0"; "of" alone, since "rain in 2013" is no amount of 2013. */
export function scoredOf(bound: Bound): Body | undefined {
  const exact = /^(of|von)$/i.test(bound.words(one(bound, "of")!));
  return exact && !isYearHere(bound) ? equalOf(bound) : undefined;
}

/**
 * "no hurricanes": of a number, none are zero, and where there is no zero, they are missing. Of an
 * amount that has both, either may be meant; a level that is missing was not given.
 */
export function noneOf(bound: Bound): Body | undefined {
  const said = firstChoice(bound);
  const counts = said.matches.every(({ column }) => isNumeric(column.type) && !column.is_year);
  if (!counts) return { kind: "missing", column: said, negated: false };
  const least = said.matches.every(({ column }) => Number(column.min) <= 0);
  const gaps = said.matches.some(({ column }) => column.missing > 0);
  if (!least) return gaps ? { kind: "missing", column: said, negated: false } : undefined;
  if (!gaps) return { kind: "compare", column: said, operator: "=", number: 0 };
  return additive(said, bound.vocabulary)
    ? undefined
    : { kind: "missing", column: said, negated: false };
}

/** "4 cylinders": equal, unless a comparison before it is meant for it as well. */
export function bareNumber(bound: Bound): Body | undefined {
  const body = equalOf(bound);
  return body?.kind === "compare" ? { ...body, bare: true } : undefined;
}

/** The number is one that the column can have. */
export const isReached = (bound: Bound): boolean =>
  (narrowed(firstChoice(bound))?.matches ?? []).some(
    ({ column }) => number(bound) >= Number(column.min) && number(bound) <= Number(column.max),
  );

export function equalOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  if (!column || column.matches.some((match) => match.column.is_year)) return undefined;
  // "people were in 1950 …": a year, and no number of people.
  if ((one(bound, "be") ?? one(bound, "have")) && isYearHere(bound)) return undefined;
  // "hat es 2013 geregnet": no amount that there is.
  const reached = column.matches.some(
    (match) =>
      number(bound) >= Number(match.column.min) && number(bound) <= Number(match.column.max),
  );
  if (isYearHere(bound) && !reached) return undefined;
  return { kind: "compare", column, operator: "=", number: number(bound) };
}

/** "a score of 9 or 10". */
export function eitherOf(bound: Bound): Body | undefined {
  const body = isReached(bound) ? equalOf(bound) : undefined;
  return body?.kind === "compare" ? { ...body, or: number(bound, 1) } : undefined;
}

export function comparativeOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "comparative")!;
  // "warmer than 2014" compares with that year.
  if (isPeriodHere(bound)) return undefined;
  const more = quality!.direction === "max";
  return {
    kind: "compare",
    column: quality!.concepts,
    operator: more ? ">" : "<",
    number: number(bound),
    direction: quality!.direction,
    ...unitSaid(bound),
  };
}

export function betweenOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  const [low, high] = [number(bound, 0), number(bound, 1)];
  if (!column || low > high) return undefined;
  return { kind: "between", column, low, high, ...unitSaid(bound) };
}

export const temporal = ({ matches }: ColumnChoice) =>
  matches.some(({ column }) => column.type === "date" || column.type === "time" || column.is_year);

/** "the first quarter of 2024 and 2025": the same part of the other year, and not all of it. */
function likeTheFirst(period: Period, at: number, [first]: readonly Period[]): Period {
  if (at === 0 || first?.kind !== "span" || period.kind !== "span" || period.unit !== "year")
    return period;
  if (!/^(month|quarter|half)$/.test(first.unit)) return period;
  const [then, now] = [first, period].map(({ from }) => Number(from.slice(0, 4)));
  const moved = (day: string) => `${Number(day.slice(0, 4)) + now! - then!}${day.slice(4)}`;
  return { ...first, from: moved(first.from), to: moved(first.to) };
}

export const periodOf =
  (relation: Relation) =>
  (bound: Bound): Body | undefined => {
    const said = choices(bound)[0];
    if (said && !temporal(said)) return undefined;
    return {
      kind: "period",
      relation,
      periods: all(bound, "period")
        .map((term) => term.period!)
        .map(likeTheFirst),
      together: bound.joined !== "and",
      ...(said ? { column: said } : {}),
    };
  };

/** "from 2010 to 2020"; „von 2024 auf 2025“ asks for the change as well. "1931 and 1932" are two years. */
export function rangeOf(bound: Bound): Body | undefined {
  const between = bound.words(one(bound, "to")!).toLowerCase();
  if (/^(and|und)$/.test(between)) return undefined;
  const body = periodOf("range")(bound);
  return body?.kind === "period" && between === "auf" ? { ...body, change: true } : body;
}

/** "per month of the release date". */
export function unitOfTime(bound: Bound): Body | undefined {
  const [unit, column] = [one(bound, "unit")!, firstChoice(bound)];
  if (!temporal(column)) return undefined;
  const words = bound.words(unit);
  return { kind: "group", by: [{ unit: unit.arg as TimeUnit, column, words }] };
}

export const valuesOf =
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
    const body = { kind: "values", values, negated, together, ...sideOf(bound) } as const;
    return { ...body, ...(said ? { column: said } : {}) };
  };

/** "from LAX", „ab SFO“, "to JFK"; "among teachers". */
function sideOf(bound: Bound): { side?: "from" | "to"; whole?: boolean } {
  if (one(bound, "towards")) return { side: "to" };
  const from = one(bound, "from");
  const word = from ? bound.words(from).toLowerCase() : "";
  if (/^(from|ab|von|aus|coming from|out of)$/.test(word)) return { side: "from" };
  return /^(among|amongst|out of all|unter|von) ?/.test(word) && word !== "von"
    ? { whole: true }
    : {};
}

/** "horror movies versus comedies": side by side, where both are of one column. */
export function besideOf(bound: Bound): Body | undefined {
  const body = valuesOf(false)(bound);
  if (body?.kind !== "values") return undefined;
  const [one, other] = body.values;
  const shared = one?.filter(({ column }) => other?.some((form) => form.column === column));
  if (!shared || shared.length === 0) return undefined;
  const column = shared[0]!.column;
  const values = body.values.map((forms) => forms.filter((form) => form.column === column));
  return { ...body, values, together: false };
}

/** "Japanese cars": the rows with the value; `asked`: "which Japanese cars". */
export function theseRows(bound: Bound, asked: boolean): Body | undefined {
  const body = valuesOf(false)(bound);
  return body?.kind === "values" ? { ...body, of: asked ? "asked-rows" : "rows" } : undefined;
}
