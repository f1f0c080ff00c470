/**
 * What people ask, and what the right answer is. The figures are computed here from the raw file,
 * through none of Keiko's code; the goals are phrased as different people would phrase them.
 */
import type { Expected } from "./check.ts";
import {
  max,
  mean,
  median,
  min,
  monthsDe,
  monthsEn,
  numbers,
  perGroup,
  type SourceRow,
  sum,
  top,
} from "./source.ts";

export interface Goal {
  readonly file: string;
  readonly goal: string;
  readonly language: "de" | "en";
  readonly expect: (rows: readonly SourceRow[]) => Expected;
}

export interface RefusedGoal {
  readonly file: string;
  readonly goal: string;
  readonly language: "de" | "en";
  /** Name of the reason in `keiko.error.v1`. */
  readonly refuse: "REASON_NOT_UNDERSTOOD" | "REASON_AMBIGUOUS";
  /** What the message must name. */
  readonly names: readonly string[];
}

const year = (row: SourceRow, column = "date") => String(row[column]).slice(0, 4);
const monthDe = (row: SourceRow) => monthsDe[Number(String(row.date).slice(5, 7)) - 1]!;
const monthEn = (row: SourceRow) => monthsEn[Number(String(row.date).slice(5, 7)) - 1]!;
const of = (column: string, figure: (values: readonly number[]) => number) => (rows: SourceRow[]) =>
  figure(numbers(rows, column));
const where = (rows: readonly SourceRow[], test: (row: SourceRow) => boolean) => rows.filter(test);
const key = (column: string) => (row: SourceRow) => String(row[column]);
const known = (column: string) => (row: SourceRow) => row[column] !== null;

/** Group figures, the best of them named in the sentence. */
function best(groups: Record<string, number>, direction: "max" | "min" = "max"): Expected {
  const [[name, figure] = ["", 0]] = Object.entries(top(groups, 1, direction));
  return { groups, names: [name], figures: [figure] };
}

const seattle = "seattle-weather.csv";
const cars = "cars.json";
const movies = "movies.json";
const gapminder = "gapminder.json";
const penguins = "penguins.json";
const co2 = "co2-concentration.csv";
const stocks = "stocks.csv";

/** The value of each day, by the day as it stands in the file. */
const byDay = (rows: readonly SourceRow[]) =>
  Object.fromEntries(rows.map((row) => [String(row.Date), Number(row.CO2)]));

