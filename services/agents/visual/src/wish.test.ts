import { describe, expect, test } from "vitest";

import { languageOf } from "./language/language.ts";
import { profileTable } from "./profile.ts";
import { makeTable, number, text } from "./testing/tables.ts";
import { readWish } from "./wish.ts";

const profile = profileTable(
  makeTable(
    [text("product line"), number("price"), number("Weight_in_lbs"), number("life_expect")],
    [],
  ),
  (name) => name,
);

function read(wish: string) {
  return readWish(wish, profile, languageOf("", wish));
}

describe("the mark that is named", () => {
  test.each([
    ["Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm", "bar"],
    ["Umsatz je Region als Säulen", "bar"],
    ["als Linie", "line"],
    ["Zeichne den Verlauf als Liniendiagramm", "line"],
    ["Stelle die Preise als Histogramm dar", "histogram"],
    ["ein Streudiagramm von Gewicht und Verbrauch", "point"],
    ["Show me a bar chart of sales", "bar"],
    ["as bars please", "bar"],
    ["draw a line graph", "line"],
    ["scatterplot of weight and price", "point"],
    ["a histogram of the prices", "histogram"],
    ["Zeige die Werte als bar chart", "bar"],
    ["the area of boxes and dots, as bars", "bar"],
    ["Anzahl der Punkte je Ring als Linie", "line"],
  ])("%s", (wish, mark) => {
    expect(read(wish).mark).toBe(mark);
  });

  test.each([
    "What is the mean price per month?",
    "kein Balkendiagramm",
    "What is the range of the temperature?",
    "no bars",
    "price by product line",
    "online sales of the airline",
    "",
  ])("is none in: %s", (wish) => {
    expect(read(wish).mark).toBeUndefined();
  });

  test("is the one that is left when another is turned away", () => {
    expect(read("a line chart, not bars").mark).toBe("line");
    expect(read("Linien statt Balken").mark).toBe("line");
  });

  test("stands in for a mark that is not drawn here, which keeps its name", () => {
    expect(read("als Netzdiagramm")).toMatchObject({ mark: "dot", instead: "Netzdiagramm" });
    expect(read("as a treemap")).toMatchObject({ mark: "bar", instead: "treemap" });
  });
});

describe("what else a wish says", () => {
  test("hints at a mark without naming it", () => {
    expect(read("the price over time").hint).toBe("line");
    expect(read("Zusammenhang von Preis und Gewicht").hint).toBe("point");
    expect(read("the price of all").hint).toBeUndefined();
  });

  test("mentions columns in its own order, in whole names only", () => {
    const { mentioned, against } = read("prices against weight in lbs");
    expect(mentioned.map((field) => field.name)).toEqual(["price", "Weight_in_lbs"]);
    expect(against).toBe(true);
    expect(read("the weight").mentioned).toEqual([]);
  });

  test("says how bars shall lie", () => {
    expect(read("horizontal bars").orientation).toBe("horizontal");
    expect(read("als Säulendiagramm").orientation).toBe("vertical");
    expect(read("als Balkendiagramm").orientation).toBeUndefined();
  });
});

test("the language is the one whose common words there are more of", () => {
  expect(languageOf("", "Zeige mir den Preis").code).toBe("de");
  expect(languageOf("", "show me the price").code).toBe("en");
  expect(languageOf("", "Preis").code).toBe("en");
  expect(languageOf("de", "show me the price").code).toBe("de");
});
