/** Disasters, earthquakes, and the riots in Los Angeles. */
import {
  both,
  countPer,
  dayOf,
  decadeOf,
  key,
  known,
  meanPer,
  of,
  sumPer,
  where,
  winner,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, median, numbers, type SourceRow, sum, top } from "../source.ts";

const disasters = asking("disasters.csv");
const quakes = asking("earthquakes.json");
const riots = asking("la-riots.csv");

const ofKind = (kind: string) => (row: SourceRow) => row.Entity === kind;

export const eventGoals: readonly Goal[] = [
  disasters.en("deaths from floods per decade", (rows) => ({
    groups: sumPer(where(rows, ofKind("Flood")), decadeOf("Year"), "Deaths"),
  })),
  disasters.de("In welchem Jahr gab es die meisten Deaths durch Earthquake?", (rows) =>
    winner(sumPer(where(rows, ofKind("Earthquake")), key("Year"), "Deaths")),
  ),
  disasters.en("Top 5 entities by total deaths, without All natural disasters", (rows) => ({
    groups: top(
      sumPer(
        where(rows, (row) => !ofKind("All natural disasters")(row)),
        key("Entity"),
        "Deaths",
      ),
      5,
    ),
    rows: 5,
  })),
  disasters.en("how many people died in droughts after 1950?", (rows) => ({
    figures: [
      of("Deaths", sum)(where(rows, (row) => ofKind("Drought")(row) && Number(row.Year) > 1950)),
    ],
  })),
  disasters.de("Wie viele Tote gab es durch Epidemic zwischen 1900 und 1920?", (rows) => ({
    figures: [
      of("Deaths", sum)(where(rows, (row) => ofKind("Epidemic")(row) && Number(row.Year) <= 1920)),
    ],
  })),
  disasters.de("Anzahl der Jahre mit mehr als 100'000 Toten bei All natural disasters", (rows) => ({
    figures: [
      where(rows, (row) => ofKind("All natural disasters")(row) && Number(row.Deaths) > 100_000)
        .length,
    ],
  })),
  quakes.en("How many earthquakes have a magnitude of 4 or more?", (rows) => ({
    figures: [where(rows, (row) => Number(row.mag) >= 4).length],
  })),
  quakes.en("List the five strongest earthquakes by mag", (rows) => ({
    series: numbers(rows, "mag")
      .sort((a, b) => b - a)
      .slice(0, 5),
    rows: 5,
  })),
  quakes.de("Durchschnittliche Magnitude je magType", (rows) => ({
    groups: meanPer(rows, key("magType"), "mag"),
  })),
  riots.en("average age of the victims by race", (rows) => ({
    groups: meanPer(rows, key("race"), "age"),
    rows: 4,
  })),
  riots.de("Wie viele Frauen sind in der Liste?", (rows) => ({
    figures: [where(rows, (row) => row.gender === "Female").length],
  })),
  riots.en("how many people were aged 20 to 30?", (rows) => ({
    figures: [where(rows, ({ age }) => Number(age) >= 20 && Number(age) <= 30).length],
  })),
  riots.de("Anzahl der Personen pro Tag", (rows) => ({
    groups: countPer(rows, dayOf("death_date")),
  })),
  riots.en("which neighborhoods have more than 2 rows?", (rows) => {
    const many = Object.entries(countPer(rows, key("neighborhood"))).filter(([, n]) => n > 2);
    return { groups: Object.fromEntries(many), rows: many.length };
  }),
  riots.de("Zähle nach type und gender", (rows) => ({
    groups: countPer(rows, both(key("type"), key("gender"))),
  })),
  riots.en("Oldest victim in Koreatown?", (rows) => ({
    figures: [of("age", max)(where(rows, (row) => row.neighborhood === "Koreatown"))],
  })),
  riots.de("Medianes Alter der Männer, die nicht Black waren", (rows) => ({
    figures: [
      of("age", median)(where(rows, (row) => row.gender === "Male" && row.race !== "Black")),
    ],
  })),
  riots.en("rows where age is missing", (rows) => {
    const unknown = rows.length - where(rows, known("age")).length;
    return [{ rows: unknown }, { figures: [unknown] }];
  }),
];

const cannot = refusing("la-riots.csv");
const cannotDisasters = refusing("disasters.csv");

export const eventRefused: readonly RefusedGoal[] = [
  cannot.en("Who was responsible for the riots?", "responsible"),
  cannot.de("Welchen Beruf hatten die Opfer?", "Beruf"),
  cannotDisasters.de("Wie viele Verletzte gab es pro Jahr?", "Verletzte"),
  cannotDisasters.en("Where will the next earthquake happen?"),
];
