/**
 * Dates and moments as people write them in tables, in German and English. Texts of one column may
 * mix ways of writing as long as each says its day and month beyond doubt. Pure.
 */
import { identifier, literal } from "../intent/quote.ts";
import { type Candidate, type Reading, share_min, shareOf } from "./values.ts";
import type { Warning } from "./warning.ts";

interface Way {
  /** Over the text with months as English three-letter words and without commas. */
  readonly pattern: RegExp;
  /** As DuckDB's strptime takes it. */
  readonly format: string;
  readonly timed: boolean;
}

const clocks: readonly (readonly [pattern: string, format: string])[] = [
  ["", ""],
  ["[ T]\\d{1,2}:\\d{2}", " %H:%M"],
  ["[ T]\\d{1,2}:\\d{2}:\\d{2}(\\.\\d+)?", " %H:%M:%S"],
  ["[ T]\\d{1,2}:\\d{2} ?[AaPp][Mm]", " %I:%M %p"],
  ["[ T]\\d{1,2}:\\d{2}:\\d{2} ?[AaPp][Mm]", " %I:%M:%S %p"],
];

const day = "(0?[1-9]|[12]\\d|3[01])";
const month = "(0?[1-9]|1[0-2])";
const year = "[12]\\d{3}";
const named = "[A-Z][a-z]{2}";

function waysOf(date: string, format: string): Way[] {
  return clocks.map(([clock, time]) => ({
    pattern: new RegExp(`^${date}${clock}$`),
    format: format + time,
    timed: clock !== "",
  }));
}

const certain: readonly Way[] = [
  ...waysOf(`${year}-${month}-${day}`, "%Y-%m-%d"),
  ...waysOf(`${day}\\.${month}\\.${year}`, "%d.%m.%Y"),
  ...waysOf(`${day}\\.${month}\\.\\d{2}`, "%d.%m.%y"),
  ...waysOf(`${year}/${month}/${day}`, "%Y/%m/%d"),
  ...waysOf(`${named} ${day} ${year}`, "%b %d %Y"),
  ...waysOf(`${day} ${named} ${year}`, "%d %b %Y"),
  ...waysOf(`${day}-${named}-${year}`, "%d-%b-%Y"),
  ...waysOf(`${day}-${named}-\\d{2}`, "%d-%b-%y"),
];
/** Only a month: not mixed with days, whose first of the month would look the same. */
const monthly: readonly Way[] = (
  [
    [`${year}-${month}`, "%Y-%m"],
    [`${named} ${year}`, "%b %Y"],
    [`${month}/${year}`, "%m/%Y"],
  ] as const
).map(([date, format]) => ({ pattern: new RegExp(`^${date}$`), format, timed: false }));
/** "03/04/2024": which is the day, the other rows or the rest of the file must say. */
const dayFirst = [
  ...waysOf(`${day}/${month}/${year}`, "%d/%m/%Y"),
  ...waysOf(`${day}/${month}/\\d{2}`, "%d/%m/%y"),
  ...waysOf(`${day}-${month}-${year}`, "%d-%m-%Y"),
];
const monthFirst = [
  ...waysOf(`${month}/${day}/${year}`, "%m/%d/%Y"),
  ...waysOf(`${month}/${day}/\\d{2}`, "%m/%d/%y"),
  ...waysOf(`${month}-${day}-${year}`, "%m-%d-%Y"),
];
/** What would also be numbers: "20240131", where the column's name speaks of a day, and "01.2024". */
const numeric: readonly { pattern: RegExp; format: string; named: RegExp }[] = [
  {
    pattern: /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/,
    format: "%Y%m%d",
    named: /(date|datum|day|tag|stichtag|geburt)/i,
  },
  { pattern: /^(0[1-9]|1[0-2])\.(19|20)\d{2}$/, format: "%m.%Y", named: /./ },
];

/** Months and what goes before their English abbreviation; German and English alike. */
const months: readonly (readonly [pattern: string, short: string])[] = [
  ["jan(uary|uar)?|jän(ner)?", "Jan"],
  ["feb(ruary|ruar)?", "Feb"],
  ["mar(ch)?|märz?|mrz", "Mar"],
  ["apr(il)?", "Apr"],
  ["may|mai", "May"],
  ["june?|juni", "Jun"],
  ["july?|juli", "Jul"],
  ["aug(ust)?", "Aug"],
  ["sept?(ember)?", "Sep"],
  ["oct(ober)?|okt(ober)?", "Oct"],
  ["nov(ember)?", "Nov"],
  ["dec(ember)?|dez(ember)?", "Dec"],
];

