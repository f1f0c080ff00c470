/** Dates and periods in words and digits. Pure; knows nothing of today, because a table does not. */
import type { Phrases } from "./phrases.ts";
import type { Token } from "./tokens.ts";

/** A stretch of time, or days that come again: every March, every Sunday. */
export type Period =
  | {
      readonly kind: "span";
      /** First day, YYYY-MM-DD. */
      readonly from: string;
      /** First day after it. */
      readonly to: string;
      readonly unit: "day" | "month" | "quarter" | "half" | "year" | "decade";
    }
  | {
      readonly kind: "recurring";
      readonly unit: "month" | "weekday" | "quarter";
      /** Months and quarters from 1, weekdays from 1 for Sunday. */
      readonly values: readonly number[];
    };

export interface FoundPeriod {
  readonly period: Period;
  /** Index after its last token. */
  readonly end: number;
}

const seasons: Readonly<Record<string, readonly number[]>> = {
  spring: [3, 4, 5],
  summer: [6, 7, 8],
  autumn: [9, 10, 11],
  winter: [12, 1, 2],
  frühling: [3, 4, 5],
  frühjahr: [3, 4, 5],
  sommer: [6, 7, 8],
  herbst: [9, 10, 11],
};
const weekends = new Set(["weekend", "weekends", "wochenende", "wochenenden"]);
const ordinals: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  erste: 1,
  ersten: 1,
  erstes: 1,
  zweite: 2,
  zweiten: 2,
  zweites: 2,
  dritte: 3,
  dritten: 3,
  drittes: 3,
  vierte: 4,
  vierten: 4,
  viertes: 4,
};

/** Every period that begins at a token, longest first. */
export function periodsAt(tokens: readonly Token[], at: number, phrases: Phrases): FoundPeriod[] {
  const found = [
    dayAt(tokens, at, phrases),
    monthAt(tokens, at, phrases),
    quarterAt(tokens, at),
    halfAt(tokens, at),
    decadeAt(tokens, at),
    seasonAt(tokens, at),
    weekdayAt(tokens, at, phrases),
    yearAt(tokens, at),
  ].filter((period) => period !== undefined);
  return found.sort((a, b) => b.end - a.end);
}

export const yearPeriod = (year: number): Period => span(year, 1, 12, "year");

function span(
  year: number,
  month: number,
  months: number,
  unit: "month" | "quarter" | "half" | "year" | "decade",
): Period {
  const from = iso(new Date(Date.UTC(year, month - 1, 1)));
  return { kind: "span", from, to: iso(new Date(Date.UTC(year, month - 1 + months, 1))), unit };
}

function day(year: number, month: number, date: number): Period | undefined {
  const from = new Date(Date.UTC(year, month - 1, date));
  if (from.getUTCMonth() !== month - 1) return undefined;
  const to = iso(new Date(Date.UTC(year, month - 1, date + 1)));
  return { kind: "span", from: iso(from), to, unit: "day" };
}

const iso = (date: Date) => date.toISOString().slice(0, 10);

/** A year is written with four digits and nothing else. */
function yearOf(token: Token | undefined): number | undefined {
  if (token?.kind !== "number" || !/^[12]\d{3}$/.test(token.text)) return undefined;
  return token.value;
}

function yearAt(tokens: readonly Token[], at: number): FoundPeriod | undefined {
  // "im Jahr 2014", "the year 2014"
  const named = /^(year|jahr|jahre|jahres)$/.test(tokens[at]!.folded) ? 1 : 0;
  const year = yearOf(tokens[at + named]);
  if (year === undefined) return undefined;
  return { period: span(year, 1, 12, "year"), end: at + named + 1 };
}

function dayAt(tokens: readonly Token[], at: number, phrases: Phrases): FoundPeriod | undefined {
  const { months } = phrases;
  const token = tokens[at]!;
  if (token.kind === "date") {
    const [year = 0, month = 0, date = 0] = token.day!.split("-").map(Number);
    const period = day(year, month, date);
    return period && { period, end: at + 1 };
  }
  // "5. März 2013", "5 March 2013", "March 5, 2013", "5th of March 2013"
  const skip = (index: number) => {
    let next = index;
    while (/^([.,]|of|th|st|nd|rd)$/.test(tokens[next]?.folded ?? "")) next++;
    return next;
  };
  const second = skip(at + 1);
  const third = skip(second + 1);
  const year = yearOf(tokens[third]);
  const [monthToken, dateToken] =
    token.kind === "number" ? [tokens[second], token] : [token, tokens[second]];
  const month = months.get(monthToken?.folded ?? "");
  const date = dateToken?.kind === "number" ? dateToken.value! : 0;
  if (date < 1 || date > 31 || !Number.isInteger(date)) return undefined;
  if (month === undefined || year === undefined) {
    // "29 April to 3 May 1992", "3 to 5 May 1992": what the first leaves out, the second says.
    const end = month === undefined ? at + 1 : second + 1;
    const last = token.kind === "number" || month !== undefined ? endOf(tokens, end, phrases) : "";
    return last ? firstOf(last, month, date, end) : undefined;
  }
  const period = day(year, month, date);
  return period && { period, end: third + 1 };
}

/** The last day of a range whose first ends here, YYYY-MM-DD. */
function endOf(tokens: readonly Token[], at: number, phrases: Phrases): string | undefined {
  let next = at;
  if (/^([.]|th|st|nd|rd)$/.test(tokens[next]?.folded ?? "")) next++;
  if (!/^(bis|to|until|till|through|and|und|-|–)$/.test(tokens[next]?.folded ?? ""))
    return undefined;
  next++;
  while (/^(zum|dem|den|the|einschliesslich)$/.test(tokens[next]?.folded ?? "")) next++;
  if (next >= tokens.length) return undefined;
  const last = dayAt(tokens, next, phrases)?.period;
  return last?.kind === "span" ? last.from : undefined;
}

