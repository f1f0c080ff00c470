/** Questions that once had an answer to another question, and mechanisms that came of them. */
import { describe, expect, test } from "vitest";
import { groupBy, max, mean, numbers, rowsOf, sum } from "../../../../test/goals/source.ts";
import { columnOf, firstRow, vegaFile } from "./testing/ask.ts";
import { dataSuite } from "./testing/suite.ts";

const { files, ask, refusal } = dataSuite();
const shop = vegaFile("umsatz.csv");
const cars = vegaFile("cars.json");
const jobs = vegaFile("jobs.json");
const people = vegaFile("population.json");
const strikes = vegaFile("birdstrikes.csv");
const sales = rowsOf("umsatz.csv");

describe("words that were left out, and are now used or refused", () => {
  test("different names are counted, and no difference is taken", async () => {
    const names = new Set(rowsOf("cars.json").map(({ Name }) => Name));
    expect(firstRow(await ask(cars, "How many different car names are there?"))).toEqual([
      names.size,
    ]);
  });

  test.each([
    [cars, "cars with the same weight"],
    [vegaFile("football.json"), "How many matches ended in a draw?"],
    [shop, "Was verkauft sich am schlechtesten?"],
  ])("refused: %s %s", async (file, question) => {
    await refusal(file, question);
  });

  test("a superlative behind its figure is no column called high", async () => {
    const days = rowsOf("ohlc.json");
    const highest = max(numbers(days, "close"));
    const answer = await ask(vegaFile("ohlc.json"), "On which day was the closing price highest?");
    expect(columnOf(answer, "close")).toEqual([highest]);
  });

  test("men and women are two groups, and nobody in particular", async () => {
    const answer = await ask(vegaFile("survey-100.csv"), "Average age of men and women");
    expect(answer.table?.rows).toHaveLength(2);
  });

  test("a film with the most votes is a row", async () => {
    const votes = max(numbers(rowsOf("movies.json"), "IMDB Votes"));
    const answer = await ask(vegaFile("movies.json"), "Film mit den meisten IMDB-Stimmen");
    expect(firstRow(answer)).toEqual(["The Shawshank Redemption", votes]);
  });
});

describe("periods and sums", () => {
  test("the same quarter of another year", async () => {
    const answer = await ask(shop, "Umsatz im ersten Quartal 2024 und 2025");
    const quarters = columnOf(answer, "sum(Umsatz)") as number[];
    expect(quarters).toHaveLength(2);
    const first = sales.filter(({ Datum }) => /^2025-0[1-3]/.test(String(Datum)));
    expect(quarters[1]).toBeCloseTo(sum(numbers(first, "Umsatz")), 6);
  });

  test("people of one year are added up, whatever else tells rows apart", async () => {
    const young = rowsOf("population.json").filter(({ year, age }) => year === 2000 && age === 0);
    const answer = await ask(people, "population by age group in 2000");
    expect(columnOf(answer, "sum(people)")[0]).toBe(sum(numbers(young, "people")));
    expect((await ask(people, "Einwohner 1950")).table?.rows).toHaveLength(1);
  });

  test("counts are added up where rows only hold them", async () => {
    const answer = await ask(jobs, "What was the most common job in 1900?");
    expect(firstRow(answer)[0]).toBe("Farmer");
    await refusal(jobs, "What was the most common hobby in 1900?");
  });

  test("when sales were highest is a day, and no single sale", async () => {
    const days = groupBy(sales, ({ Datum }) => String(Datum));
    const most = max([...days.values()].map((rows) => sum(numbers(rows, "Umsatz"))));
    const answer = await ask(shop, "Wann war der Umsatz am höchsten?");
    expect(max(columnOf(answer, "sum(Umsatz)") as number[])).toBeCloseTo(most, 6);
  });

  test.each([
    "durchschnittlicher monatlicher Umsatz",
    "average monthly revenue",
    "Umsatz pro Monat im Durchschnitt",
  ])("what the months come to on average: %s", async (question) => {
    const months = groupBy(sales, ({ Datum }) => String(Datum).slice(0, 7));
    const totals = [...months.values()].map((rows) => sum(numbers(rows, "Umsatz")));
    expect(firstRow(await ask(shop, question))[0]).toBeCloseTo(mean(totals), 6);
    await refusal(shop, question.replace(/Umsatz|revenue/, "Gewinn"));
  });
});