export interface DateHints {
  readonly name: string;
  /** The rest of the file is written the German way. */
  readonly german: boolean;
}

/** Dates that look like numbers; undefined: not every text is one. */
export function findNumericDate(
  present: readonly string[],
  { name }: DateHints,
): Candidate | undefined {
  const found = numeric.find(
    ({ pattern, named: speaks }) =>
      speaks.test(name) && present.every((text) => pattern.test(text)),
  );
  return found && { reading: reading([{ ...found, timed: false }], false), share: 1 };
}

/** Undefined: they are no dates, or not beyond doubt. `notes` says what was decided. */
export function findDate(
  present: readonly string[],
  { name, german }: DateHints,
  notes: Warning[],
): Candidate | undefined {
  const texts = present.map(plainMonths);
  const wordy = present.some((text) => /\p{L}{3}/u.test(text));
  const candidate = (ways: readonly Way[]): Candidate | undefined => {
    const share = shareOf(texts, (text) => ways.some(({ pattern }) => pattern.test(text)));
    return share < share_min ? undefined : { reading: reading(used(ways, texts), wordy), share };
  };
  const sure = candidate(monthly) ?? candidate(certain);
  if (sure) return sure;
  const days = candidate([...certain, ...dayFirst]);
  const firsts = candidate([...certain, ...monthFirst]);
  if (!days || !firsts || days.share !== firsts.share) {
    // The other reading cannot be, or leaves more texts unread.
    return (days?.share ?? 0) > (firsts?.share ?? 0) ? days : firsts;
  }
  notes.push(unsure(name, present, german));
  return german ? days : firsts;
}

/** Those that some text is written in, so that the SQL stays short. */
const used = (ways: readonly Way[], texts: readonly string[]) =>
  ways.filter(({ pattern }) => texts.some((text) => pattern.test(text)));

function reading(ways: readonly Way[], wordy: boolean): Reading {
  const timed = ways.some((way) => way.timed);
  const type = timed ? "TIMESTAMP" : "DATE";
  const formats = [...new Set(ways.map(({ format }) => format))];
  const list = formats.length === 1 ? literal(formats[0]!) : `[${formats.map(literal).join(", ")}]`;
  return {
    type: timed ? "time" : "date",
    plain: false,
    expression: (column) => {
      const raw = `trim(${identifier(column)}::VARCHAR)`;
      const text = wordy ? plainMonthsSql(raw) : raw;
      const spaced = timed ? `replace(${text}, 'T', ' ')` : text;
      return `try_strptime(${spaced}, ${list})::${type}`;
    },
  };
}

/** "3. März 2024" and "March 3, 2024" as "3 Mar 2024" and "Mar 3 2024". */
function plainMonths(text: string): string {
  if (!/\p{L}{3}/u.test(text)) return text;
  const bare = text
    .replace(/,/g, "")
    .replace(/(\d)\.\s/g, "$1 ")
    .replace(/(\p{L})\./gu, "$1");
  return months.reduce(
    (said, [pattern, short]) =>
      said.replace(
        new RegExp(`(^|[^\\p{L}])(?:${pattern})($|[^\\p{L}])`, "iu"),
        `$1${short}$${groupsOf(pattern) + 2}`,
      ),
    bare,
  );
}

const groupsOf = (pattern: string) => (pattern.match(/\(/g) ?? []).length;

function plainMonthsSql(text: string): string {
  const bare = `regexp_replace(regexp_replace(replace(${text}, ',', ''), '([0-9])[.]\\s', '\\1 ', 'g'), '(\\p{L})[.]', '\\1', 'g')`;
  return months.reduce(
    (said, [pattern, short]) =>
      `regexp_replace(${said}, ${literal(`(^|[^\\p{L}])(?:${pattern.replaceAll("(", "(?:")})($|[^\\p{L}])`)}, ${literal(`\\1${short}\\2`)}, 'i')`,
    bare,
  );
}

function unsure(name: string, present: readonly string[], dayGoesFirst: boolean): Warning {
  const example = present.find((text) => /^\d{1,2}[/-]\d{1,2}[/-]/.test(text)) ?? present[0]!;
  const [en, de] = dayGoesFirst
    ? ["day before month", "Tag vor Monat"]
    : ["month before day", "Monat vor Tag"];
  return {
    en: `"${name}" holds dates such as ${example}, which can be read both ways; they are read as ${en}.`,
    de: `„${name}“ enthält Daten wie ${example}, die sich zweierlei lesen lassen; gelesen wird ${de}.`,
  };
}
