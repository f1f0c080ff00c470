/** What people of many trades typed at first sight, each with a twin that must not be answered so. */
import { describe, expect, test } from "vitest";
import { mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { ask, refusal } = dataSuite();
const shop = vegaFile("umsatz.csv");
const stays = vegaFile("messy-dates.csv");
const survey = vegaFile("survey-100.csv");
const regions = vegaFile("breit.csv");
const readings = vegaFile("messwerte.csv");
const cars = vegaFile("cars.json");
const penguins = vegaFile("penguins.json");
const football = vegaFile("football.json");
const airports = vegaFile("airports.csv");
const routes = vegaFile("flights-airport.csv");
const wheat = vegaFile("wheat.json");
const stocks = vegaFile("stocks.csv");
const lives = vegaFile("gapminder.json");
const films = vegaFile("movies.json");

describe("a column for each year", () => {
  test("is time: courses, growth and sums over all", async () => {
    const course = await ask(regions, "Zeig mir den Verlauf von Tirol");
    expect(columnOf(course, "Jahr")).toHaveLength(10);
    expect(course.sentence).toMatch(/von 46\.805 auf 55\.388/);
    const sums = await ask(regions, "Summe aller Bundesländer je Jahr");
    const tenth = sum(rowsOf("breit.csv").map((row) => Number(row["2024"])));
    expect(columnOf(sums, "sum(Wert)").at(-1)).toBeCloseTo(tenth, 4);
    const growth = await ask(regions, "Um wie viel Prozent liegt Wien 2024 über 2020?");
    expect(Number(columnOf(growth, "growth(mean(Wert))").at(-1))).toBeCloseTo(62.57, 1);
  });

  test("of each region between two years, one row each, and the SQL says how", async () => {
    const changes = await ask(regions, "Veränderung 2019 auf 2020 in Prozent pro Bundesland");
    expect(columnOf(changes, "growth(mean(Wert))")).toHaveLength(9);
    expect(changes.sql).toContain("UNPIVOT INCLUDE NULLS");
  });

  test("what the columns answer as they stand is answered from them", async () => {
    const answer = await ask(regions, "Welches Bundesland hatte 2024 den höchsten Wert?");
    expect(answer.sql).not.toContain("UNPIVOT");
    await refusal(regions, "Welches Jahr war für Wien am besten?");
  });
});

describe("times", () => {
  test("quarters of a few years are each their own, and one that is sought recurs", async () => {
    expect(columnOf(await ask(shop, "revenue per quarter"), "sum(Umsatz)")).toHaveLength(8);
    const best = await ask(shop, "Welches Quartal hat den höchsten Umsatz?");
    expect(columnOf(best, "sum(Umsatz)")).toHaveLength(4);
  });

  test("are those of the date that is spoken of", async () => {
    expect((await ask(stays, "Anreisen pro Monat")).sql).toContain('"Arrival"');
    expect((await ask(stays, "Summe Nights pro Monat (Arrival)")).sql).toContain('"Arrival"');
    expect((await ask(stays, "bookings per month")).sql).toContain('"Booked on"');
  });

  test("before and after a moment is no figure after it", async () => {
    await refusal(vegaFile("global-temp.csv"), "Durchschnittstemperatur nach 2000 und davor");
  });

  test("a change between two years in percent is growth, and no share", async () => {
    const answer = await ask(
      shop,
      "Wie hat sich der Umsatz je Produkt von 2024 auf 2025 in Prozent veraendert?",
    );
    expect(columnOf(answer, "growth(sum(Umsatz))")).toHaveLength(5);
  });
});

describe("people", () => {
  test("over sixty are of that age, whatever is asked of them", async () => {
    const old = rowsOf("survey-100.csv").filter(({ age }) => Number(age) > 60);
    const answer = await ask(survey, "average satisfaction with delivery for people over 60");
    expect(firstRow(answer)[0]).toBeCloseTo(mean(numbers(old, "delivery_satisfaction")), 6);
    expect((await ask(survey, "income of women over 60")).sql).toContain('"age" > 60');
  });

  test("that were cancelled are a state, and to cancel is a deed", async () => {
    expect((await ask(stays, "bookings not counting cancelled ones")).sql).toContain(
      `"Status" <> 'cancelled'`,
    );
    await refusal(stays, "cancel booking B-1031");
  });
});

describe("rows and figures", () => {
  test("a number before a column and what has it is a condition", async () => {
    const answer = await ask(cars, "how many 4 cylinder cars come from Japan");
    const four = rowsOf("cars.json").filter(
      ({ Cylinders, Origin }) => Number(Cylinders) === 4 && Origin === "Japan",
    );
    expect(firstRow(answer)).toEqual([four.length]);
    expect((await ask(cars, "cars with cylinders 3 or 5")).table?.rowCount).toBe(7n);
  });

  test("what is shown besides adds up to nothing", async () => {
    const answer = await ask(films, "Filme von Steven Spielberg nach 2000, mit Worldwide Gross");
    expect(answer.table?.columns?.map(({ name }) => name)).toEqual(["Title", "Worldwide Gross"]);
    const poor = await ask(lives, "the 3 countries with the lowest fertility in 2005 with pop");
    expect(poor.table?.rows).toHaveLength(3);
  });

  test("„Anzahl Nächte“ adds them up, „Anzahl Zylinder“ is not clear", async () => {
    const answer = await ask(stays, "anzahl uebernachtungen pro gast");
    expect(columnOf(answer, "sum(Nights)")).toHaveLength(12);
    await refusal(cars, "Anzahl Zylinder pro Herkunft");
  });

  test("which one that is, after the greatest", async () => {
    const answer = await ask(
      penguins,
      "Wie schwer ist der schwerste Pinguin und welche Art ist das?",
    );
    expect(answer.sentence).toContain("Gentoo");
    expect((await ask(stocks, "When was Apple at its highest?")).sentence).toContain("March 2010");
  });

  test("a table of counts is counted by them", async () => {
    const there = rowsOf("flights-airport.csv").filter(
      ({ origin, destination }) => origin === "ATL" && destination === "LAX",
    );
    const answer = await ask(routes, "how many flights from ATL to LAX");
    expect(firstRow(answer)).toEqual([sum(numbers(there, "count"))]);
    const busiest = await ask(routes, "busiest route");
    expect(busiest.table?.columns).toHaveLength(3);
    expect(firstRow(await ask(routes, "how many rows are there"))).toEqual([5366]);
  });
});

describe("words", () => {
  test("of a name are found in it", async () => {
    const inside = await ask(airports, "airports in Alaska that have international in their name");
    expect(inside.sql).toContain("contains");
    const starts = await ask(vegaFile("zipcodes.csv"), "alle Postleitzahlen, die mit 902 anfangen");
    expect(starts.sql).toContain("starts_with");
    const league = await ask(football, "premier league matches in 2015");
    expect(league.sql).toContain("English Premier League");
  });

  test("beside a column that only say what kind of figure it is are left out", async () => {
    const prices = numbers(rowsOf("wheat.json"), "wheat");
    expect(firstRow(await ask(wheat, "Mittlerer Weizenpreis"))[0]).toBeCloseTo(mean(prices), 6);
    await refusal(wheat, "average oat price");
  });

  test("without umlauts are the same", async () => {
    expect((await ask(shop, "Umsatz in Muenchen")).sql).toContain("München");
  });

  test("that name another column tell which of two is meant", async () => {
    const goals = numbers(rowsOf("football.json"), "home_score");
    const answer = await ask(football, "Wie viele Tore schießt die Heimmannschaft im Schnitt?");
    expect(firstRow(answer)[0]).toBeCloseTo(mean(goals), 6);
    await refusal(football, "Wie viele Tore schießt die Mannschaft im Schnitt?");
  });

  test("a quantile of the only figure needs no name", async () => {
    expect((await ask(readings, "95th percentile")).sentence).toContain("13.18");
    await refusal(cars, "95th percentile");
  });
});
