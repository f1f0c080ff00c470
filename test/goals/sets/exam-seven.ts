/** A seventh exam, written by a stranger who had read neither the grammar nor the other goals. */
import type { Expected } from "../check.ts";
import {
  both,
  countPer,
  decadeOf,
  descending,
  deviation,
  difference,
  distinct,
  during,
  figure,
  growth,
  is,
  key,
  known,
  line,
  meanPer,
  missing,
  monthOf,
  of,
  once,
  outliers,
  pairs,
  quarterOf,
  running,
  shares,
  size,
  steps,
  sumPer,
  text,
  weekdayOf,
  where,
  winner,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, type Rows, refusing } from "../goal.ts";
import {
  max,
  mean,
  median,
  min,
  monthsEn,
  numbers,
  perGroup,
  type SourceRow,
  sum,
  top,
} from "../source.ts";

const umsatz = asking("umsatz.csv");
const breit = asking("breit.csv");
const messwerte = asking("messwerte.csv");
const bookings = asking("messy-dates.csv");
const survey = asking("survey-100.csv");
const movies = asking("movies.json");
const strikes = asking("birdstrikes.csv");
const cars = asking("cars.json");
const penguins = asking("penguins.json");
const seattle = asking("seattle-weather.csv");
const weather = asking("weather.csv");
const stocks = asking("stocks.csv");
const driving = asking("driving.json");
const crimea = asking("crimea.json");
const iowa = asking("iowa-electricity.csv");
const jobs = asking("jobs.json");
const flights = asking("flights-2k.json");
const co2 = asking("co2-concentration.csv");
const football = asking("football.json");
const health = asking("gapminder-health-income.csv");
const disasters = asking("disasters.csv");
const github = asking("github.csv");
const barley = asking("barley.json");
const riots = asking("la-riots.csv");
const capitals = asking("us-state-capitals.json");
const routes = asking("flights-airport.csv");
const airports = asking("airports.csv");

const quarterThree = during("Datum", "2025-07-01", "2025-09-30");

/** A day as the two languages may write it. */
function spellings(day: string): string[] {
  const [year = "", month = "", date = ""] = day.split("-");
  const name = ["Juni", "Juli", "August"][Number(month) - 6] ?? month;
  return [day, `${date}.${month}.${year}`, `${Number(date)}. ${name} ${year}`];
}

/** How many values are in each step of the width, from below; empty steps left out or kept. */
function binned(values: readonly number[], width: number): Expected[] {
  const places = values.map((value) => Math.floor(value / width));
  const [first, last] = [min(places), max(places)];
  const all = Array.from({ length: last - first + 1 }, (_, index) => {
    return places.filter((place) => place === first + index).length;
  });
  return [{ series: all }, { series: all.filter((count) => count > 0) }];
}

/** The steepness per year, whatever the trend is drawn through. */
function perYear(rows: Rows, column: string): Expected[] {
  const days = (row: SourceRow) => Date.parse(text(row, "Date")) / 86_400_000;
  const daily = line(rows.map((row) => [days(row), figure(row, column)] as const)).slope;
  const yearly = Object.entries(meanPer(rows, yearOf("Date"), column));
  const monthly = line(rows.map((row, index) => [index, figure(row, column)] as const)).slope;
  return [
    { said: [daily * 365.25] },
    { said: [line(yearly.map(([year, level]) => [Number(year), level] as const)).slope] },
    { said: [monthly * 12] },
  ];
}

const hourOf = (row: SourceRow) => String(Number(text(row, "time").slice(11, 13)));
function busiest(hours: Readonly<Record<string, number>>): Expected {
  const [[hour, level] = ["", 0]] = Object.entries(top(hours, 1));
  return { names: [[hour, `${hour.padStart(2, "0")}:00`, `${hour}:00`]], figures: [level] };
}

const inYear = (column: string, year: string) => (row: SourceRow) => yearOf(column)(row) === year;

