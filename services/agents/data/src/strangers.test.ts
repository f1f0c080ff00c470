/** What strangers' phrasing needs, each mechanism with a twin where it must not apply. */
import { describe, expect, test } from "vitest";
import { mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { files, ask, refusal } = dataSuite();

const cars = vegaFile("cars.json");
const movies = vegaFile("movies.json");
const disasters = vegaFile("disasters.csv");
const barley = vegaFile("barley.json");
const penguins = vegaFile("penguins.json");
const people = vegaFile("lookup_people.csv");
const gapminder = vegaFile("gapminder.json");
const warming = vegaFile("global-temp.csv");

describe("words that only carry a sentence", () => {
  test("are left out, named, and lower the confidence", async () => {
    const answer = await ask(cars, "Mean horsepower per origin, all told");
    const { understanding } = answer;
    expect(columnOf(answer, "Origin")).toHaveLength(3);
    expect(understanding?.unknownWords).toEqual(["all told"]);
    expect(understanding?.confidence).toBeLessThan(1);
  });

  test("are what the table says that they are, where it has them", async () => {
    const orders = files.make("orders.csv", "id,state\n1,considered\n2,new\n3,considered\n4,new\n");
    expect(firstRow(await ask(orders, "how many orders are considered"))).toEqual([2]);
    expect(firstRow(await ask(cars, "how many cars are considered here"))).toEqual([406]);
  });

  test("an unknown word that can be a filter is never left out", async () => {
    await refusal(cars, "Mean horsepower of diesel cars per origin, all told");
    await refusal(barley, "Welche Sorte liefert in Bayern den höchsten Ertrag?");
  });

  test("a noun for a kind needs the kind before it", async () => {
    const answer = await ask(disasters, "total deaths by entity type");
    expect(columnOf(answer, "Entity")).toHaveLength(11);
    await refusal(cars, "how many cars by type");
  });
});

describe("people", () => {
  test("who die are counted by the number of deaths", async () => {
    const floods = rowsOf("disasters.csv").filter(({ Entity }) => Entity === "Flood");
    const [value] = firstRow(await ask(disasters, "How many people died in floods?"));
    expect(value).toBe(sum(numbers(floods, "Deaths")));
  });

  test("whom no column counts are not counted by rows", async () => {
    await refusal(cars, "How many people are there in Japan?");
    await refusal(barley, "which site has the most people");
  });

  test("where most of them live is a place", async () => {
    expect(firstRow(await ask(gapminder, "Wo leben die meisten Menschen?"))[0]).toBe("China");
  });
});

describe("one held against another", () => {
  test("two texts, two years", async () => {
    const answer = await ask(cars, "Are Japanese cars heavier than European cars?");
    expect(columnOf(answer, "Origin")).toEqual(["Europe", "Japan"]);
    const years = await ask(barley, "War der Ertrag 1932 niedriger als 1931?");
    expect(columnOf(years, "year")).toHaveLength(2);
  });

  test("two adjectives are two figures that go together", async () => {
    const { sentence } = await ask(penguins, "Do heavier penguins have longer flippers?");
    expect(sentence).toMatch(/correlation/);
  });

  test("one alone, or what no column says, is refused", async () => {
    await refusal(cars, "Are Japanese cars heavier?");
    await refusal(cars, "Are Japanese cars safer than European cars?");
    await refusal(penguins, "Do heavier penguins live longer than Adelie?");
  });
});

describe("places, ends and firsts", () => {
  test("the second highest, and those before it", async () => {
    const { sentence } = await ask(gapminder, "Welches Land hatte 1980 die zweithöchste pop?");
    expect(sentence).toMatch(/^Platz 2 .*India.*Davor: China/);
    await refusal(gapminder, "the second population in 1980");
  });

  test("from when to when, and not what happened when", async () => {
    expect(firstRow(await ask(gapminder, "From when to when?"))).toEqual([1955, 2005]);
    await refusal(penguins, "From when to when?");
  });

  test("the last year that the table has; last year is another", async () => {
    const answer = await ask(gapminder, "mean fertility in the latest year");
    const last = rowsOf("gapminder.json").filter(({ year }) => year === 2005);
    expect(firstRow(answer)[0]).toBeCloseTo(mean(numbers(last, "fertility")), 6);
    await refusal(gapminder, "mean fertility last year");
  });

  test("a comparison apart from its column", async () => {
    const answer = await ask(warming, "When was the temperature above 0.5 for the first time?");
    expect(firstRow(answer)).toContain(1998);
    await refusal(cars, "Which cars were above 200 for the first time?");
  });

  test("who is older; of whom nothing is known, nothing is said", async () => {
    const answer = await ask(people, "Wer ist älter als 40?");
    expect(columnOf(answer, "name")).toHaveLength(4);
    await refusal(people, "Wer ist reicher als 40?");
  });
});

describe("names of several words", () => {
  test("a series of films is all its films, a title is one", async () => {
    const titles = rowsOf("movies.json").map(({ Title }) => String(Title));
    const trek = titles.filter((title) => title.startsWith("Star Trek")).length;
    expect(trek).toBeGreaterThan(1);
    expect(firstRow(await ask(movies, "How many Star Trek movies are there?"))).toEqual([trek]);
    const { sentence } = await ask(movies, "What is the IMDB rating of Star Trek?");
    expect(sentence).not.toMatch(/starts with/);
  });
});

describe("kinds rather than rows", () => {
  test("each disaster is each kind of it, where rows are their years", async () => {
    const answer = await ask(disasters, "average deaths of each disaster");
    expect(columnOf(answer, "Entity")).toHaveLength(11);
    expect((await ask(cars, "average weight per car")).table?.rows).toHaveLength(1);
  });
});

describe("one unknown word", () => {
  test("is asked back about, and what is known is no answer", async () => {
    const { detail } = await refusal(cars, "Mean horsepower of diesel cars per origin");
    expect(detail.message).toContain("diesel");
    const [first = ""] = detail.suggestions ?? [];
    expect(first).toMatch(/horsepower.*origin/i);
    expect(columnOf(await ask(cars, first), "Origin")).toHaveLength(3);
  });

  test("of two, nothing is guessed", async () => {
    const { detail } = await refusal(cars, "Mean horsepower of diesel lorries per origin");
    expect(detail.suggestions?.[0]).not.toMatch(/^Mean of Horsepower per Origin$/);
  });
});

describe("words apart from what they are said of", () => {
  test("„auf“ groups after „verteilen“, and nowhere else", async () => {
    const answer = await ask(cars, "Wie verteilen sich die Autos auf die Anzahl der Zylinder?");
    expect(columnOf(answer, "Cylinders")).toHaveLength(5);
    const list = await ask(penguins, "Gewicht auf der Insel");
    expect(list.table?.rowCount).toBe(344n);
  });

  test("„hängen … zusammen“ adds nothing up, „zusammen“ does", async () => {
    const { sentence } = await ask(cars, "Hängen Gewicht und PS bei den Autos zusammen?");
    expect(sentence).toMatch(/Korrelation/);
    const sales = await ask(vegaFile("umsatz.csv"), "Umsatz über alle Filialen zusammen");
    expect(sales.table?.rows).toHaveLength(1);
  });

  test("the worst is by what is said to be the measure, and by nothing that is not", async () => {
    const sales = vegaFile("umsatz.csv");
    const answer = await ask(
      sales,
      "Welches Produkt läuft am schlechtesten, gemessen an der Menge?",
    );
    expect(answer.sentence).toMatch(/^Kakao/);
    await refusal(sales, "Welches Produkt läuft am schlechtesten, gemessen an der Beliebtheit?");
  });

  test("and when: of the highest itself, not of a mean", async () => {
    const stocks = vegaFile("stocks.csv");
    const { sentence } = await ask(stocks, "Which stock reached the highest price, and when?");
    expect(sentence).toMatch(/GOOG.*October 2007/);
    await refusal(stocks, "Which stock had the highest average price, and when?");
  });
});
