import { describe, expect, test } from "vitest";
import { unitOfName } from "../read/unit.ts";
import { detectLanguage } from "./detect.ts";
import { lightStem, nameWords, withUmlauts, wordKeys } from "./stem.ts";
import { readNumber, tokenise } from "./tokens.ts";
import { converted } from "./units.ts";

describe("words", () => {
  test("positive, comparative and superlative stay apart, endings do not", () => {
    const stems = ["hohe", "höher", "höchste", "höchsten"].map((word) => lightStem(word, "de"));
    expect(new Set(stems).size).toBe(3);
    expect(stems[2]).toBe(stems[3]);
  });

  test("inflections share a key", () => {
    const shares = (a: string, b: string) => wordKeys(a).some((key) => wordKeys(b).includes(key));
    expect(shares("Länder", "Land")).toBe(true);
    expect(shares("laender", "Land")).toBe(true);
    expect(shares("countries", "country")).toBe(true);
    expect(shares("count", "country")).toBe(false);
  });

  test("names are taken apart as people read them", () => {
    expect(nameWords("Miles_per_Gallon")).toEqual(["Miles", "per", "Gallon"]);
    expect(nameWords("lifeExpect")).toEqual(["life", "Expect"]);
    expect(withUmlauts("hoechste")).toBe("höchste");
    expect(withUmlauts("neue")).toBe("neue");
  });

  test("numbers as each language writes them", () => {
    expect(readNumber("1.461,5", "de")).toBe(1461.5);
    expect(readNumber("1,461.5", "en")).toBe(1461.5);
    expect(readNumber("3.5", "de")).toBe(3.5);
    expect(readNumber("3,5", "de")).toBe(3.5);
    expect(readNumber("10.000", "de")).toBe(10_000);
    expect(readNumber("10.000", "en")).toBe(10);
  });

  test("a hyphen before letters only joins, between numbers it is a sign", () => {
    const texts = (question: string) => tokenise(question, "en").map(({ text }) => text);
    expect(texts("8-cylinder cars")).toEqual(["8", "cylinder", "cars"]);
    expect(texts("2010-2012")).toEqual(["2010", "-", "2012"]);
    expect(texts('rated "PG-13"!')).toEqual(["rated", '"PG-13"', "!"]);
  });

  test("units are converted where they measure the same", () => {
    expect(converted(5, "kg", "g")).toBe(5000);
    expect(converted(2, "h", "min")).toBe(120);
    expect(converted(30, "°", "°C")).toBe(30);
    expect(converted(7, "mm", "")).toBe(7);
    expect(converted(5, "kg", "mm")).toBeUndefined();
    expect(converted(5, "°F", "°C")).toBeUndefined();
  });
});

describe("language of a question", () => {
  test.each([
    ["Durchschnitt PS je Herkunft", "de"],
    ["Top 5 Verleiher nach Umsatz", "de"],
    ["Temperatur im Verlauf", "de"],
    ["top 5 distributors by gross", "en"],
    ["temperature over time", "en"],
    ["which month was wettest", "en"],
  ])("%s: %s", (text, language) => {
    expect(detectLanguage(text)).toBe(language);
  });
});

describe("what files say", () => {
  test.each([
    ["Weight_in_lbs", "Weight", "lb"],
    ["Beak Length (mm)", "Beak Length", "mm"],
    ["Running Time min", "Running Time", "min"],
    ["temp_min", "temp_min", ""],
    ["Cost Total $", "Cost Total", "$"],
    ["Speed IAS in knots", "Speed IAS", "kn"],
    ["Miles_per_Gallon", "Miles_per_Gallon", ""],
    ["in", "in", ""],
  ])("%s is %s in %s", (name, bare, unit) => {
    expect(unitOfName(name)).toEqual({ bare, unit });
  });
});
