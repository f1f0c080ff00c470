// Deutsch: Zahlen, Zeiten und Achsen. Die Wörter eines Wunsches und die Sätze stehen daneben.

import { say } from "./de-sentences.ts";
import { wish } from "./de-words.ts";
import type { Language } from "./language.ts";

export const german: Language = {
  code: "de",
  tag: "de-DE",
  wish,
  say,
  scales: [
    { divisor: 1e12, suffix: " Bio." },
    { divisor: 1e9, suffix: " Mrd." },
    { divisor: 1e6, suffix: " Mio." },
  ],
  number: { decimal: ",", thousands: ".", grouping: [3], currency: ["", " €"] },
  time: {
    dateTime: "%x, %X",
    date: "%-d. %b %Y",
    time: "%H:%M:%S",
    periods: ["AM", "PM"],
    days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
    shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
    months:
      "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(
        " ",
      ),
    shortMonths: "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(" "),
  },
  ticks: {
    year: "%Y",
    quarter: "%b",
    month: "%b",
    week: "%-d. %b",
    day: "%-d. %b",
    hours: "%H:%M",
    minutes: "%H:%M",
  },
  withUnit: (number, unit) => (unit === "" ? number : `${number} ${unit}`),
  join: (items) => new Intl.ListFormat("de", { type: "conjunction" }).format(items),
};
