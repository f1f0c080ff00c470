/** What can be computed, each figure checked against one that is computed here without SQL. */
import { afterAll, describe, expect, test } from "vitest";
import {
  groupBy,
  mean,
  numbers,
  rowsOf,
  type SourceRow,
  sum,
} from "../../../../test/goals/source.ts";
import { createEngine } from "./engine.ts";
import { dataLimits } from "./limits.ts";
import { asker, columnOf, firstRow, vegaFile } from "./testing/ask.ts";

const engine = createEngine(dataLimits);
afterAll(() => engine.close());
const { ask, refusal } = asker(engine);

const cars = vegaFile("cars.json");
const seattle = vegaFile("seattle-weather.csv");
const gapminder = vegaFile("gapminder.json");
const carRows = rowsOf("cars.json");
const seattleRows = rowsOf("seattle-weather.csv");

/** With interpolation between the two nearest values. */
function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * level;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

/** Slope, R² and correlation of pairs, by their sums. */
function line(pairs: readonly (readonly [x: number, y: number])[]) {
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  const [mx, my] = [mean(xs), mean(ys)];
  const xy = sum(pairs.map(([x, y]) => (x - mx) * (y - my)));
  const xx = sum(xs.map((x) => (x - mx) ** 2));
  const yy = sum(ys.map((y) => (y - my) ** 2));
  return { slope: xy / xx, r2: xy ** 2 / (xx * yy), r: xy / Math.sqrt(xx * yy) };
}

const pairsOf = (rows: readonly SourceRow[], x: string, y: string) =>
  rows.flatMap((row): [number, number][] =>
    typeof row[x] === "number" && typeof row[y] === "number" ? [[row[x], row[y]]] : [],
  );

describe("quantiles and spread", () => {
  test.each([
    ["90th percentile of horsepower", 0.9],
    ["das 90. Perzentil der PS", 0.9],
    ["P90 of horsepower", 0.9],
    ["lower quartile of horsepower", 0.25],
    ["0,75-Quantil der PS", 0.75],
  ])("%s", async (question, level) => {
    const [value] = firstRow(await ask(cars, question));
    expect(value).toBeCloseTo(quantile(numbers(carRows, "Horsepower"), level), 6);
  });

  test("a percentile beyond 100, and one without a number", async () => {
    await refusal(cars, "120th percentile of horsepower");
    await refusal(cars, "percentile of horsepower");
  });

  test("quartiles, range, variance", async () => {
    const power = numbers(carRows, "Horsepower");
    const quartiles = firstRow(await ask(cars, "Quartile der PS"));
    expect(quartiles).toEqual([0.25, 0.5, 0.75].map((level) => quantile(power, level)));
    expect(firstRow(await ask(cars, "Spannweite der PS"))).toEqual([
      Math.max(...power) - Math.min(...power),
    ]);
    const [variance] = firstRow(await ask(cars, "variance of horsepower"));
    const m = mean(power);
    expect(variance).toBeCloseTo(sum(power.map((p) => (p - m) ** 2)) / (power.length - 1), 6);
  });

  test("outliers by the IQR rule, with the bounds said", async () => {
    const power = numbers(carRows, "Horsepower");
    const [low, high] = [quantile(power, 0.25), quantile(power, 0.75)];
    const bound = high + 1.5 * (high - low);
    const answer = await ask(cars, "Ausreißer bei den PS");
    expect(columnOf(answer, "Horsepower")).toHaveLength(power.filter((p) => p > bound).length);
    expect(columnOf(answer, "high")[0]).toBeCloseTo(bound, 6);
    expect(answer.sentence).toContain("IQR");
    await refusal(cars, "outliers");
  });

  test("no outliers: the bounds all the same, and no row", async () => {
    const answer = await ask(cars, "outliers in displacement");
    expect(answer.table?.rows).toEqual([]);
    expect(answer.sentence).toContain("597.5");
  });
});

