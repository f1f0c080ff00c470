/** People: their kings, their weight, their games, their wars, their code. */
import {
  both,
  countPer,
  deviation,
  key,
  meanPer,
  monthOf,
  of,
  quantile,
  running,
  sumPer,
  weekdayOf,
  weekOf,
  where,
  winner,
  year,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { numbers, type SourceRow, sum } from "../source.ts";

const monarchs = asking("monarchs.json");
const obesity = asking("obesity.json");
const football = asking("football.json");
const crimea = asking("crimea.json");
const population = asking("population.json");
const github = asking("github.csv");

/** "2015/01/01 01:00:00", with dashes. */
const dashed = (rows: readonly SourceRow[]) =>
  rows.map((row) => ({ ...row, time: String(row.time).replaceAll("/", "-") }));

export const peopleGoals: readonly Goal[] = [
  monarchs.en("Who started in 1625?", () => ({ names: ["Charles I"], rows: 1 })),
  monarchs.de("Welche Namen haben einen start vor 1650?", () => ({
    groups: { Elizabeth: 1565, "James I": 1603, "Charles I": 1625, Cromwell: 1649 },
    rows: 4,
  })),
  monarchs.en("how many monarchs started after 1700", () => ({ figures: [5] })),
  obesity.en("which state has the highest rate?", () => ({ figures: [0.201], names: ["IN"] })),
  obesity.de("Die fünf Staaten mit der niedrigsten Rate", (rows) => ({
    series: numbers(rows, "rate")
      .sort((a, b) => a - b)
      .slice(0, 5),
    rows: 5,
  })),
  obesity.en("standard deviation of the rate", (rows) => [
    { figures: [deviation(numbers(rows, "rate"), "sample")] },
    { figures: [deviation(numbers(rows, "rate"), "population")] },
  ]),
  obesity.de("Oberes Quartil der rate", (rows) => ({
    figures: [quantile(numbers(rows, "rate"), 0.75)],
  })),
  football.en("average home score per division", (rows) => ({
    groups: meanPer(rows, key("division"), "home_score"),
    rows: 5,
  })),
  football.de("Wie viele Spiele gab es 2015 in der Deutschen Bundesliga?", (rows) => ({
    figures: [
      where(rows, (row) => row.division === "Deutsche Bundesliga" && year(row) === "2015").length,
    ],
  })),
  football.en("Which home team has the highest total home score?", (rows) =>
    winner(sumPer(rows, key("home_team"), "home_score")),
  ),
  football.de("Anzahl Spiele pro Monat in der Serie A im Jahr 2016 als Balken", (rows) => ({
    groups: countPer(
      where(rows, (row) => row.division === "Serie A" && year(row) === "2016"),
      monthOf("date"),
    ),
  })),
  football.en("How many matches ended with an away score of 0 in May 2014?", (rows) => ({
    figures: [
      where(rows, (row) => row.away_score === 0 && monthOf("date")(row) === "2014-05").length,
    ],
  })),
  crimea.en("total of disease in 1855", (rows) => ({
    figures: [of("disease", sum)(where(rows, (row) => year(row) === "1855"))],
  })),
  crimea.de("Summe von wounds, other und disease", (rows) => ({
    figures: ["wounds", "other", "disease"].map((column) => of(column, sum)(rows)),
  })),
  crimea.en("In what month was disease highest?", () => ({
    figures: [2761],
    names: [
      ["1855-01", "January 1855", "Jan 1855", "January 1, 1855", "Jan 1, 1855", "1 January 1855"],
    ],
  })),
  crimea.de("Laufende Summe der wounds je Monat", (rows) => ({
    groups: running(sumPer(rows, monthOf("date"), "wounds")),
    rows: 24,
  })),
  population.en("total people by year", (rows) => ({
    groups: sumPer(rows, key("year"), "people"),
    rows: 15,
  })),
  population.de("Summe people im Jahr 2000 mit Alter über 65", (rows) => ({
    figures: [of("people", sum)(where(rows, (row) => row.year === 2000 && Number(row.age) > 65))],
  })),
  population.en("people by age and sex in 1900", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.year === 1900),
      both(key("age"), key("sex")),
      "people",
    ),
    rows: 38,
  })),
  github.en("sum of count by hour of the day", (rows) => ({
    groups: sumPer(rows, (row) => String(Number(String(row.time).slice(11, 13))), "count"),
    rows: 24,
  })),
  github.de("Summe von count pro Wochentag", (rows) => ({
    groups: sumPer(rows, weekdayOf("time", "de"), "count"),
    rows: 7,
  })),
  github.en("Which weekday has the highest total count?", (rows) =>
    winner(sumPer(rows, weekdayOf("time", "en"), "count")),
  ),
  github.de("Summe count je Woche als Liniendiagramm", (rows) => ({
    groups: sumPer(dashed(rows), weekOf("time"), "count"),
  })),
  github.en("running total of count per month", (rows) => {
    const totals = running(sumPer(dashed(rows), monthOf("time"), "count"));
    const months = ["January", "February", "March", "April", "May"];
    const named = Object.values(totals).map((total, place) => [months[place]!, total]);
    return [
      { groups: totals, rows: 5 },
      { groups: Object.fromEntries(named), rows: 5 },
    ];
  }),
];

const cannotMonarchs = refusing("monarchs.json");
const cannotObesity = refusing("obesity.json");
const cannotFootball = refusing("football.json");
const cannotGithub = refusing("github.csv");

export const peopleRefused: readonly RefusedGoal[] = [
  cannotMonarchs.en("Who was the best king?"),
  cannotObesity.en("Why is obesity so common in Indiana?", "Why"),
  cannotFootball.de("Wie viele rote Karten gab es 2015?", "Karten"),
  cannotFootball.de("Wer wird nächste Saison Meister?"),
  cannotGithub.en("Who made the most commits?"),
  cannotGithub.en("Tell me a joke"),
];
