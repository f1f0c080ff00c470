// Numbers and times as the language writes them, in as many digits as carry meaning.

import type { Language, NumberStyle } from "./language/language.ts";
import type { Grain } from "./profile.ts";

const SIGNIFICANT_DIGITS = 3;
const DECIMALS_MAX = 6;

/**
 * The one style for all numbers of an axis: three digits of the middle one, more where they lie so
 * close that they would read the same, none that the data lacks. The scale ("Mio.") is that of the
 * largest for ticks, and of the middle one where every number is written.
 */
export function numberStyle(
  values: readonly number[],
  language: Language,
  scaleBy: "largest" | "middle",
): NumberStyle {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  sizes.sort((a, b) => a - b);
  const largest = sizes.at(-1) ?? 0;
  const middle = sizes[Math.floor((sizes.length - 1) / 2)] ?? 0;
  const deciding = scaleBy === "middle" ? middle : largest;
  const { divisor, suffix } = language.scales.find((scale) => deciding >= scale.divisor) ?? PLAIN;
  const scaled = values.map((value) => value / divisor);
  const upper = scaleBy === "middle" ? (sizes[Math.floor(sizes.length / 2)] ?? 0) : largest;
  const wanted = Math.max(
    SIGNIFICANT_DIGITS - digitsOf(upper / divisor),
    Math.min(2, 2 - digitsOf((sizes[0] ?? 0) / divisor)),
    decimalsToTellApart(scaled),
    0,
  );
  return { divisor, suffix, decimals: Math.min(wanted, DECIMALS_MAX, decimalsIn(scaled)) };
}

const PLAIN = { divisor: 1, suffix: "" };

/** Digits before the point; 0 or less for 0.5, 0.05 and so on. */
function digitsOf(size: number): number {
  return size === 0 ? 1 : Math.floor(Math.log10(size)) + 1;
}

/** So that a hundredth of the range still shows. */
function decimalsToTellApart(values: readonly number[]): number {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return low < high ? 1 - Math.floor(Math.log10(high - low)) : 0;
}

function decimalsIn(values: readonly number[]): number {
  return values.reduce((most, value) => {
    const fraction = value.toFixed(DECIMALS_MAX).replace(/^.*\./, "").replace(/0+$/, "");
    return Math.max(most, fraction.length);
  }, 0);
}

export function formatNumber(value: number, style: NumberStyle, language: Language): string {
  const text = numberFormat(language.tag, style.decimals).format(value / style.divisor);
  return text.replace(/^-/, "−") + (value === 0 ? "" : style.suffix);
}

/** A whole number with thousands separated. */
export function formatCount(value: number, language: Language): string {
  return numberFormat(language.tag, 0).format(value);
}

/** A time, no finer than its column is. */
export function formatTime(time: number, grain: Grain, language: Language): string {
  if (grain === "quarter") {
    const date = new Date(time);
    return language.say.quarter(Math.floor(date.getUTCMonth() / 3) + 1, date.getUTCFullYear());
  }
  return timeFormat(language.tag, grain).format(time);
}

const TIME_PARTS: Readonly<Record<Grain, Intl.DateTimeFormatOptions>> = {
  year: { year: "numeric" },
  quarter: { year: "numeric", month: "long" },
  month: { year: "numeric", month: "long" },
  day: { year: "numeric", month: "long", day: "numeric" },
  minute: { dateStyle: "medium", timeStyle: "short" },
};

// A formatter costs a thousand times what a number costs, so each is made once.
const numberFormats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(tag: string, decimals: number): Intl.NumberFormat {
  const key = `${tag} ${decimals}`;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(tag, digits);
  numberFormats.set(key, format);
  return format;
}

function timeFormat(tag: string, grain: Grain): Intl.DateTimeFormat {
  const key = `${tag} ${grain}`;
  const options = { ...TIME_PARTS[grain], timeZone: "UTC" };
  const format = timeFormats.get(key) ?? new Intl.DateTimeFormat(tag, options);
  timeFormats.set(key, format);
  return format;
}
