/** The same questions in words that people rather use, each with a twin that must not be guessed at. */
import { describe, expect, test } from "vitest";
import { groupBy, mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { files, ask, refusal } = dataSuite();

const cars = vegaFile("cars.json");
const carRows = rowsOf("cars.json");
const flights = vegaFile("flights-2k.json");
const flightRows = rowsOf("flights-2k.json");
const seattle = vegaFile("seattle-weather.csv");
const riots = vegaFile("la-riots.csv");
const riotRows = rowsOf("la-riots.csv");
const storms = files.make("storms.csv", "state,hurricanes\nA,0\nB,3\nC,0\nD,5\n");
const gaps = files.make("gaps.csv", "state,deaths\nA,0\nB,3\nC,\nD,5\n");

describe("no word is dropped without a trace", () => {
  test("a slip is not put right into a word that says nothing", async () => {
    const survey = vegaFile("survey-100.csv");
    const answer = await ask(survey, "Durchschnittsalter nach Ausbildung");
    expect(columnOf(answer, "education")).toHaveLength(5);
    await refusal(survey, "Durchschnittsalter nach Ausblldungen");
  });

  test("a year beside an amount is a year", async () => {
    const days = rowsOf("seattle-weather.csv").filter(({ date }) => `${date}`.startsWith("2013"));
    const [value] = firstRow(await ask(seattle, "Grüezi, wie viel hat es 2013 geregnet, pls"));
    expect(value).toBeCloseTo(sum(numbers(days, "precipitation")), 6);
  });

  test("none of a number is zero, unless that may also mean that it is missing", async () => {
    expect(firstRow(await ask(storms, "how many states had no hurricanes"))).toContain(2);
    await refusal(gaps, "how many states had no deaths");
  });

  test("years without rows of a kind are not years with rows of another", async () => {
    await refusal(vegaFile("disasters.csv"), "how many years had no drought");
  });

  test("a greeting may be left out, and a name may not", async () => {
    const answer = await ask(cars, "Tagchen, wie viele Autos kommen aus Japan?");
    expect(answer.understanding?.unknownWords).toEqual(["Tagchen"]);
    expect(answer.understanding?.confidence).toBeLessThan(0.9);
    await refusal(cars, "Mean horsepower per origin, Dresden");
    await refusal(cars, "Tagchen wie viele Autos kommen aus Japan?");
  });
});

describe("number words, signs and ages", () => {
  test.each([
    ["the dozen heaviest cars", 12],
    ["die fünfzehn schwersten Autos", 15],
  ])("%s", async (question, count) => {
    expect((await ask(cars, question)).table?.rows).toHaveLength(count);
  });

  test("negative months", async () => {
    const below = numbers(rowsOf("us-employment.csv"), "nonfarm_change").filter((n) => n < 0);
    const jobs = vegaFile("us-employment.csv");
    const asked = "In wie vielen Monaten war nonfarm_change negativ?";
    expect(firstRow(await ask(jobs, asked))).toContain(below.length);
    await refusal(jobs, "In wie vielen Monaten war die Stimmung negativ?");
  });

  test.each([
    ["how many people were aged 20 to 30?"],
    ["Wie viele Personen waren zwischen 20 und 30 Jahre alt?"],
  ])("%s", async (question) => {
    const fitting = numbers(riotRows, "age").filter((age) => age >= 20 && age <= 30);
    expect(firstRow(await ask(riots, question))).toContain(fitting.length);
    await refusal(cars, question);
  });
});

describe("books of sales", () => {
  const shop = vegaFile("umsatz.csv");
  test("pieces that were sold are added up, and rows are not", async () => {
    const asked = firstRow(await ask(shop, "wie viele Bagel wurden in Köln verkauft?"));
    const pieces = firstRow(await ask(shop, "Summe der Menge für Bagel in Köln"));
    expect(asked).toEqual(pieces);
    await refusal(shop, "wie viele Brezeln wurden in Köln verkauft?");
  });

  test("the mean of months is not the mean of sales", async () => {
    const months = groupBy(rowsOf("umsatz.csv"), ({ Datum }) => String(Datum).slice(0, 7));
    const totals = [...months.values()].map((rows) => sum(numbers(rows, "Umsatz")));
    for (const question of ["durchschnittlicher Monatsumsatz", "average monthly revenue"])
      expect(firstRow(await ask(shop, question))[0]).toBeCloseTo(mean(totals), 6);
    await refusal(shop, "durchschnittlicher Monatsgewinn");
  });
});

describe("where from, where to, and of which", () => {
  test("from and to pick the column", async () => {
    const both = flightRows.filter((r) => r.origin === "LAX" && r.destination === "SFO");
    expect(firstRow(await ask(flights, "how many flights from LAX to SFO"))).toContain(both.length);
    expect(firstRow(await ask(flights, "Anzahl Flüge ab LAX nach SFO"))).toContain(both.length);
    await refusal(flights, "how many flights with LAX");
  });

  test("davon", async () => {
    const japanese = carRows.filter(({ Origin }) => Origin === "Japan");
    const four = japanese.filter(({ Cylinders }) => Cylinders === 4);
    const asked = "Wie viele Autos sind aus Japan und wie viele davon haben 4 Zylinder?";
    expect((await ask(cars, asked)).sentence).toContain(String(four.length));
    await refusal(cars, "Wie viele Autos sind aus Japan und wie viele davon sind rot?");
  });
});

describe("charts need their rows", () => {
  test.each([
    "scatter plot of horsepower against weight by origin with trend line",
    "correlation between horsepower and weight as a scatter plot",
  ])("%s", async (question) => {
    const answer = await ask(cars, question);
    expect(answer.table?.rowCount).toBe(400n);
    await refusal(cars, `${question} and price`);
  });

  test("a box plot has five figures for each group", async () => {
    const answer = await ask(cars, "box plot of horsepower by origin");
    const horses = numbers(
      carRows.filter(({ Origin }) => Origin === "Japan"),
      "Horsepower",
    );
    const at = columnOf(answer, "Origin").indexOf("Japan");
    expect(columnOf(answer, "max(Horsepower)")[at]).toBe(Math.max(...horses));
    expect(columnOf(answer, "min(Horsepower)")[at]).toBe(Math.min(...horses));
    await refusal(cars, "box plot of price by origin");
  });

  test("what a chart looks like changes no figure", async () => {
    const asked = "mean horsepower per origin as horizontal stacked bars with log scale";
    const values = columnOf(await ask(cars, asked), "mean(Horsepower)");
    const usa = carRows.filter(({ Origin }) => Origin === "USA");
    expect(values[0]).toBeCloseTo(mean(numbers(usa, "Horsepower")), 6);
    await refusal(cars, "mean horsepower per colour as stacked bars");
  });
});

describe("orders and ends", () => {
  test("rank the ten poorest by what they are poor in", async () => {
    const health = vegaFile("gapminder-health-income.csv");
    const least = numbers(rowsOf("gapminder-health-income.csv"), "income").sort((a, b) => a - b);
    const answer = await ask(health, "Please rank the ten poorest countries by income");
    expect(columnOf(answer, "income")).toEqual(least.slice(0, 10));
    await refusal(health, "rank the ten poorest countries by health");
  });

  test("heaviest first", async () => {
    const answer = await ask(cars, "list the Japanese cars, heaviest first");
    const japanese = carRows.filter(({ Origin }) => Origin === "Japan");
    const weights = numbers(japanese, "Weight_in_lbs").sort((a, b) => b - a);
    expect(columnOf(answer, "Weight_in_lbs")).toEqual(weights);
    await refusal(cars, "list the Japanese cars, cheapest first");
  });

  test("the highest, and which the lowest", async () => {
    const health = vegaFile("gapminder-health-income.csv");
    const regions = groupBy(rowsOf("gapminder-health-income.csv"), ({ region }) => `${region}`);
    const means = [...regions].map(
      ([name, rows]) => [mean(numbers(rows, "income")), name] as const,
    );
    const [[, lowest] = [], ...others] = means.sort(([a], [b]) => a - b);
    const asked = "Which region has the highest mean income and which the lowest?";
    const { sentence } = await ask(health, asked);
    expect(sentence).toContain(others.at(-1)![1]);
    expect(sentence).toContain(lowest);
    await refusal(health, "Which region has the highest mean price and which the lowest?");
  });
});

describe("what is said in two places", () => {
  test("two years that no row is in both of stand side by side", async () => {
    const people = vegaFile("population.json");
    const total = (year: number) =>
      sum(
        numbers(
          rowsOf("population.json").filter((row) => row.year === year),
          "people",
        ),
      );
    const asked = "Compare the number of people in 1900 with that in 2000";
    expect(columnOf(await ask(people, asked), "sum(people)")).toEqual([total(1900), total(2000)]);
    await refusal(people, "Compare the number of people in 1900 with that in Texas");
  });

  test("a column and what it counts in are one", async () => {
    const answer = await ask(cars, "Hängt die Leistung in PS mit dem Gewicht der Autos zusammen?");
    expect(firstRow(answer)[0]).toBeCloseTo(0.8666, 3);
    await refusal(cars, "Hängt die Leistung in Litern mit dem Gewicht der Autos zusammen?");
  });

  test("a bound before the column and its number", async () => {
    const answer = await ask(cars, "Wie viele Autos haben mindestens die Leistung 200?");
    const strong = numbers(carRows, "Horsepower").filter((power) => power >= 200);
    expect(firstRow(answer)).toContain(strong.length);
    await refusal(cars, "Wie viele Autos haben mindestens den Preis 200?");
  });

  test("the first day of a range leaves its month to the second", async () => {
    const during = rowsOf("seattle-weather.csv").filter(
      ({ date }) => `${date}` >= "2013-05-01" && `${date}` <= "2013-05-15",
    );
    const asked = "Wie viel hat es zwischen dem 1. und dem 15. Mai 2013 geregnet?";
    expect(firstRow(await ask(seattle, asked))[0]).toBeCloseTo(
      sum(numbers(during, "precipitation")),
      6,
    );
    await refusal(seattle, "Wie viel hat es zwischen dem 1. und dem 45. Mai 2013 geregnet?");
  });

  test("the mean of changes and the change of means are not taken for each other", async () => {
    const driving = vegaFile("driving.json");
    await refusal(driving, "By how many miles a year has driving gone up on average?");
    expect((await ask(driving, "change in miles per year")).sentence).toMatch(/[Cc]hange/);
  });

  test("two figures of one row are compared with each other", async () => {
    const prices = vegaFile("ohlc.json");
    const risen = rowsOf("ohlc.json").filter((row) => Number(row.close) > Number(row.open));
    for (const asked of [
      "days with close above open",
      "An wie vielen Tagen war close höher als open?",
    ]) {
      const answer = await ask(prices, asked);
      const found =
        answer.table?.rows?.length === 1 ? firstRow(answer)[0] : answer.table?.rows?.length;
      expect(found, asked).toBe(risen.length);
    }
    await refusal(prices, "days with close above the forecast");
    // What never meets is not compared, and "over" may be along what.
    await refusal(cars, "cars with miles per gallon above weight");
    const trend = await ask(cars, "linear trend of Miles_per_Gallon over Weight_in_lbs");
    expect(trend.understanding?.summary).toMatch(/^Slope/);
  });

  test("a column behind what the rows are is grouped by", async () => {
    const answer = await ask(vegaFile("messy-dates.csv"), "mean nights for each booking status");
    expect(answer.table?.rows).toHaveLength(3);
  });
});