export const goals: readonly Goal[] = [
  // Weather
  {
    file: seattle,
    language: "de",
    goal: "Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm und sag mir, welcher Monat der nasseste ist",
    expect: (rows) => ({ ...best(perGroup(rows, monthDe, of("precipitation", mean))), rows: 12 }),
  },
  {
    file: seattle,
    language: "en",
    goal: "Show me the mean precipitation per month as a bar chart and tell me which month is the wettest",
    expect: (rows) => ({ ...best(perGroup(rows, monthEn, of("precipitation", mean))), rows: 12 }),
  },
  {
    file: seattle,
    language: "en",
    goal: "What was the highest wind speed in December 2013?",
    expect: (rows) => ({
      figures: [
        max(
          numbers(
            where(rows, (row) => String(row.date).startsWith("2013-12")),
            "wind",
          ),
        ),
      ],
    }),
  },
  {
    file: seattle,
    language: "de",
    goal: "Wie viele Regentage gab es im Jahr 2014?",
    expect: (rows) => ({
      figures: [where(rows, (row) => year(row) === "2014" && row.weather === "rain").length],
    }),
  },
  {
    file: seattle,
    language: "en",
    goal: "how many days had more than 20 mm of rain?",
    expect: (rows) => ({
      figures: [where(rows, (row) => Number(row.precipitation) > 20).length],
    }),
  },
  {
    file: seattle,
    language: "de",
    goal: "Gesamtniederschlag je Jahr",
    expect: (rows) => ({
      groups: perGroup(rows, (row) => year(row), of("precipitation", sum)),
      rows: 4,
    }),
  },
  {
    file: seattle,
    language: "de",
    goal: "An welchem Tag war es am heißesten?",
    expect: (rows) => ({ figures: [max(numbers(rows, "temp_max"))] }),
  },
  {
    file: seattle,
    language: "en",
    goal: "median temp_min for each kind of weather",
    expect: (rows) => ({ groups: perGroup(rows, key("weather"), of("temp_min", median)), rows: 5 }),
  },
  {
    file: seattle,
    language: "de",
    goal: "Zeichne die Temperatur im Verlauf als Linie",
    expect: () => ({ rows: 1461, columns: ["date", "temp_max", "temp_min"] }),
  },
  {
    file: seattle,
    language: "en",
    goal: "average temp_max per month in 2013",
    expect: (rows) => {
      const chosen = where(rows, (row) => year(row) === "2013");
      return {
        groups: perGroup(chosen, (row) => String(row.date).slice(0, 7), of("temp_max", mean)),
        rows: 12,
      };
    },
  },
  // Cars
  {
    file: cars,
    language: "en",
    goal: "How many cars have more than 6 cylinders?",
    expect: (rows) => ({ figures: [where(rows, (row) => Number(row.Cylinders) > 6).length] }),
  },
  {
    file: cars,
    language: "de",
    goal: "Wie viel PS haben Autos aus Japan im Durchschnitt?",
    expect: (rows) => ({
      figures: [
        mean(
          numbers(
            where(rows, (row) => row.Origin === "Japan"),
            "Horsepower",
          ),
        ),
      ],
    }),
  },
  {
    file: cars,
    language: "en",
    goal: "Rank the origins by average horsepower",
    expect: (rows) => ({ groups: perGroup(rows, key("Origin"), of("Horsepower", mean)), rows: 3 }),
  },
  {
    file: cars,
    language: "de",
    goal: "Nenne die 3 schwersten Autos aus Europa",
    expect: (rows) => {
      const heaviest = where(rows, (row) => row.Origin === "Europe")
        .map((row) => Number(row.Weight_in_lbs))
        .sort((a, b) => b - a);
      return { figures: heaviest.slice(0, 3), rows: 3 };
    },
  },
  {
    file: cars,
    language: "en",
    goal: "count of cars by origin and cylinders",
    expect: (rows) => {
      const groups = perGroup(
        rows,
        (row) => `${row.Origin} ${row.Cylinders}`,
        (group) => group.length,
      );
      return { rows: Object.keys(groups).length };
    },
  },
  {
    file: cars,
    language: "de",
    goal: "Durchschnittlicher Verbrauch in Meilen pro Gallone je Herkunft",
    expect: (rows) => ({
      groups: perGroup(rows, key("Origin"), of("Miles_per_Gallon", mean)),
      rows: 3,
    }),
  },
  {
    file: cars,
    language: "en",
    goal: "scatter plot of weight against horsepower",
    expect: (rows) => ({
      rows: where(rows, known("Horsepower")).length,
      columns: ["Weight_in_lbs", "Horsepower"],
    }),
  },
  {
    file: cars,
    language: "en",
    goal: "What is the average mpg of cars heavier than 3000 lbs since 1976?",
    expect: (rows) => ({
      figures: [
        mean(
          numbers(
            where(rows, (row) => Number(row.Weight_in_lbs) > 3000 && year(row, "Year") >= "1976"),
            "Miles_per_Gallon",
          ),
        ),
      ],
    }),
  },
  // Movies
  {
    file: movies,
    language: "en",
    goal: "Which genre has the highest average IMDB rating?",
    expect: (rows) => {
      const groups = perGroup(
        where(rows, known("Major Genre")),
        key("Major Genre"),
        of("IMDB Rating", mean),
      );
      return best(groups);
    },
  },
  {
    file: movies,
    language: "de",
    goal: "Wie viele Filme hat Steven Spielberg gedreht?",
    expect: (rows) => ({
      figures: [where(rows, (row) => row.Director === "Steven Spielberg").length],
    }),
  },
  {
    file: movies,
    language: "de",
    goal: "Top 5 Verleiher nach Summe von Worldwide Gross",
    expect: (rows) => {
      const groups = perGroup(
        where(rows, known("Distributor")),
        key("Distributor"),
        of("Worldwide Gross", sum),
      );
      return { groups: top(groups, 5), rows: 5 };
    },
  },
  {
    file: movies,
    language: "en",
    goal: "the ten most expensive movies",
    expect: (rows) => {
      const budgets = numbers(rows, "Production Budget").sort((a, b) => b - a);
      return { figures: budgets.slice(0, 3), rows: 10 };
    },
  },
  {
    file: movies,
    language: "en",
    goal: "Histogram of the running time",
    expect: (rows) => ({
      rows: where(rows, known("Running Time min")).length,
      columns: ["Running Time min"],
    }),
  },
  {
    file: movies,
    language: "de",
    goal: "Mittleres Produktionsbudget nach MPAA Rating",
    expect: (rows) => ({
      groups: perGroup(
        where(rows, known("MPAA Rating")),
        key("MPAA Rating"),
        of("Production Budget", mean),
      ),
    }),
  },
  // Countries
  {
    file: gapminder,
    language: "de",
    goal: "Welche 5 Länder hatten 2005 die höchste Lebenserwartung?",
    expect: (rows) => {
      const groups = perGroup(
        where(rows, (row) => row.year === 2005),
        key("country"),
        of("life_expect", max),
      );
      return { groups: top(groups, 5), names: Object.keys(top(groups, 1)), rows: 5 };
    },
  },
  {
    file: gapminder,
    language: "en",
    goal: "How did the average fertility develop over time?",
    expect: (rows) => ({ groups: perGroup(rows, key("year"), of("fertility", mean)), rows: 11 }),
  },
  {
    file: gapminder,
    language: "en",
    goal: "How many countries are in the data?",
    expect: (rows) => ({ figures: [new Set(rows.map(key("country"))).size] }),
  },
  {
    file: gapminder,
    language: "de",
    goal: "Bevölkerung von Deutschland pro Jahr seit 1980",
    expect: (rows) => {
      const chosen = where(rows, (row) => row.country === "Germany" && Number(row.year) >= 1980);
      return { groups: perGroup(chosen, key("year"), of("pop", sum)), rows: 6 };
    },
  },
  {
    file: gapminder,
    language: "en",
    goal: "mean life expectancy between 1980 and 2000 by cluster",
    expect: (rows) => {
      const chosen = where(rows, (row) => Number(row.year) >= 1980 && Number(row.year) <= 2000);
      return { groups: perGroup(chosen, key("cluster"), of("life_expect", mean)), rows: 6 };
    },
  },
  // Penguins
  {
    file: penguins,
    language: "de",
    goal: "Wie schwer sind die Pinguine im Mittel, aufgeschlüsselt nach Art?",
    expect: (rows) => ({
      groups: perGroup(rows, key("Species"), of("Body Mass (g)", mean)),
      rows: 3,
    }),
  },
  {
    file: penguins,
    language: "en",
    goal: "Which species has the longest flippers on average?",
    expect: (rows) => best(perGroup(rows, key("Species"), of("Flipper Length (mm)", mean))),
  },
  {
    file: penguins,
    language: "de",
    goal: "Anzahl der Pinguine pro Insel und Geschlecht",
    expect: (rows) => {
      const groups = perGroup(
        rows,
        (row) => `${row.Island} ${row.Sex}`,
        (group) => group.length,
      );
      return { rows: Object.keys(groups).length };
    },
  },
  {
    file: penguins,
    language: "en",
    goal: "smallest and largest body mass of female penguins on Dream island",
    expect: (rows) => {
      const chosen = numbers(
        where(rows, (row) => row.Sex === "FEMALE" && row.Island === "Dream"),
        "Body Mass (g)",
      );
      return { figures: [min(chosen), max(chosen)] };
    },
  },
  // Carbon dioxide
  {
    file: co2,
    language: "de",
    goal: "In welchem Jahr war die CO2-Konzentration im Durchschnitt am höchsten?",
    expect: (rows) => {
      const groups = perGroup(rows, (row) => year(row, "Date"), of("CO2", mean));
      return best(groups);
    },
  },
  {
    file: co2,
    language: "en",
    goal: "adjusted CO2 over time",
    expect: (rows) => ({ rows: rows.length, columns: ["Date", "adjusted CO2"] }),
  },
  // Stocks
  {
    file: stocks,
    language: "en",
    goal: "average price of AAPL per year since 2005",
    expect: (rows) => {
      const chosen = where(
        rows,
        (row) => row.symbol === "AAPL" && Number(String(row.date).slice(-4)) >= 2005,
      );
      return {
        groups: perGroup(chosen, (row) => String(row.date).slice(-4), of("price", mean)),
        rows: 6,
      };
    },
  },
  {
    file: stocks,
    language: "de",
    goal: "Was war der höchste Kurs von GOOG und wann war das?",
    expect: (rows) => ({
      figures: [
        max(
          numbers(
            where(rows, (row) => row.symbol === "GOOG"),
            "price",
          ),
        ),
      ],
    }),
  },
  {
    file: stocks,
    language: "de",
    goal: "Vergleiche den mittleren Preis von IBM und MSFT",
    expect: (rows) => {
      const chosen = where(rows, (row) => row.symbol === "IBM" || row.symbol === "MSFT");
      return { groups: perGroup(chosen, key("symbol"), of("price", mean)), rows: 2 };
    },
  },
  {
    file: co2,
    language: "de",
    goal: "Zeichne CO2 über die Zeit",
    expect: (rows) => ({ rows: rows.length, groups: byDay(rows), columns: ["Date", "CO2"] }),
  },
];

