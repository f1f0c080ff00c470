/** Numbers, dates and names as a language writes them. */
import type { Language, TimeUnit } from "../language/lexicon.ts";
import { lexicons, phrasesOf } from "../language/phrases.ts";
import { nameWords, stem } from "../language/stem.ts";
import { fold } from "../language/tokens.ts";
import type { Value } from "../read/database.ts";
import type { Column } from "../read/profile.ts";

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language}${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, known);
  return known;
}

/** As many digits as say something: 1,461 and 234.6 and 3.03 and 0.0971. */
export function formatNumber(value: number, language: Language, unit = ""): string {
  const size = Math.abs(value);
  const options: Intl.NumberFormatOptions = Number.isInteger(value)
    ? {}
    : size >= 1
      ? { maximumFractionDigits: size >= 100 ? 1 : 2 }
      : { maximumSignificantDigits: 3 };
  const text = numberFormat(language, options).format(value);
  if (unit === "") return text;
  const before = language === "en" && (unit === "$" || unit === "€" || unit === "£");
  if (before) return value < 0 ? `-${unit}${text.slice(1)}` : `${unit}${text}`;
  return unit === "%" && language === "en" ? `${text}%` : `${text}\u00a0${unit}`;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}${JSON.stringify(options)}`;
  const known =
    dateFormats.get(key) ?? new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  dateFormats.set(key, known);
  return known;
}

/** A day or moment, or the whole span that it stands for. */
export function formatDate(iso: string, language: Language, unit?: TimeUnit): string {
  const date = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : `${iso.slice(0, 19)}Z`);
  if (unit === "year") return iso.slice(0, 4);
  if (unit === "month")
    return dateFormat(language, { month: "long", year: "numeric" }).format(date);
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric" };
  const clock = iso.length > 10 && !iso.endsWith("T00:00:00");
  return dateFormat(
    language,
    clock ? { ...options, hour: "2-digit", minute: "2-digit" } : options,
  ).format(date);
}

/** Month 1 to 12, in words. */
export function monthName(month: number, language: Language): string {
  return dateFormat(language, { month: "long" }).format(new Date(Date.UTC(2023, month - 1, 1)));
}

/** Weekday 1 (Monday) to 7, in words. */
export function weekdayName(weekday: number, language: Language): string {
  return dateFormat(language, { weekday: "long" }).format(new Date(Date.UTC(2023, 0, 1 + weekday)));
}

/**
 * What a column is called in a language: its own name where that is in the language already or is
 * not a word, else the word for what it holds.
 */
export function columnLabel(column: Column, language: Language): string {
  const words = nameWords(column.bare);
  const own = conceptOf(words, language);
  if (own !== undefined) return inOwnCase(column.bare, firstWord(own, language));
  const other = conceptOf(words, language === "de" ? "en" : "de");
  if (other === undefined) return column.bare;
  return firstWord(other, language) ?? column.bare;
}

/** German nouns have capitals, whatever the file writes. */
const inOwnCase = (name: string, word: string | undefined) =>
  word !== undefined && fold(word) === fold(name) && name === fold(name) ? word : name;

/** The concept that covers all words of a name. */
function conceptOf(words: readonly string[], language: Language): string | undefined {
  const stems = words.map((word) => stem(fold(word), language));
  const found = phrasesOf(language).concepts.get(stems[0] ?? "") ?? [];
  const whole = found.filter((phrase) => phrase.stems.join(" ") === stems.join(" "));
  const named = whole.find(({ meaning }) => {
    const best = fold(firstWord(meaning, language) ?? "");
    return stem(best, language) === stems.join(" ");
  });
  return (named ?? whole[0])?.meaning;
}

function firstWord(concept: string, language: Language): string | undefined {
  return lexicons[language].concepts[concept]?.split(",")[0]?.trim();
}

/** A cell in a sentence. */
export function formatValue(value: Value, column: Column, language: Language): string {
  if (value === null) return "–";
  if (typeof value === "number") {
    return column.is_year ? String(value) : formatNumber(value, language, column.unit);
  }
  if (typeof value === "boolean") return String(value);
  return column.type === "date" || column.type === "time" ? formatDate(value, language) : value;
}
