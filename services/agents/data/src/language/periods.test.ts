import { describe, expect, test } from "vitest";
import { periodsAt } from "./dates.ts";
import type { Language } from "./lexicon.ts";
import { phrasesOf } from "./phrases.ts";
import { tokenise } from "./tokens.ts";

const first = (text: string, language: Language) =>
  periodsAt(tokenise(text, language), 0, phrasesOf(language))[0]?.period;
const span = (from: string, to: string, unit: string) => ({ kind: "span", from, to, unit });

const cases: readonly (readonly [text: string, language: Language, period: unknown])[] = [
  ["2012", "en", span("2012-01-01", "2013-01-01", "year")],
  ["Jahr 2012", "de", span("2012-01-01", "2013-01-01", "year")],
  ["March 2013", "en", span("2013-03-01", "2013-04-01", "month")],
  ["März des Jahres 2013", "de", span("2013-03-01", "2013-04-01", "month")],
  ["December 2013", "en", span("2013-12-01", "2014-01-01", "month")],
  ["5. März 2013", "de", span("2013-03-05", "2013-03-06", "day")],
  ["March 5, 2013", "en", span("2013-03-05", "2013-03-06", "day")],
  ["2013-03-05", "en", span("2013-03-05", "2013-03-06", "day")],
  ["5.3.2013", "de", span("2013-03-05", "2013-03-06", "day")],
  ["Q4 2025", "en", span("2025-10-01", "2026-01-01", "quarter")],
  ["4. Quartal 2025", "de", span("2025-10-01", "2026-01-01", "quarter")],
  ["1990s", "en", span("1990-01-01", "2000-01-01", "decade")],
  ["90er Jahren", "de", span("1990-01-01", "2000-01-01", "decade")],
  ["Dezember", "de", { kind: "recurring", unit: "month", values: [12] }],
  ["Sundays", "en", { kind: "recurring", unit: "weekday", values: [1] }],
  ["Wochenende", "de", { kind: "recurring", unit: "weekday", values: [7, 1] }],
  ["summer", "en", { kind: "recurring", unit: "month", values: [6, 7, 8] }],
];

describe("periods", () => {
  test.each(cases)("%s (%s)", (text, language, period) => {
    expect(first(text, language)).toEqual(period);
  });

  test.each(["30. Februar 2013", "may", "3000", "12", "Q5 2020"])("%s is none", (text) => {
    expect(first(text, text === "may" ? "en" : "de")).toBeUndefined();
  });
});