export const refusedGoals: readonly RefusedGoal[] = [
  {
    file: seattle,
    language: "en",
    goal: "What will the weather be tomorrow?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["tomorrow"],
  },
  {
    file: seattle,
    language: "de",
    goal: "Wie hoch war der Gewinn pro Monat?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Gewinn", "precipitation"],
  },
  {
    file: seattle,
    language: "de",
    goal: "Lösche alle Tage mit Regen",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Lösche"],
  },
  {
    file: seattle,
    language: "en",
    goal: "mean precipitation per month in Berlin",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Berlin"],
  },
  {
    file: seattle,
    language: "en",
    goal: "How much did it rain in 2031?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["2031"],
  },
  {
    file: cars,
    language: "en",
    goal: "What is the average price of the cars?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["price", "Horsepower"],
  },
  {
    file: cars,
    language: "de",
    goal: "Überweise 100 Euro an den Hersteller",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Überweise"],
  },
  {
    file: cars,
    language: "en",
    goal: "Why are American cars so heavy?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Why"],
  },
  {
    file: cars,
    language: "de",
    goal: "Welche Farbe haben die meisten Autos?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Farbe"],
  },
  {
    file: movies,
    language: "en",
    goal: "average gross by genre",
    refuse: "REASON_AMBIGUOUS",
    names: ["US Gross", "Worldwide Gross"],
  },
  {
    file: movies,
    language: "de",
    goal: "Welcher Schauspieler hat die meisten Filme?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Schauspieler"],
  },
  {
    file: gapminder,
    language: "en",
    goal: "predict the population of India for 2050",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["predict"],
  },
  {
    file: gapminder,
    language: "de",
    goal: "Bevölkerung pro Monat",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Monat", "year"],
  },
  {
    file: penguins,
    language: "de",
    goal: "Schicke die Tabelle per Mail an Anna",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["Schicke"],
  },
  {
    file: penguins,
    language: "en",
    goal: "Which penguin swims the fastest?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["swims"],
  },
  {
    file: stocks,
    language: "de",
    goal: "Welche Aktie soll ich kaufen?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["soll ich"],
  },
  {
    file: stocks,
    language: "en",
    goal: "What is the trading volume of IBM?",
    refuse: "REASON_NOT_UNDERSTOOD",
    names: ["volume"],
  },
];
