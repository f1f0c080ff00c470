/** Everyday ways to ask, each with a figure computed here without SQL, and a twin that must be refused. */
import { afterAll, describe, expect, test } from "vitest";
import { groupBy, mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { createEngine } from "./engine.ts";
import { dataLimits } from "./limits.ts";
import { asker, columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { testFiles } from "./testing/files.ts";

const engine = createEngine(dataLimits);
const files = testFiles();
afterAll(async () => {
  await engine.close();
  files[Symbol.dispose]();
});
const { ask, refusal } = asker(engine);
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
