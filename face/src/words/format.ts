// Numbers, times and sizes as people of the chosen language write them. All pure: the present time
// is an argument.

export type Language = "de" | "en";

const locale = (language: Language) => (language === "de" ? "de-DE" : "en-US");

/** A count with thousands separators: 1461 is "1,461" or "1.461". */
export const formatCount = (value: number | bigint, language: Language): string =>
  new Intl.NumberFormat(locale(language)).format(value);

/** A share of one: 0.85 is "85%" or "85 %". */
export const formatPercent = (share: number, language: Language): string =>
  new Intl.NumberFormat(locale(language), { style: "percent" }).format(share);

/** A duration in milliseconds with two significant figures: "0.42 s", "4.2 s", "3 min 20 s". */
export function formatDuration(milliseconds: number, language: Language): string {
  const ms = Math.max(0, milliseconds);
  const number = (value: number) =>
    new Intl.NumberFormat(locale(language), { maximumSignificantDigits: 2 }).format(value);
  if (ms < 1) return `< 1 ms`;
  if (ms < 100) return `${number(ms)} ms`;
  if (ms < 59_500) return `${number(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) {
    return seconds % 60
      ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
      : `${seconds / 60} min`;
  }
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A running time that is shown while it grows: whole tenths, so that digits do not jump about. */
export const formatTicking = (milliseconds: number, language: Language): string =>
  milliseconds < 60_000
    ? `${new Intl.NumberFormat(locale(language), {
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      }).format(Math.max(0, milliseconds) / 1000)} s`
    : formatDuration(milliseconds, language);

/** A size in bytes: "48 kB", "1.2 MB". */
export function formatBytes(bytes: number, language: Language): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits }).format(value)} ${units[unit]}`;
}

/** Money in millionths of a euro to the cent, less than that with two figures: "€0.50", "0,0012 €". */
export function formatMoney(micros: bigint | number, language: Language): string {
  const euros = Number(micros) / 1e6;
  const digits =
    euros >= 0.1 || euros === 0 ? { minimumFractionDigits: 2 } : { maximumSignificantDigits: 2 };
  const options = { style: "currency", currency: "EUR", ...digits } as const;
  return new Intl.NumberFormat(locale(language), options).format(euros);
}

/** How long ago: "2 minutes ago", "vor 2 Minuten". */
export function formatRelative(time: Date, now: number, language: Language): string {
  const seconds = (time.getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale(language), { numeric: "auto" });
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, "second");
}

/** A point in time in full, for whoever hovers over a relative one. */
export const formatExact = (time: Date, language: Language): string =>
  timeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(time);

const timeFormats = new Map<string, Intl.DateTimeFormat>();

/** Made once each: a list of hundreds of times would spend most of its own in making them. */
function timeFormat(language: Language, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = timeFormats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale(language), options);
  timeFormats.set(key, made);
  return made;
}

/** The same without seconds, for what is to come: "Nov 30, 2026, 7:00 AM". */
export const formatPoint = (time: Date, language: Language): string =>
  timeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(time);

/** A point in time by the clock, to the second: "10:42:07", "10:42:07 AM". */
export const formatClock = (time: Date, language: Language): string =>
  timeFormat(language, { timeStyle: "medium" }).format(time);

/** Words as a list: "a, b and c". */
export const formatList = (items: readonly string[], language: Language): string =>
  new Intl.ListFormat(locale(language), { type: "conjunction" }).format(items);
