/** Films. */
import {
  best,
  countPer,
  distinct,
  key,
  known,
  meanPer,
  of,
  shares,
  sumPer,
  where,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, median, numbers, sum, top } from "../source.ts";

const films = asking("movies.json");

export const movieGoals: readonly Goal[] = [
  films.en("Which genre has the highest average IMDB rating?", (rows) =>
    best(meanPer(where(rows, known("Major Genre")), key("Major Genre"), "IMDB Rating")),
  ),
  films.de("Wie viele Filme hat Steven Spielberg gedreht?", (rows) => ({
    figures: [where(rows, (row) => row.Director === "Steven Spielberg").length],
  })),
  films.de("Top 5 Verleiher nach Summe von Worldwide Gross", (rows) => {
    const groups = sumPer(where(rows, known("Distributor")), key("Distributor"), "Worldwide Gross");
    return { groups: top(groups, 5), rows: 5 };
  }),
  films.en("the ten most expensive movies", (rows) => {
    const budgets = numbers(rows, "Production Budget").sort((a, b) => b - a);
    return { figures: budgets.slice(0, 3), rows: 10 };
  }),
  films.en("Histogram of the running time", (rows) => ({
    rows: where(rows, known("Running Time min")).length,
    columns: ["Running Time min"],
  })),
  films.de("Mittleres Produktionsbudget nach MPAA Rating", (rows) => ({
    groups: meanPer(where(rows, known("MPAA Rating")), key("MPAA Rating"), "Production Budget"),
  })),
  films.en("How many comedies and dramas are there?", (rows) => {
    const groups = countPer(
      where(rows, ({ "Major Genre": genre }) => genre === "Comedy" || genre === "Drama"),
      key("Major Genre"),
    );
    return [{ figures: [sum(Object.values(groups))] }, { groups, rows: 2 }];
  }),
  films.de("Wie viele verschiedene Regisseure (Director) kommen vor?", (rows) => ({
    figures: [distinct(rows, "Director")],
  })),
  films.en("What's the median IMDB rating of films with a budget over 100 million?", (rows) => ({
    figures: [
      of("IMDB Rating", median)(where(rows, (row) => Number(row["Production Budget"]) > 100e6)),
    ],
  })),
  films.de("Welcher Anteil der Filme hat das MPAA Rating PG-13?", (rows) => {
    const rated = where(rows, (row) => row["MPAA Rating"] === "PG-13").length;
    return [
      { figures: [rated / rows.length], share: true },
      { figures: [rated / where(rows, known("MPAA Rating")).length], share: true },
    ];
  }),
  films.en("List the 5 longest movies", (rows) => ({
    figures: [of("Running Time min", max)(rows)],
    series: numbers(rows, "Running Time min")
      .sort((a, b) => b - a)
      .slice(0, 5),
  })),
  films.de("Wie viele Filme beginnen mit „The“?", (rows) => {
    const starts = (text: string) =>
      where(rows, (row) => String(row.Title).startsWith(text)).length;
    return [{ figures: [starts("The")] }, { figures: [starts("The ")] }];
  }),
  films.en("Which columns have missing values?", (rows) => ({
    groups: { Director: rows.length - where(rows, known("Director")).length },
    rows: 16,
  })),
  films.de("Kuchendiagramm: Anteil der Filme je Creative Type", (rows) => {
    const all = countPer(rows, key("Creative Type"));
    const named = countPer(where(rows, known("Creative Type")), key("Creative Type"));
    const { null: _, ...withoutMissing } = shares(all);
    return [
      { groups: shares(named), share: true },
      { groups: withoutMissing, share: true },
      { groups: named },
    ];
  }),
];

const cannot = refusing("movies.json");

export const movieRefused: readonly RefusedGoal[] = [
  cannot.ambiguousEn("average gross by genre", "US Gross", "Worldwide Gross"),
  cannot.de("Welcher Schauspieler hat die meisten Filme?", "Schauspieler"),
  cannot.en("How many people watched Titanic on Netflix?"),
  cannot.de("Welchen Film soll ich heute Abend schauen?"),
];
