/** What could be guessed and must not be: each of these once had, or could have, a wrong answer. */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { describe, expect, test } from "vitest";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { files, ask, refusal } = dataSuite();

describe("words that would be left out", () => {
  test.each([
    ["cars.json", "top 10% horsepower", "%"],
    ["cars.json", "average weight of rusty cars", "rusty"],
    ["unemployment-across-industries.json", "average rate by region", "region"],
    ["crimea.json", "total deaths from cholera per year", "cholera"],
    ["seattle-weather.csv", "longest dry period", "dry"],
  ])("%s: %s", async (file, question, words) => {
    const { detail } = await refusal(vegaFile(file), question);
    expect(detail.message).toContain(words);
  });
});

describe("a question back", () => {
  test("has one whole question per candidate, and each is answered", async () => {
    const movies = vegaFile("movies.json");
    const { reason, detail } = await refusal(movies, "average rating by genre since 2000");
    expect(reason).toBe(Reason.AMBIGUOUS);
    expect(detail.metadata?.candidates).toBe("IMDB Rating, Rotten Tomatoes Rating");
    expect(detail.suggestions).toHaveLength(2);
    const names = ["mean(IMDB Rating)", "mean(Rotten Tomatoes Rating)"];
    for (const [index, question] of (detail.suggestions ?? []).entries()) {
      const { sql = "", table } = await ask(movies, question);
      expect(sql).toContain("2000-01-01");
      expect(table?.columns?.map(({ name }) => name)).toContain(names[index]);
    }
  });

  test("other readings are questions that are read so", async () => {
    const seattle = vegaFile("seattle-weather.csv");
    const { understanding } = await ask(seattle, "Niederschlag pro Monat");
    const others = understanding?.parts?.flatMap(({ alternatives = [] }) => alternatives) ?? [];
    expect(others.map(({ question }) => question)).toEqual([
      "Mittelwert von Niederschlag pro Monat im Zeitverlauf",
      "Summe von Niederschlag pro Monat",
    ]);
    const [each, total] = await Promise.all(
      others.map(({ question = "" }) => ask(seattle, question)),
    );
    expect(each?.table?.rows).toHaveLength(48);
    expect(columnOf(total!, "sum(precipitation)")).toHaveLength(12);
  });
});

describe("rows that only hold figures", () => {
  test("are not counted for a share", async () => {
    const iowa = vegaFile("iowa-electricity.csv");
    const [share] = firstRow(await ask(iowa, "share of renewables in 2017"));
    expect(share).toBeCloseTo((100 * 21933) / (21933 + 29329 + 5214), 6);
  });

  test("with two figures, which one is meant must be said", async () => {
    await refusal(vegaFile("jobs.json"), "share by sex in 1950");
  });
});

describe("a file called after one of its columns", () => {
  test("the word stays the column", async () => {
    const file = files.make(
      "umsatz.csv",
      "Filiale;Umsatz (€)\nNord;1.234,56 €\nSüd;765,44 €\nNord;1.000,00 €\n",
    );
    const answer = await ask(file, "Umsatz pro Filiale");
    expect(columnOf(answer, "sum(Umsatz (€))")).toEqual([2234.56, 765.44]);
    expect(answer.sentence).toMatch(/2\.235\s€/);
  });
});

describe("small words", () => {
  test('"war" names no column of goods', async () => {
    const file = files.make("kasse.csv", "Produkt;Umsatz\nTee;10\nKaffee;20\n");
    expect(firstRow(await ask(file, "Wie hoch war der Gesamtumsatz?"))).toEqual([30]);
  });
});

describe("what a second clause is about", () => {
  test("a figure of the row that the first one found", async () => {
    const answer = await ask(
      vegaFile("cars.json"),
      "Which Japanese car has the best mileage and how heavy is it?",
    );
    expect(columnOf(answer, "Weight_in_lbs")).toEqual([2110]);
  });

  test("a mean over ranked rows is not the ranking", async () => {
    await refusal(vegaFile("cars.json"), "the average weight of the 10 heaviest cars");
  });
});

describe("orders", () => {
  const text = [
    "Land;Bestelldatum;Anzahl;Gesamtpreis;Status;Verkäufer",
    "Schweiz;01.02.2024;3;300,00;bezahlt;Anna",
    "Schweiz;01.02.2024;1;50,00;storniert;Ben",
    "Schweiz;02.02.2024;9;900,00;bezahlt;Anna",
    "Italien;02.02.2024;2;80,00;bezahlt;Ben",
    "Italien;03.02.2024;4;10,00;offen;Ben",
    "Italien;03.02.2024;4;20,00;offen;Anna",
  ].join("\n");
  const orders = files.make("bestellungen.csv", `${text}\n`);

  test("a share of each group is of that group's rows", async () => {
    const answer = await ask(orders, "Anteil bezahlter Bestellungen pro Land");
    const shares = Object.fromEntries(
      columnOf(answer, "Land").map((land, index) => [
        land,
        columnOf(answer, "share(count of part)")[index],
      ]),
    );
    expect(shares.Schweiz).toBeCloseTo(200 / 3, 9);
    expect(shares.Italien).toBeCloseTo(100 / 3, 9);
  });

  test("a number of orders counts them, whatever the columns are called", async () => {
    expect(firstRow(await ask(orders, "Anzahl bezahlter Bestellungen"))).toEqual([3]);
  });

  test("who sells is no sale", async () => {
    const answer = await ask(orders, "Umsatz je Verkäufer");
    expect(columnOf(answer, "Verkäufer")).toEqual(["Anna", "Ben"]);
    expect(columnOf(answer, "sum(Gesamtpreis)")).toEqual([1220, 140]);
  });

  test("an amount per amount is no grouping", async () => {
    await refusal(vegaFile("cars.json"), "Leistung pro Gewicht");
  });
});
