/** Everyday ways to ask, each with a figure computed here without SQL, and a twin that must be refused. */
import { describe, expect, test } from "vitest";
import { groupBy, mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { files, ask, refusal } = dataSuite();
const [seattle, stocks, cars] = ["seattle-weather.csv", "stocks.csv", "cars.json"].map(
  vegaFile,
) as [ReturnType<typeof vegaFile>, ReturnType<typeof vegaFile>, ReturnType<typeof vegaFile>];
const days = rowsOf("seattle-weather.csv");
const inYear = (year: number) => days.filter(({ date }) => String(date).includes(String(year)));

describe("verbs of the weather", () => {
  test.each(["Wie oft hat es geregnet?", "how often did it rain?", "How many days has it rained?"])(
    "%s",
    async (question) => {
      const rainy = days.filter(({ weather }) => weather === "rain").length;
      expect(firstRow(await ask(seattle, question))).toEqual([rainy]);
    },
  );

  test("without a column of weather, days with some rain are meant", async () => {
    const file = files.make("station.csv", "day,precipitation\n2024-01-01,0\n2024-01-02,3.5\n");
    expect(firstRow(await ask(file, "Wie oft hat es geregnet?"))).toEqual([1]);
    await refusal(file, "Wie oft hat es geschneit?");
  });
});

describe("a year is no amount", () => {
  test.each(["Wie viel wärmer war 2015 als 2014?", "How much warmer was 2015 than 2014?"])(
    "%s",
    async (question) => {
      const [then, now] = [2014, 2015].map((year) => mean(numbers(inYear(year), "temp_max")));
      const answer = await ask(seattle, question);
      const [, difference] = columnOf(answer, "difference(mean(temp_max))");
      expect(difference).toBeCloseTo(now! - then!, 6);
    },
  );

  test("of an earlier year, both figures are given, and no difference of the wrong sign", async () => {
    const { table } = await ask(seattle, "War 2014 wärmer als 2015?");
    expect(table?.columns?.map(({ name }) => name)).toEqual(["year(date)", "mean(temp_max)"]);
  });

  test("running totals over a year, and thresholds that are none", async () => {
    const answer = await ask(seattle, "cumulative precipitation over 2012");
    const total = columnOf(answer, "running(sum(precipitation))").at(-1);
    expect(total).toBeCloseTo(sum(numbers(inYear(2012), "precipitation")), 6);
    await refusal(seattle, "days warmer than 2014");
    await refusal(cars, "cars heavier than 1975");
  });
});

test("each stock is a group, where the table is called after its stocks", async () => {
  const bySymbol = groupBy(rowsOf("stocks.csv"), ({ symbol }) => String(symbol));
  const answer = await ask(stocks, "average price of each stock");
  const symbols = columnOf(answer, "symbol");
  const prices = columnOf(answer, "mean(price)") as number[];
  expect(symbols).toHaveLength(5);
  for (const [index, symbol] of symbols.entries())
    expect(prices[index]).toBeCloseTo(mean(numbers(bySymbol.get(String(symbol))!, "price")), 6);
  expect((await ask(cars, "average weight per car")).table?.rows).toHaveLength(1);
});

test("what grows is a figure, and not the number of rows", async () => {
  const { table } = await ask(stocks, "year over year growth of MSFT");
  expect(table?.columns?.map(({ name }) => name)).toContain("growth(mean(price))");
  await refusal(cars, "growth per year");
});

test("a difference between two columns is not one between months", async () => {
  await refusal(seattle, "Monat mit dem größten Temperaturunterschied");
});

describe("values by other names", () => {
  test.each([
    ["cars.json", "Wie viele Fords gibt es?", "Name", /^ford /],
    ["cars.json", "how many Toyotas are there?", "Name", /^toyota /],
    ["airports.csv", "How many airports does Texas have?", "state", /^TX$/],
    ["airports.csv", "Wie viele Flughäfen gibt es in Kalifornien?", "state", /^CA$/],
    ["birdstrikes.csv", "Wie viele Vogelschläge in Kalifornien?", "Origin State", /^California$/],
    ["stocks.csv", "number of rows of Apple", "symbol", /^AAPL$/],
  ])("%s: %s", async (file, question, column, fits) => {
    const found = rowsOf(file).filter((row) => fits.test(String(row[column]))).length;
    expect(firstRow(await ask(vegaFile(file), question))).toEqual([found]);
  });

  test.each([
    ["cars.json", "How many Zorgs are there?"],
    ["airports.csv", "airports in Bavaria"],
    ["stocks.csv", "average price of Tesla"],
  ])("that are not there: %s: %s", async (file, question) => {
    await refusal(vegaFile(file), question);
  });
});

describe("the best, the most, the most volatile", () => {
  test.each(["Which variety yields best?", "beste Sorte"])("%s", async (question) => {
    const varieties = groupBy(rowsOf("barley.json"), ({ variety }) => String(variety));
    const means = [...varieties.values()].map((rows) => mean(numbers(rows, "yield")));
    const [, best] = firstRow(await ask(vegaFile("barley.json"), question));
    expect(best).toBeCloseTo(Math.max(...means), 6);
  });

  test("which job had the most women", async () => {
    const women = rowsOf("jobs.json").filter(({ sex, year }) => sex === "women" && year === 2000);
    const most = Math.max(...numbers(women, "count"));
    const jobs = vegaFile("jobs.json");
    const [, count] = firstRow(await ask(jobs, "Which job had the most women in 2000?"));
    expect(count).toBe(most);
    expect(firstRow(await ask(jobs, "number of farmers in 1900"))[0]).toBe(
      sum(
        numbers(
          rowsOf("jobs.json").filter(({ job, year }) => job === "Farmer" && year === 1900),
          "count",
        ),
      ),
    );
  });

  test("what swings most", async () => {
    const [symbol] = firstRow(await ask(stocks, "which stock is the most volatile?"));
    expect(symbol).toBe("GOOG");
    await refusal(cars, "which car is the most volatile?");
  });

  test("best of what more is no better of, or of several figures", async () => {
    await refusal(seattle, "best month");
    await refusal(vegaFile("movies.json"), "best director");
  });
});

describe("words left out in writing", () => {
  test("a heading, and half compounds", async () => {
    const length = numbers(rowsOf("movies.json"), "Running Time min");
    const movies = vegaFile("movies.json");
    const [first] = firstRow(
      await ask(movies, "Laufzeit: Mittelwert, Median und Standardabweichung"),
    );
    expect(first).toBeCloseTo(mean(length), 6);
    const prices = numbers(
      rowsOf("stocks.csv").filter((row) => row.symbol === "IBM" && /2008/.test(String(row.date))),
      "price",
    );
    expect(firstRow(await ask(stocks, "IBM im Jahr 2008: Höchst- und Tiefstkurs"))).toEqual([
      Math.max(...prices),
      Math.min(...prices),
    ]);
    await refusal(movies, "Laufzeit: Mittelwert und Quux");
  });

  test("yields drop; tables do not", async () => {
    const barley = vegaFile("barley.json");
    const [then, now] = [1931, 1932].map((year) =>
      mean(
        numbers(
          rowsOf("barley.json").filter((row) => row.year === year),
          "yield",
        ),
      ),
    );
    const answer = await ask(barley, "did yields drop from 1931 to 1932?");
    expect(columnOf(answer, "difference(mean(yield))")[1]).toBeCloseTo(now! - then!, 6);
    await refusal(barley, "drop the table");
  });
});

describe("words that are said for a column", () => {
  test.each([
    ["cars.json", "average fuel economy", "Miles_per_Gallon"],
    ["sp500.csv", "average close", "price"],
  ])("%s: %s", async (file, question, column) => {
    const [value] = firstRow(await ask(vegaFile(file), question));
    expect(value).toBeCloseTo(mean(numbers(rowsOf(file), column)), 6);
  });

  test("renewable energies, and what is best sold", async () => {
    const iowa = rowsOf("iowa-electricity.csv").filter(({ year }) => /^2015/.test(String(year)));
    const green = iowa.filter(({ source }) => source === "Renewables");
    const [share] = firstRow(
      await ask(vegaFile("iowa-electricity.csv"), "Anteil der erneuerbaren Energien 2015"),
    );
    const [part, whole] = [green, iowa].map((rows) => sum(numbers(rows, "net_generation")));
    expect(share).toBeCloseTo((100 * part!) / whole!, 6);
    const sales = vegaFile("umsatz.csv");
    expect(firstRow(await ask(sales, "best-selling product"))[0]).toBe("Kaffee");
    await refusal(sales, "sell the product");
  });

  test("missing cells, however asked", async () => {
    const penguins = vegaFile("penguins.json");
    const { sentence } = await ask(penguins, "Fehlen irgendwo Daten?");
    expect(sentence).toMatch(/\b18\b/);
    await refusal(penguins, "Fehlen irgendwo Quuxe?");
  });
});

test("deaths fall from one year to another; rain that fell is added up", async () => {
  const rows = rowsOf("disasters.csv");
  const [then, now] = [1960, 1970].map((year) =>
    sum(
      numbers(
        rows.filter((row) => row.Year === year && row.Entity !== "All natural disasters"),
        "Deaths",
      ),
    ),
  );
  const disasters = vegaFile("disasters.csv");
  const answer = await ask(disasters, "Did deaths fall from 1960 to 1970?");
  expect(columnOf(answer, "difference(sum(Deaths))")[1]).toBe(now! - then!);
  await refusal(disasters, "Did quux fall from 1960 to 1970?");
  const rain = await ask(seattle, "how much rain fell in 2013?");
  expect(firstRow(rain)[0]).toBeCloseTo(sum(numbers(inYear(2013), "precipitation")), 6);
});

test("states of two words", async () => {
  const { table } = await ask(vegaFile("obesity.json"), "rate in New York and New Jersey");
  expect(table?.rows).toHaveLength(2);
});
