/** Ways of saying that were refused or misread, each with a twin that must not be answered so. */
import { describe, expect, test } from "vitest";
import { mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { ask, refusal } = dataSuite();
const shop = vegaFile("umsatz.csv");
const seattle = vegaFile("seattle-weather.csv");
const cars = vegaFile("cars.json");
const films = vegaFile("movies.json");
const penguins = vegaFile("penguins.json");
const regions = vegaFile("breit.csv");
const stays = vegaFile("messy-dates.csv");
const rain = (from: string, to: string) =>
  sum(
    numbers(
      rowsOf("seattle-weather.csv").filter(
        ({ date }) => String(date) >= from && String(date) <= to,
      ),
      "precipitation",
    ),
  );

describe("one by one", () => {
  test("a thing by the same thing is each of them", async () => {
    const answer = await ask(shop, "Umsatz 2025 ohne Kakao, bitte Filiale für Filiale");
    expect(columnOf(answer, "Filiale")).toHaveLength(4);
    expect(columnOf(answer, "sum(Umsatz)")).toHaveLength(4);
    expect((await ask(cars, "mean horsepower origin by origin")).table?.rows).toHaveLength(3);
    await refusal(seattle, "rain product by product");
  });

  test("added up step by step it runs, and per step it does not", async () => {
    const running = await ask(seattle, "Precipitation in 2013, month by month, summed up");
    expect(columnOf(running, "running(sum(precipitation))").at(-1)).toBeCloseTo(
      rain("2013-01-01", "2013-12-31"),
      6,
    );
    const plain = await ask(shop, "Umsatz pro Monat 2025 aufsummiert");
    expect(plain.table?.columns).toHaveLength(2);
  });

  test("in each case there must be cases", async () => {
    const answer = await ask(cars, "mean weight by origin, and how many cars that is in each case");
    expect(columnOf(answer, "count")).toEqual([254, 73, 79]);
    await refusal(cars, "mean weight in each case");
  });

  test("steps of a measured column, in its own unit", async () => {
    const answer = await ask(penguins, "mean flipper length for each 0.5 kg of body mass");
    expect(answer.table?.rows).toHaveLength(8);
    await refusal(penguins, "flipper length for each 500 seconds of body mass");
  });
});

describe("missing values", () => {
  test.each([
    [films, "What percentage of films lack an IMDB Rating?", /^6\.65%/],
    [films, "What share of movies has no known Running Time?", /^62\.23%/],
    [penguins, "Bei welchem Anteil der Pinguine ist Body Mass unbekannt?", /^0,581\s%/],
    [
      vegaFile("birdstrikes.csv"),
      "Bei wie viel Prozent der Einträge fehlt Speed IAS in knots?",
      /^28,36\s%/,
    ],
  ])("a share of what is missing counts rows: %#", async (file, question, percent) => {
    expect((await ask(file, question)).sentence).toMatch(percent);
  });

  test("gaps per column, also with a slip", async () => {
    const answer = await ask(penguins, "Which colums have gaps and how many are there in each?");
    expect(firstRow(answer)).toContain("Sex");
    await ask(penguins, "In welchen Splaten gibt es Lücken?");
    await refusal(penguins, "Which colanders have gaps?");
  });
});

describe("dates", () => {
  test.each([
    ["total precipitation from December 28 to January 3, 2014", "2013-12-28", "2014-01-03"],
    ["Summe Niederschlag vom 29. April bis 3. Mai 2013", "2013-04-29", "2013-05-03"],
    ["Wie viel regnete es vom 3. bis 10. Januar 2013?", "2013-01-03", "2013-01-10"],
    ["total precipitation between June 5 and June 20, 2015", "2015-06-05", "2015-06-20"],
  ])("what the first day leaves out, the last one says: %s", async (question, from, to) => {
    expect(firstRow(await ask(seattle, question))[0]).toBeCloseTo(rain(from, to), 6);
  });

  test("a day after its end begins nothing", async () => {
    await refusal(seattle, "total precipitation from 17 to 3 May 2014");
  });

  test("a column that covers one year has each quarter once", async () => {
    const quarters = columnOf(
      await ask(stays, "Bookings per quarter of arrival"),
      "quarter(Arrival)",
    );
    expect(quarters[0]).toBe("2025-01-01");
  });

  test("columns that are called like years are ranked by", async () => {
    const answer = await ask(regions, "Welche drei Bundesländer lagen 2023 vorn?");
    expect(columnOf(answer, "Bundesland")).toEqual(["Tirol", "Salzburg", "Wien"]);
    const growth = await ask(regions, "Wie ist Tirol seit 2019 gewachsen?");
    expect(columnOf(growth, "Jahr")).toEqual([2019, 2024]);
  });
});

describe("verbs and nouns of the subject", () => {
  test("a verb in two parts is one, and „weg“ alone is not left out", async () => {
    const pieces = rowsOf("umsatz.csv").filter(({ Produkt }) => Produkt === "Bagel");
    const answer = await ask(shop, "Wie viele Bagel gehen insgesamt weg?");
    expect(firstRow(answer)).toEqual([sum(numbers(pieces, "Menge"))]);
    await refusal(shop, "Lass Kakao weg und zeig den Umsatz pro Filiale");
  });

  test("what rows are called where a column numbers them", async () => {
    const gifts = vegaFile("political-contributions.json");
    const answer = await ask(gifts, "What percentage of the candidates is REP or DEM?");
    expect(answer.sentence).toContain("51 of 58");
    await refusal(gifts, "What percentage of the voters is REP or DEM?");
  });

  test("how figures are distributed is said by steps", async () => {
    const counts = columnOf(await ask(seattle, "How is the wind distributed?"), "count");
    expect(sum(counts as number[])).toBe(1461);
  });

  test("a column in brackets behind the question is its figure", async () => {
    const said = "How much did we charge in total for confirmed stays of at least 3 nights?";
    const confirmed = rowsOf("messy-dates.csv").filter(
      ({ Status, Nights }) => Status === "confirmed" && Number(Nights) >= 3,
    );
    const answer = await ask(stays, `${said} (Price)`);
    expect(firstRow(answer)[0]).toBeCloseTo(sum(numbers(confirmed, "Price")), 6);
    await refusal(stays, said);
  });

  test("but only for", async () => {
    const [value] = firstRow(await ask(cars, "mean horsepower, but only for Japan"));
    const japanese = rowsOf("cars.json").filter(({ Origin }) => Origin === "Japan");
    expect(value).toBeCloseTo(mean(numbers(japanese, "Horsepower")), 6);
  });
});