describe("shares", () => {
  test("of all groups sum to 100 %", async () => {
    for (const question of ["share of cars by origin", "Anteil der Autos pro Herkunft"]) {
      const shares = columnOf(await ask(cars, question), "share(count)") as number[];
      expect(sum(shares)).toBeCloseTo(100, 9);
      const usa = carRows.filter((row) => row.Origin === "USA").length;
      expect(shares[0]).toBeCloseTo((100 * usa) / carRows.length, 9);
    }
  });

  test("of what meets a condition; what the verb says is the part", async () => {
    const japan = carRows.filter((row) => row.Origin === "Japan");
    const many = japan.filter((row) => Number(row.Cylinders) > 4);
    const question = "Wie viel Prozent der Autos aus Japan haben mehr als 4 Zylinder?";
    expect(firstRow(await ask(cars, question))).toEqual([
      ...[(100 * many.length) / japan.length, many.length, japan.length],
    ]);
    await refusal(
      cars,
      "What is the share of Japanese cars with more than 4 cylinders and 100 horsepower?",
    );
  });

  test("a named group is shown, the others still count", async () => {
    const [name, count, share] = firstRow(
      await ask(cars, "Welchen Rang hat Japan nach mittleren PS?"),
    );
    expect([name, share]).toEqual(["Japan", 3]);
    expect(count).toBeCloseTo(
      mean(
        numbers(
          carRows.filter((row) => row.Origin === "Japan"),
          "Horsepower",
        ),
      ),
      9,
    );
  });

  test("a mean has no share", async () => {
    await refusal(cars, "share of mean horsepower by origin");
  });
});

describe("over time", () => {
  const months = (year: string) =>
    [
      ...groupBy(
        seattleRows.filter((row) => String(row.date).startsWith(year)),
        (row) => String(row.date).slice(0, 7),
      ),
    ].map(([, rows]) => sum(numbers(rows, "precipitation")));

  test("running total, in order, ends at the whole", async () => {
    const answer = await ask(seattle, "Kumulierter Niederschlag pro Monat im Jahr 2013");
    const running = columnOf(answer, "running(sum(precipitation))") as number[];
    let so_far = 0;
    const expected = months("2013").map((month) => (so_far += month));
    for (const [index, value] of running.entries()) expect(value).toBeCloseTo(expected[index]!, 6);
  });

  test("growth: the first has none, and that is said", async () => {
    const years = ["2012", "2013", "2014", "2015"].map((year) => sum(months(year)));
    const answer = await ask(seattle, "growth of precipitation per year");
    const [first, ...growth] = columnOf(answer, "growth(sum(precipitation))") as number[];
    expect(first).toBeUndefined();
    for (const [index, value] of growth.entries())
      expect(value).toBeCloseTo(100 * (years[index + 1]! / years[index]! - 1), 6);
    expect(answer.sentence).toContain("nothing before it");
  });

  test("a single year is compared with the one before, which is not shown", async () => {
    const question =
      "Um wie viel Prozent ist der Niederschlag 2014 gegenüber dem Vorjahr gestiegen?";
    const growth = columnOf(await ask(seattle, question), "growth(sum(precipitation))");
    expect(growth).toHaveLength(1);
    expect(growth[0]).toBeCloseTo(100 * (sum(months("2014")) / sum(months("2013")) - 1), 6);
  });

  test("from one year to another: the ends, not the steps", async () => {
    const rows = rowsOf("gapminder.json").filter((row) => row.country === "China");
    const of = (year: number) => Number(rows.find((row) => row.year === year)!.life_expect);
    const question = "How much did life expectancy in China increase from 1960 to 2000?";
    const answer = await ask(gapminder, question);
    expect(columnOf(answer, "difference(mean(life_expect))")[1]).toBeCloseTo(
      of(2000) - of(1960),
      9,
    );
  });

  test("a change has no direction without time or two sides", async () => {
    await refusal(vegaFile("penguins.json"), "growth of body mass by species");
    await refusal(seattle, "difference between maximum and minimum temperature per month");
  });
});

