/** A blind exam: questions of people who see a file for the first time, written apart from Keiko. */
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
  quantile,
  quarterOf,
  running,
  shares,
  size,
  steps,
  sumPer,
  text,
  weekdayOf,
  weekOf,
  where,
  winner,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, type Rows, refusing } from "../goal.ts";
import {
  groupBy,
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

const sales = asking("umsatz.csv");
const nights = asking("breit.csv");
const readings = asking("messwerte.csv");
const bookings = asking("messy-dates.csv");
const survey = asking("survey-100.csv");
const airports = asking("airports.csv");
const barley = asking("barley.json");
const birds = asking("birdstrikes.csv");
const capitals = asking("us-state-capitals.json");
const carbon = asking("co2-concentration.csv");
const cars = asking("cars.json");
const commits = asking("github.csv");
const crimea = asking("crimea.json");
const disasters = asking("disasters.csv");
const driving = asking("driving.json");
const electricity = asking("iowa-electricity.csv");
const employment = asking("us-employment.csv");
const flights = asking("flights-2k.json");
const football = asking("football.json");
const gapminder = asking("gapminder.json");
const health = asking("gapminder-health-income.csv");
const hourly = asking("seattle-weather-hourly-normals.csv");
const movies = asking("movies.json");
const penguins = asking("penguins.json");
const riots = asking("la-riots.csv");
const routes = asking("flights-airport.csv");
const seattle = asking("seattle-weather.csv");
const stocks = asking("stocks.csv");
const weather = asking("weather.csv");
const zips = asking("zipcodes.csv");

/** "1/20/2025" is of "2025-01". */
const arrivalMonth = (row: SourceRow) => {
  const [month = "", , arrived = ""] = text(row, "Arrival").split("/");
  return `${arrived}-${month.padStart(2, "0")}`;
};

/** "Jan 1 2000" is of "2000". */
const lastWord = (column: string) => (row: SourceRow) => text(row, column).split(" ").at(-1)!;

/** Missing values per column, for every column. */
function gaps(rows: Rows): Record<string, number> {
  const columns = Object.keys(rows[0]!);
  return Object.fromEntries(columns.map((name) => [name, where(rows, missing(name)).length]));
}

const only = (figures: Readonly<Record<string, number>>, keep: (figure: number) => boolean) =>
  Object.fromEntries(Object.entries(figures).filter(([, one]) => keep(one)));

/** How many values fall into each step, from the lowest step upwards. */
function binned(values: readonly number[], step: number): number[] {
  const first = Math.floor(min(values) / step);
  const last = Math.floor(max(values) / step);
  return Array.from(
    { length: last - first + 1 },
    (_, index) => values.filter((value) => Math.floor(value / step) === first + index).length,
  );
}

const german: readonly Goal[] = [
  sales.de("Umsatz je Filiale im Dezember 2025 ohne Tee, größte zuerst", (rows) => {
    const chosen = where(
      where(rows, during("Datum", "2025-12-01", "2025-12-31")),
      (row) => row.Produkt !== "Tee",
    );
    const groups = sumPer(chosen, key("Filiale"), "Umsatz");
    return { groups, series: descending(groups), rows: 4 };
  }),
  sales.de("An welchem Wochentag verkaufen wir am meisten Kuchen?", (rows) => {
    const cake = where(rows, is("Produkt", "Kuchen"));
    const day = weekdayOf("Datum", "de");
    return [winner(sumPer(cake, day, "Menge")), winner(sumPer(cake, day, "Umsatz"))];
  }),
  sales.de(
    "Wie hat sich der Umsatz je Produkt von 2024 auf 2025 in Prozent veraendert?",
    (rows) => {
      const change = perGroup(rows, key("Produkt"), (group) => {
        const years = sumPer(group, yearOf("Datum"), "Umsatz");
        return growth(years["2025"]!, years["2024"]!);
      });
      const expected: Expected = { groups: change, share: true, change: true };
      // A row per product, or one per product and year.
      return [expected, { ...expected, rows: 10 }];
    },
  ),
  sales.de("aufgelaufener Umsatz pro Quartal", (rows) => ({
    groups: running(sumPer(rows, quarterOf("Datum"), "Umsatz")),
  })),
  nights.de("Welches Bundesland hatte 2021 die wenigsten Nächtigungen?", (rows) =>
    winner(sumPer(rows, key("Bundesland"), "2021"), "min"),
  ),
  readings.de("Median und Standardabweichung der Messwerte bitte", (rows) => {
    const values = numbers(rows, "Messwert");
    return [
      { figures: [median(values), deviation(values, "sample")] },
      { figures: [median(values), deviation(values, "population")] },
    ];
  }),
  readings.de("Wieviele Messwerte liegen zwischen 12 und 13?", (rows) => {
    const values = numbers(rows, "Messwert");
    return [
      { figures: [values.filter((value) => value >= 12 && value <= 13).length] },
      { figures: [values.filter((value) => value > 12 && value < 13).length] },
    ];
  }),
  bookings.de("Summe Nights pro Monat (Arrival)", (rows) => {
    const groups = sumPer(where(rows, known("Arrival")), arrivalMonth, "Nights");
    return { groups };
  }),
  survey.de("Wie viel Prozent der Befragten haben beim NPS eine 9 oder 10 vergeben?", (rows) => ({
    figures: [where(rows, (row) => figure(row, "nps") >= 9).length / rows.length],
    share: true,
  })),
  survey.de("Altersverteilung in 10er-Schritten", (rows) => ({
    series: binned(numbers(rows, "age"), 10),
  })),
  penguins.de("Durchschnittsgewicht der Pinguine je Art und Insel", (rows) => ({
    groups: meanPer(rows, both(key("Species"), key("Island")), "Body Mass (g)"),
  })),
  penguins.de("In welchen Spalten fehlen Werte und wie viele?", (rows) => {
    const all = gaps(rows);
    const some = only(all, (count) => count > 0);
    return [
      { groups: some, rows: Object.keys(some).length },
      { groups: all, rows: Object.keys(all).length },
    ];
  }),
  cars.de("Gibts Ausreisser bei Horsepower?", (rows) => ({
    said: [outliers(numbers(rows, "Horsepower")).length],
  })),
  cars.de("Wie viele Autos, deren Name mit chevrolet beginnt, sind in der Liste?", (rows) => ({
    figures: [where(rows, (row) => text(row, "Name").startsWith("chevrolet")).length],
  })),
  football.de("Wie viele Tore schießt die Heimmannschaft im Schnitt pro Liga?", (rows) => ({
    groups: meanPer(rows, key("division"), "home_score"),
  })),
  weather.de("Wie viele Tage mit Schnee gab es in New York pro Jahr?", (rows) => ({
    groups: countPer(
      where(where(rows, is("location", "New York")), is("weather", "snow")),
      yearOf("date"),
    ),
  })),
  flights.de("mittlere Verspätung nach Wochentag", (rows) => ({
    groups: meanPer(rows, weekdayOf("date", "de"), "delay"),
  })),
  stocks.de("Durchschnittskurs von GOOG pro Jahr", (rows) => ({
    groups: meanPer(where(rows, is("symbol", "GOOG")), lastWord("date"), "price"),
  })),
  birds.de("Wie verteilen sich die Vogelschläge in Prozent auf die Tageszeiten?", (rows) => ({
    groups: shares(countPer(rows, key("Time of day"))),
    share: true,
  })),
  electricity.de(
    "Wie hoch war 2017 der Anteil von Renewables an der gesamten Stromerzeugung?",
    (rows) => {
      const made = where(rows, (row) => yearOf("year")(row) === "2017");
      const renewable = where(made, is("source", "Renewables"));
      return {
        figures: [of("net_generation", sum)(renewable) / of("net_generation", sum)(made)],
        share: true,
      };
    },
  ),
  disasters.de("In welchem Jahr gab es die meisten Toten durch Erdbeben?", (rows) =>
    winner(sumPer(where(rows, is("Entity", "Earthquake")), key("Year"), "Deaths")),
  ),
  crimea.de("Wie viele starben insgesamt an Krankheiten und wie viele an Wunden?", (rows) => ({
    said: [of("disease", sum)(rows), of("wounds", sum)(rows)],
  })),
  capitals.de("welche hauptstadt liegt am weitesten noerdlich", (rows) => ({
    names: [Object.keys(top(sumPer(rows, key("city"), "lat"), 1))[0]!],
  })),
  commits.de("Summe count pro Woche - welche Woche liegt vorne?", (rows) => ({
    figures: [max(Object.values(sumPer(rows, weekOf("time"), "count")))],
  })),
];

const english: readonly Goal[] = [
  cars.en("how many 4 cylinder cars come from Japan and what's their median mpg?", (rows) => {
    const chosen = where(where(rows, is("Origin", "Japan")), is("Cylinders", 4));
    return { said: [size(chosen), of("Miles_per_Gallon", median)(chosen)] };
  }),
  penguins.en("Is there a correlation between body mass and flipper length?", (rows) => ({
    said: [line(pairs(rows, "Body Mass (g)", "Flipper Length (mm)")).correlation],
  })),
  movies.en("top 5 movies by worldwide gross", (rows) => {
    const groups = top(sumPer(where(rows, known("Title")), key("Title"), "Worldwide Gross"), 5);
    return { groups, series: descending(groups), rows: 5 };
  }),
  birds.en("are there any duplicate rows in this file?", (rows) => {
    const kinds = [...groupBy(rows, JSON.stringify).values()];
    const repeated = kinds.filter((same) => same.length > 1);
    const surplus = rows.length - once(rows).length;
    // Rows too many, or rows that have a twin, or contents that come more than once.
    return [{ said: [surplus] }, { said: [sum(repeated.map(size))] }, { said: [repeated.length] }];
  }),
  movies.en("Give me a quick summary of the Rotten Tomatoes ratings", (rows) => {
    const values = numbers(rows, "Rotten Tomatoes Rating");
    return [
      { said: [mean(values)] },
      { said: [median(values)] },
      { said: [min(values), max(values)] },
    ];
  }),
  weather.en("90th percentile of wind in New York", (rows) => ({
    figures: [quantile(numbers(where(rows, is("location", "New York")), "wind"), 0.9)],
  })),
  seattle.en("Which single month of which year had the most precipitation in total?", (rows) => {
    const [[month = "", rain = 0] = []] = Object.entries(
      top(sumPer(rows, monthOf("date"), "precipitation"), 1),
    );
    const name = monthsEn[Number(month.slice(5)) - 1]!;
    const spoken = [name, name.slice(0, 3)].map((word) => `${word} ${month.slice(0, 4)}`);
    return { names: [[month, ...spoken]], figures: [rain] };
  }),
  seattle.en("whats the range of temp_max on sunny days", (rows) => {
    const warm = numbers(where(rows, is("weather", "sun")), "temp_max");
    return [{ figures: [max(warm) - min(warm)] }, { figures: [min(warm), max(warm)] }];
  }),
  stocks.en("max and avg price by symbol", (rows) => {
    const groups = [...groupBy(rows, key("symbol"))].map(([symbol, group]) => {
      const prices = numbers(group, "price");
      return [symbol, [max(prices), mean(prices)]] as const;
    });
    return { groups: Object.fromEntries(groups) };
  }),
  flights.en("how many flights out of ORD were more than 30 minutes late?", (rows) => ({
    figures: [where(where(rows, is("origin", "ORD")), (row) => figure(row, "delay") > 30).length],
  })),
  routes.en("10 busiest routes (origin and destination) by count", (rows) => {
    const groups = top(sumPer(rows, both(key("origin"), key("destination")), "count"), 10);
    return { groups, rows: 10 };
  }),
  carbon.en("average CO2 per decade", (rows) => ({
    groups: meanPer(rows, decadeOf("Date"), "CO2"),
  })),
  driving.en("linear trend of miles over the years, how many more miles each year?", (rows) => ({
    said: [line(pairs(rows, "year", "miles")).slope],
  })),
  gapminder.en("where does Germany rank by population in 2005?", (rows) => {
    const people = sumPer(where(rows, is("year", 2005)), key("country"), "pop");
    return { said: [1 + Object.values(people).filter((pop) => pop > people.Germany!).length] };
  }),
  health.en("Which 3 countries in america have the lowest income?", (rows) => ({
    groups: top(sumPer(where(rows, is("region", "america")), key("country"), "income"), 3, "min"),
    rows: 3,
  })),
  disasters.en("total deaths from floods between 1950 and 2000", (rows) => {
    const floods = where(rows, is("Entity", "Flood"));
    const then = where(floods, (row) => figure(row, "Year") >= 1950 && figure(row, "Year") <= 2000);
    return { figures: [of("Deaths", sum)(then)] };
  }),
  hourly.en("Average temperature by hour of the day please", (rows) => {
    const hour = (row: SourceRow) => text(row, "date").slice(11, 13);
    const means = meanPer(rows, hour, "temperature");
    const groups = Object.fromEntries(
      Object.entries(means).map(([name, degrees]) => [String(Number(name)), degrees]),
    );
    const series = Object.values(groups);
    return [{ groups }, { series }];
  }),
  barley.en("which variety had the best average yield in 1932?", (rows) =>
    winner(meanPer(where(rows, is("year", 1932)), key("variety"), "yield")),
  ),
  employment.en(
    "How did the yearly average of construction jobs change from one year to the next?",
    (rows) => {
      const years = meanPer(rows, yearOf("month"), "construction");
      return [
        { groups: steps(years, difference), change: true },
        { groups: steps(years, growth), share: true, change: true },
      ];
    },
  ),
  survey.en("mean nps by country, lowest first", (rows) => {
    const groups = meanPer(rows, key("country"), "nps");
    return { groups, series: descending(groups).reverse(), rows: 4 };
  }),
  bookings.en("how many confirmed bookings have no price", (rows) => ({
    figures: [
      where(rows, is("Status", "confirmed")).filter((row) => typeof row.Price !== "number").length,
    ],
  })),
  riots.en("How many victims were younger than 18 or older than 60?", (rows) => ({
    figures: [numbers(rows, "age").filter((age) => age < 18 || age > 60).length],
  })),
  airports.en("Number of airports with International in the name", (rows) => ({
    figures: [where(rows, (row) => text(row, "name").includes("International")).length],
  })),
  zips.en("how many different counties are there in TX", (rows) => ({
    figures: [distinct(where(rows, is("state", "TX")), "county")],
  })),
];

export const examFiveGoals: readonly Goal[] = [...german, ...english];

export const examFiveRefused: readonly RefusedGoal[] = [
  refusing("umsatz.csv").de("Wie hoch war der Gewinn je Filiale?", "Gewinn"),
  refusing("football.json").de("Wie viele gelbe Karten gab es pro Liga?", "Karten"),
  refusing("messy-dates.csv").de("Welche Gäste hatten einen Hund dabei?", "Hund"),
  refusing("sp500.csv").de("Wo steht der Kurs im nächsten Jahr?"),
  refusing("survey-100.csv").de("Schick die Ergebnisse bitte per Mail an meine Chefin"),
  refusing("cars.json").en("Which color sells best?", "color"),
  refusing("barley.json").en("how much fertilizer was used per site", "fertilizer"),
  refusing("movies.json").en("Who was the lead actor in Titanic?", "actor"),
  refusing("stocks.csv").en("What will AAPL cost in six months from now?"),
  refusing("penguins.json").en("Delete all rows where the sex is missing"),
];
