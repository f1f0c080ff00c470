import { describe, expect, test } from "vitest";
import { english } from "./english.ts";
import { englishEditor } from "./english-editor.ts";
import {
  formatBytes,
  formatDuration,
  formatMoney,
  formatRelative,
  formatTicking,
} from "./format.ts";
import { german } from "./german.ts";
import { germanEditor } from "./german-editor.ts";
import { inLanguage, languageOf } from "./language-of.ts";

const sentences = (words: object): string[] =>
  Object.values(words).flatMap((value: unknown) => {
    if (typeof value === "string") return [value];
    if (typeof value === "function")
      return [String((value as (...a: unknown[]) => string)("X", 2))];
    return sentences(value as object);
  });

describe("words", () => {
  test.each([
    ["English", english],
    ["German", german],
    ["English of the editor", englishEditor],
    ["German of the editor", germanEditor],
  ])("%s is calm: no empty text, no exclamation mark, no “Oops”", (_, words) =>
    expect(sentences(words).filter((text) => !text || /!|oops|ups\b/i.test(text))).toEqual([]),
  );

  test("German addresses nobody", () =>
    expect(
      [...sentences(german), ...sentences(germanEditor)].filter((text) =>
        /\b(Sie|Ihre?n?|du|dein\w*|bitte)\b/.test(text),
      ),
    ).toEqual([]));
});

describe("format", () => {
  test.each([
    [0.2, "en", "< 1 ms"],
    [61, "en", "61 ms"],
    [420, "de", "0,42 s"],
    [4234, "en", "4.2 s"],
    [59_700, "en", "1 min"],
    [200_000, "en", "3 min 20 s"],
    [3_660_000, "en", "1 h 1 min"],
  ] as const)("%f ms in %s is %s", (ms, language, text) =>
    expect(formatDuration(ms, language)).toBe(text),
  );

  test("a running time keeps one decimal", () => expect(formatTicking(3000, "de")).toBe("3,0 s"));

  test.each([
    [48_219, "48 kB"],
    [1_234_567, "1.2 MB"],
    [12, "12 B"],
  ])("%i bytes are %s", (bytes, text) => expect(formatBytes(bytes, "en")).toBe(text));

  test.each([
    [500_000, "en", "€0.50"],
    [1_234, "en", "€0.0012"],
    [12_345_678, "de", "12,35 €"],
  ] as const)("%i millionths of a euro in %s are %s", (micros, language, text) =>
    expect(formatMoney(micros, language)).toBe(text),
  );

  test("a time ago in words", () => {
    const now = Date.UTC(2026, 0, 2);
    expect(formatRelative(new Date(now - 130_000), now, "de")).toBe("vor 2 Minuten");
    expect(formatRelative(new Date(now - 86_400_000), now, "en")).toBe("yesterday");
  });
});

describe("the language of a question", () => {
  test.each([
    ["What is the mean precipitation per month?", "en"],
    ["Welcher Monat ist der nasseste?", "de"],
    ["Zeige wind pro Monat", "de"],
    ["How many rows are there per weather?", "en"],
  ] as const)("%s", (text, language) => expect(languageOf(text)).toBe(language));

  test("with none in the language all are shown", () =>
    expect(inLanguage(["Show wind"], "de")).toEqual(["Show wind"]));
});
