/** Cars. */
import {
  both,
  countPer,
  deviation,
  distinct,
  key,
  known,
  line,
  meanPer,
  of,
  pairs,
  quantile,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, min, numbers } from "../source.ts";

const cars = asking("cars.json");

export const carGoals: readonly Goal[] = [
  cars.en("How many cars have more than 6 cylinders?", (rows) => ({
    figures: [where(rows, (row) => Number(row.Cylinders) > 6).length],
  })),
  cars.de("Wie viel PS haben Autos aus Japan im Durchschnitt?", (rows) => ({
    figures: [of("Horsepower", mean)(where(rows, (row) => row.Origin === "Japan"))],
  })),
  cars.en("Rank the origins by average horsepower", (rows) => ({
    groups: meanPer(rows, key("Origin"), "Horsepower"),
    rows: 3,
  })),
  cars.de("Nenne die 3 schwersten Autos aus Europa", (rows) => {
    const heaviest = numbers(
      where(rows, (row) => row.Origin === "Europe"),
      "Weight_in_lbs",
    ).sort((a, b) => b - a);
    return { figures: heaviest.slice(0, 3), rows: 3 };
  }),
  cars.en("count of cars by origin and cylinders", (rows) => {
    const groups = countPer(rows, both(key("Origin"), key("Cylinders")));
    return { groups, rows: Object.keys(groups).length };
  }),
  cars.de("Durchschnittlicher Verbrauch in Meilen pro Gallone je Herkunft", (rows) => ({
    groups: meanPer(rows, key("Origin"), "Miles_per_Gallon"),
    rows: 3,
  })),
  cars.en("scatter plot of weight against horsepower", (rows) => ({
    rows: where(rows, known("Horsepower")).length,
    columns: ["Weight_in_lbs", "Horsepower"],
  })),
  cars.en("What is the average mpg of cars heavier than 3000 lbs since 1976?", (rows) => ({
    figures: [
      of(
        "Miles_per_Gallon",
        mean,
      )(where(rows, (row) => Number(row.Weight_in_lbs) > 3000 && year(row, "Year") >= "1976")),
    ],
  })),
  cars.en("Could you tell me how strongly weight and mpg are correlated?", (rows) => ({
    figures: [line(pairs(rows, "Weight_in_lbs", "Miles_per_Gallon")).correlation],
  })),
  cars.de("Standardabweichung der Beschleunigung pro Herkunft", (rows) => {
    const groups = (kind: "sample" | "population") =>
      Object.fromEntries(
        ["USA", "Europe", "Japan"].map((origin) => [
          origin,
          deviation(
            numbers(
              where(rows, (row) => row.Origin === origin),
              "Acceleration",
            ),
            kind,
          ),
        ]),
      );
    return [{ groups: groups("sample") }, { groups: groups("population") }];
  }),
  cars.de("Bei wie vielen Autos fehlt die PS-Angabe?", (rows) => ({
    figures: [rows.length - where(rows, known("Horsepower")).length],
  })),
  cars.en("Which cars have between 200 and 225 hp?", (rows) => ({
    rows: where(rows, ({ Horsepower: power }) => Number(power) >= 200 && Number(power) <= 225)
      .length,
    columns: ["Name"],
  })),
  cars.en("How many cars have 'toyota' in the name, and what's their average mpg?", (rows) => {
    const toyotas = where(rows, (row) => String(row.Name).includes("toyota"));
    return { figures: [toyotas.length, of("Miles_per_Gallon", mean)(toyotas)] };
  }),
  cars.de("Anzahl Autos pro Jahr als Säulendiagramm", (rows) => ({
    groups: countPer(rows, yearOf("Year")),
    rows: 12,
  })),
  cars.en("What's the lower quartile of displacement for American cars?", (rows) => ({
    figures: [
      quantile(
        numbers(
          where(rows, (row) => row.Origin === "USA"),
          "Displacement",
        ),
        0.25,
      ),
    ],
  })),
  cars.de("Von wann bis wann reichen die Daten (Year)?", (rows) => {
    const years = rows.map((row) => Number(year(row, "Year")));
    return { said: [min(years), max(years)] };
  }),
  cars.en("describe the dataset", (rows) => ({ said: [rows.length], rows: 9 })),
  cars.en("Are there any duplicate rows in here?", () => [{ said: [0] }, { rows: 0 }]),
  cars.de("Welches Auto beschleunigt am langsamsten?", (rows) => ({
    figures: [of("Acceleration", max)(rows)],
  })),
  cars.de("Wie viele unterschiedliche Automodelle (Name) gibt es?", (rows) => ({
    figures: [distinct(rows, "Name")],
  })),
  cars.en("which origin has the fewest cars?", (rows) =>
    winner(countPer(rows, key("Origin")), "min"),
  ),
];

const cannot = refusing("cars.json");

export const carRefused: readonly RefusedGoal[] = [
  cannot.en("What is the average price of the cars?", "price", "Horsepower"),
  cannot.de("Überweise 100 Euro an den Hersteller", "Überweise"),
  cannot.en("Why are American cars so heavy?", "Why"),
  cannot.de("Welche Farbe haben die meisten Autos?", "Farbe"),
];