describe("two columns", () => {
  test("correlation, with n and its strength in words", async () => {
    const pairs = pairsOf(carRows, "Horsepower", "Weight_in_lbs");
    const answer = await ask(cars, "Korrelation zwischen PS und Gewicht");
    expect(firstRow(answer)).toEqual([expect.closeTo(line(pairs).r, 9), pairs.length]);
    expect(answer.sentence).toContain("stark und positiv");
    await refusal(cars, "correlation of horsepower");
    await refusal(cars, "correlation between horsepower and origin");
  });

  test("a trend over dates is per year", async () => {
    const pairs = rowsOf("co2-concentration.csv").map((row): [number, number] => [
      Date.parse(String(row.Date)) / (365.25 * 86_400_000),
      Number(row.CO2),
    ]);
    const { slope, r2 } = line(pairs);
    const answer = await ask(vegaFile("co2-concentration.csv"), "linear trend of CO2");
    const [found, fit, points] = firstRow(answer);
    expect(found).toBeCloseTo(slope, 6);
    expect(fit).toBeCloseTo(r2, 6);
    expect(points).toBe(pairs.length);
    expect(answer.sentence).toMatch(/per year \(R² = 0\.977, n = 741\)/);
  });

  test("a line of one column over another", async () => {
    const [slope] = firstRow(await ask(cars, "linear regression of mpg on horsepower"));
    expect(slope).toBeCloseTo(line(pairsOf(carRows, "Horsepower", "Miles_per_Gallon")).slope, 9);
  });
});

describe("groups", () => {
  test("bins of a number", async () => {
    const answer = await ask(cars, "Anzahl der Autos nach PS in 50er-Schritten");
    const bins = groupBy(
      carRows.filter((row) => row.Horsepower !== null),
      (row) => String(Math.floor(Number(row.Horsepower) / 50) * 50),
    );
    const counts = [...bins]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, rows]) => rows.length);
    expect(columnOf(answer, "count").slice(0, counts.length)).toEqual(counts);
    await refusal(cars, "number of cars by horsepower in bins of 0");
  });

  test("conditions on groups", async () => {
    const answer = await ask(cars, "Which origins have more than 75 cars?");
    expect(columnOf(answer, "Origin")).toEqual(["USA", "Japan"]);
    await refusal(cars, "average horsepower of more than 100");
  });

  test("the best rows of each group, ties included", async () => {
    const answer = await ask(cars, "heaviest car per origin");
    const expected = [...groupBy(carRows, (row) => String(row.Origin))].map(([, rows]) =>
      Math.max(...numbers(rows, "Weight_in_lbs")),
    );
    expect(new Set(columnOf(answer, "Weight_in_lbs"))).toEqual(new Set(expected));
  });

  test("ranks share a place", async () => {
    const ranks = columnOf(await ask(cars, "rank the years by number of cars"), "rank(count)");
    expect(ranks[0]).toBe(1);
    expect(new Set(ranks).size).toBeLessThan(ranks.length);
  });
});

describe("texts, gaps and repetitions", () => {
  test.each([
    ["cars whose name contains ford", (name: string) => name.includes("ford")],
    ["Autos, deren Name mit „toyota“ beginnt", (name: string) => name.startsWith("toyota")],
    ["cars whose name ends with custom", (name: string) => name.endsWith("custom")],
  ])("%s", async (question, fits) => {
    const expected = carRows.filter((row) => fits(String(row.Name))).length;
    expect((await ask(cars, question)).table?.rows).toHaveLength(expected);
  });

  test("missing values per column", async () => {
    const answer = await ask(cars, "Welche Spalten haben fehlende Werte?");
    expect(columnOf(answer, "column").slice(0, 2)).toEqual(["Miles_per_Gallon", "Horsepower"]);
    expect(columnOf(answer, "missing").slice(0, 3)).toEqual([8, 6, 0]);
  });

  test("duplicates of whole rows and of a column", async () => {
    expect((await ask(cars, "Gibt es Duplikate?")).table?.rows).toEqual([]);
    const repeated = [...groupBy(carRows, (row) => String(row.Name))].filter(
      ([, rows]) => rows.length > 1,
    );
    expect((await ask(cars, "duplicate names")).table?.rows).toHaveLength(repeated.length);
  });

  test("a column described", async () => {
    const weights = numbers(carRows, "Weight_in_lbs");
    const row = firstRow(await ask(cars, "describe the weight")) as number[];
    expect(row[0]).toBe(weights.length);
    expect(row[1]).toBeCloseTo(mean(weights), 9);
    expect(row[4]).toBeCloseTo(quantile(weights, 0.25), 9);
    expect(row[7]).toBe(Math.max(...weights));
  });
});
