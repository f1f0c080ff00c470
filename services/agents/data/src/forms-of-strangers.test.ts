/** Forms that strangers ask in, each with a figure computed here without SQL, and a twin that is refused. */
import { describe, expect, test } from "vitest";
import { groupBy, mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { files, ask, refusal } = dataSuite();
const cars = vegaFile("cars.json");
const bookings = vegaFile("messy-dates.csv");
const disasters = vegaFile("disasters.csv");
const countries = vegaFile("gapminder-health-income.csv");

const shop = files.make(
  "shop.csv",
  "day,product,quantity,revenue\n2024-01-01,tea,10,30\n2024-01-01,cocoa,4,20\n2024-01-02,tea,6,18\n",
);

describe("one figure divided by another", () => {
  test.each([
    "revenue divided by quantity per product",
    "ratio of revenue to quantity by product",
    "revenue per piece for each product",
    "Umsatz pro Stück je Produkt",
    "Umsatz geteilt durch Menge nach Produkt",
  ])("%s", async (question) => {
    const { table } = await ask(shop, question);
    const [, ratio] = table?.rows?.[0]?.cells ?? [];
    expect(ratio?.value?.value).toBe(5);
  });

  test("a number of kinds groups, and divides nothing", async () => {
    expect((await ask(cars, "average weight per cylinder")).table?.rows).toHaveLength(5);
    await refusal(shop, "revenue divided by product");
    await refusal(shop, "ratio of revenue");
  });

  test("the price of a piece, where a table says what came in for how many", async () => {
    expect(firstRow(await ask(shop, "Wie teuer ist ein Tee?"))).toEqual([3]);
    await refusal(cars, "Wie teuer ist ein Ford?");
  });
});

test("the range of the middle half", async () => {
  const file = files.make("n.csv", "value\n1\n2\n3\n4\n5\n");
  expect(firstRow(await ask(file, "interquartile range of value"))).toEqual([2]);
  expect(firstRow(await ask(file, "Interquartilsabstand von value"))).toEqual([2]);
  await refusal(file, "interquartile range of weight");
});

describe("where", () => {
  test("asks for the place", async () => {
    const answer = await ask(vegaFile("weather.csv"), "Where does it rain the most?");
    expect(firstRow(answer)[0]).toBe("Seattle");
  });

  test("is no place where the table has none, and no matter of how many live there", async () => {
    await refusal(vegaFile("stocks.csv"), "Where was the highest price?");
    await refusal(countries, "Where do people live longest?");
  });
});

test("much consumption is few miles per gallon", async () => {
  const least = Math.min(...numbers(rowsOf("cars.json"), "Miles_per_Gallon"));
  const answer = await ask(cars, "Welches Auto hat den höchsten Verbrauch?");
  expect(columnOf(answer, "Miles_per_Gallon")).toEqual([least]);
});

describe("how two figures go together", () => {
  test.each([
    [cars, "Do heavier cars have more horsepower?", 0.8],
    [cars, "Haben schwerere Autos mehr PS?", 0.8],
    [cars, "Hängen Gewicht und PS zusammen?", 0.8],
    [countries, "Do richer countries live healthier?", 0.6],
    [countries, "Hängen income und health miteinander zusammen?", 0.6],
  ] as const)("%s %s", async (file, question, least) => {
    const [r] = columnOf(await ask(file, question), "correlation");
    expect(Number(r)).toBeGreaterThan(least);
  });

  test("of what is not there, nothing is said", async () => {
    await refusal(cars, "Do heavier cars have more passengers?");
    await refusal(countries, "Hängen income und glück miteinander zusammen?");
  });
});

describe("a calculation said apart from the question", () => {
  const japanese = rowsOf("cars.json").filter(({ Origin }) => Origin === "Japan");

  test.each([
    "On average, how many cylinders does a Japanese car have?",
    "How many cylinders do Japanese cars have on average?",
  ])("%s", async (question) => {
    const [value] = firstRow(await ask(cars, question));
    expect(value).toBeCloseTo(mean(numbers(japanese, "Cylinders")), 6);
  });

  test("how much it rains on average is no sum", async () => {
    const november = rowsOf("seattle-weather.csv").filter(({ date }) =>
      String(date).includes("-11-"),
    );
    const answer = await ask(
      vegaFile("seattle-weather.csv"),
      "On average, how much does it rain in November?",
    );
    expect(firstRow(answer)[0]).toBeCloseTo(mean(numbers(november, "precipitation")), 6);
  });
});

describe("what people spend and earn", () => {
  test("the most that a guest spent is a total", async () => {
    const spent = [...groupBy(rowsOf("messy-dates.csv"), ({ Guest }) => String(Guest))].map(
      ([guest, rows]) => [guest, sum(numbers(rows, "Price"))] as const,
    );
    const [most] = spent.sort((a, b) => b[1] - a[1]);
    expect(firstRow(await ask(bookings, "Which guest spent the most?"))[0]).toBe(most![0]);
    await refusal(bookings, "Which guest drank the most?");
  });

  test("verbs lead back to their column", async () => {
    const survey = vegaFile("survey-100.csv");
    const answer = await ask(survey, "Verdienen Männer mehr als Frauen?");
    expect(firstRow(answer)[0]).toBe("male");
    await refusal(survey, "Schlafen Männer mehr als Frauen?");
  });
});

describe("a kind that is all the others together", () => {
  test.each(["Which disaster killed the most people?", "Which entity had the most deaths?"])(
    "%s",
    async (question) => {
      expect(firstRow(await ask(disasters, question))[0]).toBe("Drought");
    },
  );

  test("does not double a sum, unless it is asked for", async () => {
    const rows = rowsOf("disasters.csv").filter(({ Year }) => Year === 1931);
    const total = numbers(
      rows.filter(({ Entity }) => Entity === "All natural disasters"),
      "Deaths",
    );
    expect(firstRow(await ask(disasters, "total deaths in 1931"))).toEqual(total);
    const spoken = await ask(disasters, "total deaths of All natural disasters in 1931");
    expect(firstRow(spoken)).toEqual(total);
  });
});

test("two kinds side by side, the second without the noun", async () => {
  const answer = await ask(
    vegaFile("movies.json"),
    "Average budget of horror movies versus comedies",
  );
  expect(columnOf(answer, "Major Genre").sort()).toEqual(["Comedy", "Horror"]);
});

test("rows in the order of a column that is named behind them", async () => {
  const answer = await ask(cars, "cars with more than 200 horsepower, sorted by weight");
  const weights = columnOf(answer, "Weight_in_lbs") as number[];
  expect(weights).toHaveLength(10);
  expect(weights).toEqual([...weights].sort((a, b) => b - a));
});

test("people are the rows of a survey, whatever its questions are about", async () => {
  const survey = vegaFile("survey-100.csv");
  const missing = rowsOf("survey-100.csv").filter(({ income_eur }) => income_eur === null);
  const answer = await ask(survey, "Bei wie vielen Personen fehlt das Einkommen?");
  expect(firstRow(answer)).toEqual([missing.length]);
});