export const examSevenGoals: readonly Goal[] = [
  umsatz.de("Umsatz je Filiale im 3. Quartal 2025 ohne Kaffee", (rows) => ({
    groups: sumPer(
      where(where(rows, quarterThree), (row) => row.Produkt !== "Kaffee"),
      key("Filiale"),
      "Umsatz",
    ),
  })),
  umsatz.de("Umsatz pro Quartal und Filiale", (rows) => ({
    groups: sumPer(rows, both(quarterOf("Datum"), key("Filiale")), "Umsatz"),
  })),
  umsatz.de(
    "Um wieviel Prozent ist der Umsatz in München 2025 gegenüber 2024 gewachsen?",
    (rows) => {
      const years = sumPer(where(rows, is("Filiale", "München")), yearOf("Datum"), "Umsatz");
      return { figures: Object.values(steps(years, growth)), share: true, change: true };
    },
  ),
  breit.de("Welches Bundesland hatte 2024 die wenigsten Nächtigungen?", (rows) =>
    winner(
      perGroup(rows, key("Bundesland"), (group) => sum(numbers(group, "2024"))),
      "min",
    ),
  ),
  breit.de("Wie viele Übernachtungen gab es insgesamt 2019 und wie viele 2020?", (rows) => ({
    figures: [of("2019", sum)(rows), of("2020", sum)(rows)],
  })),
  messwerte.de("gibt es ausreisser bei den messwerten, und wenn ja wie viele?", (rows) => ({
    said: [outliers(numbers(rows, "Messwert")).length],
  })),
  survey.de("Wie viele Befragte haben ihr Einkommen nicht angegeben?", (rows) => ({
    figures: [where(rows, missing("income_eur")).length],
  })),
  movies.de("Gibt es einen Zusammenhang zwischen Production Budget und IMDB Rating?", (rows) => ({
    said: [line(pairs(rows, "Production Budget", "IMDB Rating")).correlation],
  })),
  strikes.de("Gesamtkosten (Cost Total $) der Vogelschläge je Jahr", (rows) => ({
    groups: sumPer(rows, yearOf("Flight Date"), "Cost Total $"),
  })),
  strikes.de("Wie viele verschiedene Tierarten sind aufgeführt?", (rows) => ({
    figures: [distinct(rows, "Wildlife Species")],
  })),
  cars.de("Wieviel PS haben die Autos im Schnitt, je nach Herkunft?", (rows) => ({
    groups: meanPer(rows, key("Origin"), "Horsepower"),
  })),
  seattle.de("Was war der heißeste Tag und wie warm wurde es da?", (rows) => {
    const level = of("temp_max", max)(rows);
    const day = text(where(rows, is("temp_max", level))[0]!, "date");
    return { names: [spellings(day)], figures: [level] };
  }),
  stocks.de("höchster und niedrigster kurs von AAPL", (rows) => {
    const prices = numbers(where(rows, is("symbol", "AAPL")), "price");
    return { figures: [max(prices), min(prices)] };
  }),
  driving.de("Wie haben sich die gefahrenen Meilen jeweils zum Vorjahr verändert?", (rows) => {
    const years = sumPer(rows, key("year"), "miles");
    return [
      { groups: steps(years, difference), change: true },
      { groups: steps(years, growth), change: true, share: true },
    ];
  }),
  crimea.de("Wie viele Soldaten sind 1855 an Krankheiten (disease) gestorben?", (rows) => ({
    figures: [of("disease", sum)(where(rows, inYear("date", "1855")))],
  })),
  iowa.de("Welchen Anteil hatten Renewables 2017 an der gesamten Stromerzeugung?", (rows) => {
    const parts = shares(
      sumPer(where(rows, inYear("year", "2017")), key("source"), "net_generation"),
    );
    return { said: [parts.Renewables!], share: true };
  }),
  jobs.de("In welchem Beruf arbeiteten im Jahr 1900 die meisten Frauen?", (rows) =>
    winner(
      sumPer(
        where(rows, (row) => row.year === 1900 && row.sex === "women"),
        key("job"),
        "count",
      ),
    ),
  ),
  flights.de("Verteilung der Flugdistanzen in 500er Schritten", (rows) =>
    binned(numbers(rows, "distance"), 500),
  ),
  co2.de("linearer Trend beim CO2: wie viel kommt pro Jahr ungefähr dazu?", (rows) => [
    ...perYear(rows, "CO2"),
    ...perYear(rows, "adjusted CO2"),
  ]),
  football.de("An welchem Wochentag finden die meisten Spiele statt?", (rows) =>
    winner(countPer(rows, weekdayOf("date", "de"))),
  ),
  bookings.en("how many different guests do we have in this list?", (rows) => ({
    figures: [distinct(rows, "Guest")],
  })),
  bookings.en("What is the average price of bookings with more than 3 nights?", (rows) => {
    const long = once(where(rows, (row) => figure(row, "Nights") > 3));
    return { figures: [of("Price", mean)(long)] };
  }),
  bookings.en("are there any duplicate rows in here", (rows) => {
    const extra = rows.length - once(rows).length;
    return [{ said: [extra] }, { said: [2 * extra] }];
  }),
  survey.en("average income by country, highest first", (rows) => {
    const groups = meanPer(rows, key("country"), "income_eur");
    return { groups, series: descending(groups) };
  }),
  survey.en("What percentage of the respondents is older than 60?", (rows) => ({
    said: [where(rows, (row) => figure(row, "age") > 60).length / rows.length],
    share: true,
  })),
  movies.en("top 5 directors by total worldwide gross", (rows) => ({
    groups: top(sumPer(where(rows, known("Director")), key("Director"), "Worldwide Gross"), 5),
  })),
  movies.en("I'd like to know the median running time of a comedy", (rows) => [
    { figures: [of("Running Time min", median)(where(rows, is("Major Genre", "Comedy")))] },
    {
      figures: [
        of(
          "Running Time min",
          median,
        )(where(rows, (row) => text(row, "Major Genre").includes("Comedy"))),
      ],
    },
  ]),
  penguins.en("standard deviation of body mass per species", (rows) =>
    (["sample", "population"] as const).map((kind) => ({
      groups: perGroup(
        rows,
        key("Species"),
        of("Body Mass (g)", (all) => deviation(all, kind)),
      ),
    })),
  ),
  penguins.en("Which columns have missing values and how many?", (rows) => {
    const gaps = Object.fromEntries(
      Object.keys(rows[0]!).map((column) => [column, where(rows, missing(column)).length]),
    );
    // One bird's sex is ".", which a person may well count as not known.
    const dots = where(rows, is("Sex", ".")).length;
    const some = Object.fromEntries(Object.entries(gaps).filter(([, count]) => count > 0));
    const [more, all] = [some, gaps].map((groups) => ({ ...groups, Sex: gaps.Sex! + dots }));
    return [some, gaps, more!, all!].map((groups) => ({ groups }));
  }),
  seattle.en("on how many days in 2014 did we have snow or fog?", (rows) => ({
    figures: [
      size(
        where(where(rows, inYear("date", "2014")), (row) =>
          ["snow", "fog"].includes(text(row, "weather")),
        ),
      ),
    ],
  })),
  weather.en("avg temp_max per month in New York, 2013 only", (rows) => {
    const kept = where(where(rows, is("location", "New York")), inYear("date", "2013"));
    const named = (row: SourceRow) => monthsEn[Number(text(row, "date").slice(5, 7)) - 1]!;
    return [
      { groups: meanPer(kept, monthOf("date"), "temp_max") },
      { groups: meanPer(kept, named, "temp_max") },
    ];
  }),
  health.en("show me the 10 countries with the highest income", (rows) => ({
    groups: top(perGroup(rows, key("country"), of("income", max)), 10),
    rows: 10,
  })),
  disasters.en("Total deaths from earthquakes per decade", (rows) => ({
    groups: sumPer(where(rows, is("Entity", "Earthquake")), decadeOf("Year"), "Deaths"),
  })),
  github.en("What's the busiest hour of the day?", (rows) => [
    busiest(sumPer(rows, hourOf, "count")),
    busiest(meanPer(rows, hourOf, "count")),
  ]),
  barley.en(
    "Which variety had the highest average yield in 1932 and which one had the lowest?",
    (rows) => {
      const groups = meanPer(where(rows, is("year", 1932)), key("variety"), "yield");
      const [high, low] = [winner(groups), winner(groups, "min")];
      return {
        names: [...high.names!, ...low.names!],
        figures: [...high.figures!, ...low.figures!],
      };
    },
  ),
  riots.en("number of victims by race and the share of each", (rows) => {
    const counts = countPer(rows, key("race"));
    const parts = shares(counts);
    return [
      { groups: parts, share: true },
      {
        groups: Object.fromEntries(
          Object.entries(counts).map(([race, count]) => [race, [count, parts[race]!]]),
        ),
        share: true,
      },
    ];
  }),
  crimea.en("running total of deaths from wounds by month", (rows) => ({
    groups: running(sumPer(rows, monthOf("date"), "wounds")),
  })),
  capitals.en("which city is the furthest north? (lat)", (rows) =>
    winner(perGroup(rows, key("city"), of("lat", max))),
  ),
  routes.en("Top 3 destinations from ORD by number of flights", (rows) => ({
    groups: top(sumPer(where(rows, is("origin", "ORD")), key("destination"), "count"), 3),
  })),
  airports.en("how many airports in TX have Municipal in their name", (rows) => ({
    figures: [
      size(where(where(rows, is("state", "TX")), (row) => text(row, "name").includes("Municipal"))),
    ],
  })),
];

export const examSevenRefused: readonly RefusedGoal[] = [
  refusing("penguins.json").de("Wie alt werden die Pinguine durchschnittlich?"),
  refusing("cars.json").de("Welches Auto hat den niedrigsten Kaufpreis?", "Kaufpreis"),
  refusing("umsatz.csv").de("Wie hoch wird unser Umsatz nächstes Jahr sein?"),
  refusing("messy-dates.csv").de("Bitte alle stornierten Buchungen löschen"),
  refusing("movies.json").en("Which movie won the most Oscars?", "Oscars"),
  refusing("obesity.json").en("average household income by state", "income"),
  refusing("stocks.csv").en("What will the price of AAPL be next month?"),
  refusing("football.json").en("which player got the most red cards?"),
  refusing("ohlc.json").en("please change the signal on June 5 to long"),
];