describe("what changed most, from first to last", () => {
  const gains = files.make(
    "levels.csv",
    "year,place,level\n2000,A,5\n2001,A,9\n2000,B,7\n2001,B,2\n2000,C,1\n2001,C,2\n",
  );

  test.each([
    ["Which place rose the most?", "A"],
    ["Which place's level dropped the most?", "B"],
    ["Welcher Ort ist am stärksten gestiegen?", "A"],
  ])("%s", async (question, place) => {
    const file = question.startsWith("Welch")
      ? files.make("orte.csv", "Jahr,Ort,Pegel\n2000,A,5\n2001,A,9\n2000,B,7\n2001,B,2\n")
      : gains;
    expect(firstRow(await ask(file, question))[0]).toBe(place);
  });

  test("needs one figure for each at a time", async () => {
    await refusal(shop, "Welche Filiale ist am stärksten gewachsen?");
  });
});

describe("two held apart", () => {
  const weights = groupBy(rowsOf("cars.json"), ({ Origin }) => String(Origin));
  const heavy = (origin: string) => mean(numbers(weights.get(origin)!, "Weight_in_lbs"));

  test.each([
    "How much heavier are American cars than Japanese cars?",
    "Wie viel schwerer sind amerikanische Autos als japanische?",
  ])("%s", async (question) => {
    const apart = columnOf(await ask(cars, question), "difference(mean(Weight_in_lbs))");
    expect(apart.filter((each) => each !== undefined && each !== null)).toContainEqual(
      expect.closeTo(heavy("USA") - heavy("Japan"), 6),
    );
  });
});

describe("how long, between two columns", () => {
  const monarchs = vegaFile("monarchs.json");

  test.each(["Which monarch reigned the longest?", "Wer regierte am längsten?"])(
    "%s",
    async (question) => {
      const [name, years] = firstRow(await ask(monarchs, question));
      expect([name, Number(years)]).toEqual(["George III", 60]);
    },
  );

  test("days between dates; nothing where there is one date only", async () => {
    const stays = files.make("stays.csv", "guest,start,end\nAda,2024-01-01,2024-01-04\n");
    expect(firstRow(await ask(stays, "average duration")).map(Number)).toEqual([3]);
    const visits = files.make("visits.csv", "guest,start\nAda,2024-01-01\nBen,2024-02-01\n");
    await refusal(visits, "average duration");
  });
});

describe("two words of one column that stand apart", () => {
  test.each([
    ["which airline paid the most for repairs in total?", "sum(Cost Repair)"],
    ["Was haben die Vogelschläge insgesamt gekostet?", "sum(Cost Total $)"],
  ])("%s", async (question, column) => {
    const { table } = await ask(strikes, question);
    expect(table?.columns?.map(({ name }) => name)).toContain(column);
  });

  test("satisfaction with something", async () => {
    const survey = vegaFile("survey-100.csv");
    const answer = await ask(survey, "Wie zufrieden sind die Leute mit der App?");
    const figures = numbers(rowsOf("survey-100.csv"), "app_satisfaction");
    expect(firstRow(answer)[0]).toBeCloseTo(mean(figures), 6);
    await refusal(survey, "Wie zufrieden sind die Leute mit dem Wetter?");
  });
});

describe("rankings of kinds and from both ends", () => {
  test("the kinds that the rows are of", async () => {
    const industries = vegaFile("unemployment-across-industries.json");
    const asked = "Rank the industries by their average unemployment rate in 2009";
    const { table } = await ask(industries, asked);
    expect(table?.rows).toHaveLength(14);
    await refusal(industries, asked.replace("unemployment rate", "wage"));
  });

  test("the first and the last", async () => {
    const answer = await ask(
      vegaFile("gapminder-health-income.csv"),
      "top three countries by income and bottom three too",
    );
    expect(answer.sentence).toMatch(/Qatar.*Central African Republic/);
  });

  test("the most people in a table of jobs", async () => {
    const answer = await ask(jobs, "Nenn mir die drei jobs mit den meisten Leuten im Jahr 2000");
    expect(columnOf(answer, "job")).toHaveLength(3);
    await refusal(cars, "Nenn mir die drei Marken mit den meisten Leuten");
  });

  test("people under an age are of that age", async () => {
    const rows = rowsOf("population.json").filter(({ year }) => year === 2000);
    const young = rows.filter(({ age }) => Number(age) < 20);
    const share = (100 * sum(numbers(young, "people"))) / sum(numbers(rows, "people"));
    const answer = await ask(people, "What share of the people in 2000 was under 20?");
    expect(firstRow(answer)[0]).toBeCloseTo(share, 6);
  });
});