/** A day without its year, or without both month and year, before the day that it leads to. */
function firstOf(
  last: string,
  month: number | undefined,
  date: number,
  end: number,
): FoundPeriod | undefined {
  const [year = 0, lastMonth = 0] = last.split("-").map(Number);
  const same = day(year, month ?? lastMonth, date);
  const first =
    same?.kind === "span" && same.from > last && month ? day(year - 1, month, date) : same;
  return first?.kind === "span" && first.from <= last ? { period: first, end } : undefined;
}

function monthAt(
  tokens: readonly Token[],
  at: number,
  { months, language }: Phrases,
): FoundPeriod | undefined {
  const token = tokens[at]!;
  const month = months.get(token.folded);
  if (month === undefined || token.kind !== "word") return undefined;
  // "may" is a verb, "May" a month; "march" goes.
  if (language === "en" && /^[a-z]/.test(token.text) && ["may", "march"].includes(token.folded))
    return undefined;
  const next = ["of", "des", "jahres", "im", "jahr", ","].includes(tokens[at + 1]?.folded ?? "")
    ? at + 2
    : at + 1;
  for (const index of [at + 1, next, next + 1, next + 2]) {
    const year = yearOf(tokens[index]);
    const between = tokens
      .slice(at + 1, index)
      .every(({ folded }) => /^(of|the|year|des|jahres|im|jahr|,)$/.test(folded));
    if (year !== undefined && between)
      return { period: span(year, month, 1, "month"), end: index + 1 };
  }
  return { period: { kind: "recurring", unit: "month", values: [month] }, end: at + 1 };
}

function quarterAt(tokens: readonly Token[], at: number): FoundPeriod | undefined {
  const token = tokens[at]!;
  const named = /^q([1-4])$/.exec(token.folded);
  let quarter = named ? Number(named[1]) : undefined;
  let end = at + 1;
  if (quarter === undefined) {
    quarter = token.kind === "number" ? token.value : ordinals[token.folded];
    while (/^([.]|st|nd|rd|th)$/.test(tokens[end]?.folded ?? "")) end++;
    if (!/^(quarter|quartal|quartals)$/.test(tokens[end]?.folded ?? "")) return undefined;
    end++;
  }
  if (quarter === undefined || ![1, 2, 3, 4].includes(quarter)) return undefined;
  const next = /^(of|des|jahres|von|in|im)$/.test(tokens[end]?.folded ?? "") ? end + 1 : end;
  const year = yearOf(tokens[next]);
  if (year !== undefined)
    return { period: span(year, quarter * 3 - 2, 3, "quarter"), end: next + 1 };
  return { period: { kind: "recurring", unit: "quarter", values: [quarter] }, end };
}

/** "im ersten Halbjahr 2025", "the second half of 2013", "H1 2020". */
function halfAt(tokens: readonly Token[], at: number): FoundPeriod | undefined {
  const token = tokens[at]!;
  const named = /^h([12])$/.exec(token.folded);
  const half = named ? Number(named[1]) : (token.value ?? ordinals[token.folded]);
  let end = at + 1;
  if (!named) {
    while (/^([.]|st|nd)$/.test(tokens[end]?.folded ?? "")) end++;
    if (!/^(halbjahr|halbjahres|half|jahreshälfte|hälfte)$/.test(tokens[end]?.folded ?? ""))
      return undefined;
    end++;
  }
  while (/^(of|the|year|des|jahres|von|in|im)$/.test(tokens[end]?.folded ?? "")) end++;
  const year = yearOf(tokens[end]);
  if ((half !== 1 && half !== 2) || year === undefined) return undefined;
  return { period: span(year, half * 6 - 5, 6, "half"), end: end + 1 };
}

function decadeAt(tokens: readonly Token[], at: number): FoundPeriod | undefined {
  const token = tokens[at]!;
  const ending = tokens[at + 1];
  if (token.kind !== "number" || token.value! % 10 !== 0) return undefined;
  const joined = ending?.at === token.at + token.text.length;
  if (!joined || !/^(s|er|ern)$/.test(ending.folded)) return undefined;
  const start = token.value! < 100 ? 1900 + token.value! : token.value!;
  if (start < 1000 || start > 2990) return undefined;
  const end = /^(jahre|jahren)$/.test(tokens[at + 2]?.folded ?? "") ? at + 3 : at + 2;
  return { period: span(start, 1, 120, "decade"), end };
}

function seasonAt(tokens: readonly Token[], at: number): FoundPeriod | undefined {
  const values = seasons[tokens[at]!.folded];
  return values && { period: { kind: "recurring", unit: "month", values }, end: at + 1 };
}

function weekdayAt(
  tokens: readonly Token[],
  at: number,
  { weekdays }: Phrases,
): FoundPeriod | undefined {
  const word = tokens[at]!.folded;
  if (tokens[at]!.kind !== "word" || word.length < 5) return undefined;
  if (weekends.has(word))
    return { period: { kind: "recurring", unit: "weekday", values: [7, 1] }, end: at + 1 };
  const number = weekdays.get(word) ?? weekdays.get(word.replace(/(s|en|e)$/, ""));
  return number === undefined
    ? undefined
    : { period: { kind: "recurring", unit: "weekday", values: [number] }, end: at + 1 };
}
