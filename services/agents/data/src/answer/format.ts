/** Numbers, dates and names as a language writes them. */
import type { Language, TimeUnit } from "../language/lexicon.ts";
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
  return written(value, digitsOf(value, unit), language, unit);
}

const isMoney = (unit: string) => unit === "$" || unit === "€" || unit === "£";

function digitsOf(value: number, unit: string): Intl.NumberFormatOptions {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return {};
  if (size < 1) return { maximumSignificantDigits: 3 };
  // Money has cents or none.
  if (isMoney(unit)) return size >= 1000 ? decimals(0) : decimals(2);
  if (size >= 10_000) return decimals(0);
  return { maximumFractionDigits: size >= 100 ? 1 : 2 };
}

const decimals = (count: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: count,
  maximumFractionDigits: count,
});

function written(
  value: number,
  options: Intl.NumberFormatOptions,
  language: Language,
  unit: string,
): string {
  const text = numberFormat(language, options).format(value);
  if (unit === "") return text;
  const before = language === "en" && isMoney(unit);
  if (before) return value < 0 ? `-${unit}${text.slice(1)}` : `${unit}${text}`;
  return unit === "%" && language === "en" ? `${text}%` : `${text}\u00a0${unit}`;
}

/**
 * Numbers that are read beside each other: with the same decimals, as few as tell neighbours apart.
 * Numbers of very different sizes have each their own.
 */
export function formatNumbers(
  values: readonly number[],
  language: Language,
  unit = "",
): readonly string[] {
  const alone = values.map((value) => formatNumber(value, language, unit));
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  const [least, greatest] = [Math.min(...sizes), Math.max(...sizes)];
  if (values.length < 2 || values.every(Number.isInteger) || greatest < 1) return alone;
  if (greatest / least > 50) return alone;
  const different = new Set(values).size;
  const money = isMoney(unit);
  const plain = least >= 1000 ? 0 : least >= 10 ? 1 : 2;
  const first = money ? (greatest >= 1000 ? 0 : 2) : plain;
  for (let count = first; count <= first + 2; count += money ? 2 : 1) {
    const texts = values.map((value) => written(value, decimals(count), language, unit));
    if (new Set(texts).size === different) return texts;
  }
  return alone;
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

/** A cell in a sentence. */
export function formatValue(value: Value, column: Column, language: Language): string {
  if (value === null) return "–";
  if (typeof value === "number") {
    return column.is_year ? String(value) : formatNumber(value, language, column.unit);
  }
  if (typeof value === "boolean") return String(value);
  if (column.type !== "date" && column.type !== "time") return value;
  // First days of years and months stand for all of them.
  const { grain } = column;
  return formatDate(value, language, grain === "year" || grain === "month" ? grain : undefined);
}
