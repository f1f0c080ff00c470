// English: numbers, times and axes. The words of a wish and the sentences stand beside it.

import { say } from "./en-sentences.ts";
import { wish } from "./en-words.ts";
import type { Language } from "./language.ts";

export const english: Language = {
  code: "en",
  tag: "en-US",
  wish,
  say,
  scales: [
    { divisor: 1e12, suffix: " tn" },
    { divisor: 1e9, suffix: " bn" },
    { divisor: 1e6, suffix: " m" },
  ],
  number: { decimal: ".", thousands: ",", grouping: [3], currency: ["$", ""] },
  time: {
    dateTime: "%x, %X",
    date: "%b %-d, %Y",
    time: "%-I:%M:%S %p",
    periods: ["AM", "PM"],
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    shortDays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    months:
      "January February March April May June July August September October November December".split(
        " ",
      ),
    shortMonths: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
  },
  ticks: {
    year: "%Y",
    quarter: "%b",
    month: "%b",
    week: "%b %-d",
    day: "%b %-d",
    hours: "%H:%M",
    minutes: "%H:%M",
  },
  withUnit(number, unit) {
    if (unit === "") return number;
    if (/^[$£€]$/.test(unit)) {
      return number.startsWith("−") ? `−${unit}${number.slice(1)}` : unit + number;
    }
    return unit === "%" ? `${number}%` : `${number} ${unit}`;
  },
  join: (items) => new Intl.ListFormat("en", { type: "conjunction" }).format(items),
};
