/** Goals asked by somebody who knew none of the others, before anything was mended for them. */
import {
  both,
  countPer,
  decadeOf,
  deviation,
  difference,
  distinct,
  growth,
  inOrder,
  key,
  line,
  meanPer,
  missing,
  monthOf,
  of,
  outliers,
  pairs,
  quantile,
  quarterOf,
  running,
  size,
  steps,
  sumPer,
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
  numbers,
  perGroup,
  type SourceRow,
  sum,
  top,
} from "../source.ts";

const sales = asking("umsatz.csv");
const wide = asking("breit.csv");
const measured = asking("messwerte.csv");
const bookings = asking("messy-dates.csv");
const survey = asking("survey-100.csv");
const cars = asking("cars.json");
const movies = asking("movies.json");
const penguins = asking("penguins.json");
const seattle = asking("seattle-weather.csv");
const stocks = asking("stocks.csv");
const strikes = asking("birdstrikes.csv");
const disasters = asking("disasters.csv");
const countries = asking("gapminder.json");
const industries = asking("unemployment-across-industries.json");
const barley = asking("barley.json");
const obesity = asking("obesity.json");
const iowa = asking("iowa-electricity.csv");
const driving = asking("driving.json");
const jobs = asking("jobs.json");
const airports = asking("airports.csv");
const co2 = asking("co2-concentration.csv");
const wheat = asking("wheat.json");
const hurricanes = asking("population_engineers_hurricanes.csv");

const is = (column: string, value: string | number) => (row: SourceRow) => row[column] === value;
/** A cell as a number, where it is one. */
const num = (row: SourceRow, column: string) => {
  const cell = row[column];
  return typeof cell === "number" ? cell : Number.NaN;
};
const text = (row: SourceRow, column: string) => String(row[column]);
/** Groups, and that they stand in the table from the greatest down. */
const ranked = (groups: Record<string, number>) => ({
  groups,
  series: Object.values(top(groups, Object.keys(groups).length)),
});
/** The figure of each row by its name, for tables with one row per name. */
const figureBy = (rows: Rows, name: string, column: string) =>
  perGroup(rows, key(name), of(column, sum));

const german: readonly Goal[] = [
  sales.de(
    "Kannst du mir bitte sagen, wie viel Umsatz Köln im dritten Quartal 2025 gemacht hat?",
    (rows) => {
      const quarter = where(rows, (row) => quarterOf("Datum")(row) === "2025-07-01");
      return { figures: [of("Umsatz", sum)(where(quarter, is("Filiale", "Köln")))] };
    },
  ),
  sales.de(
    "Umsatz pro Quartal als Linie, dazu die prozentuale Veränderung zum Vorquartal",
    (rows) => ({
      groups: steps(sumPer(rows, quarterOf("Datum"), "Umsatz"), growth),
      share: true,
    }),
  ),
  sales.de(
    "welches Produkt läuft in München am schlechtesten, gemessen an der verkauften Menge",
    (rows) => winner(sumPer(where(rows, is("Filiale", "München")), key("Produkt"), "Menge"), "min"),
  ),
  wide.de("In welchem Bundesland war der Wert 2021 am niedrigsten?", (rows) =>
    winner(figureBy(rows, "Bundesland", "2021"), "min"),
  ),
  wide.de("Wie viel ergibt 2024 über alle Bundesländer zusammen?", (rows) => ({
    figures: [of("2024", sum)(rows)],
  })),
  // By the distance of the quartiles, or by three standard deviations.
  measured.de("Sind in den Messwerten Ausreißer, und wenn ja, wie viele?", (rows) => {
    const values = numbers(rows, "Messwert");
    const reach = 3 * deviation(values, "sample");
    const far = values.filter((value) => Math.abs(value - mean(values)) > reach);
    return [{ said: [outliers(values).length] }, { said: [far.length] }];
  }),
  survey.de("Durchschnitsalter nach Bildungsabschluss, absteigend sortiert", (rows) =>
    ranked(meanPer(rows, key("education"), "age")),
  ),
  survey.de("Wie viele Teilnehmer haben ihr Einkommen nicht angegeben?", (rows) => ({
    figures: [size(where(rows, missing("income_eur")))],
  })),
  cars.de("Wie viele Autos aus Japan schaffen mehr als 35 Meilen pro Gallone?", (rows) => {
    const thrifty = where(rows, (row) => num(row, "Miles_per_Gallon") > 35);
    return { figures: [size(where(thrifty, is("Origin", "Japan")))] };
  }),
  movies.de("Nenn mir die zehn Filme mit dem höchsten weltweiten Einspielergebnis", (rows) => {
    const sorted = [...rows].sort(
      (a, b) => Number(b["Worldwide Gross"]) - Number(a["Worldwide Gross"]),
    );
    const first = sorted.slice(0, 10);
    return {
      groups: Object.fromEntries(
        first.map((row) => [text(row, "Title"), num(row, "Worldwide Gross")]),
      ),
      rows: 10,
    };
  }),
  penguins.de("Hängen Flossenlänge und Körpergewicht bei den Pinguinen zusammen?", (rows) => ({
    figures: [line(pairs(rows, "Flipper Length (mm)", "Body Mass (g)")).correlation],
  })),
  seattle.de(
    "An wie vielen Tagen von Juni bis August 2015 lag die Höchsttemperatur über 30 Grad?",
    (rows) => {
      const summer = where(rows, (row) =>
        ["2015-06", "2015-07", "2015-08"].includes(monthOf("date")(row)),
      );
      return { figures: [size(where(summer, (row) => num(row, "temp_max") > 30))] };
    },
  ),
  seattle.de("Wie groß ist der Anteil der Tage mit Nebel?", (rows) => ({
    figures: [size(where(rows, is("weather", "fog"))) / rows.length],
    share: true,
  })),
  strikes.de("In welcher Flugphase passieren die meisten Vogelschläge?", (rows) =>
    winner(countPer(rows, key("Phase of flight"))),
  ),
  disasters.de("Wie viele Tote gab es seit 1950 durch Erdbeben?", (rows) => {
    const quakes = where(rows, is("Entity", "Earthquake"));
    return { figures: [of("Deaths", sum)(where(quakes, (row) => num(row, "Year") >= 1950))] };
  }),
  countries.de("Welche 5 Länder hatten im Jahr 2005 die niedrigste Lebenserwartung?", (rows) => {
    const then = figureBy(where(rows, is("year", 2005)), "country", "life_expect");
    return { groups: top(then, 5, "min"), rows: 5 };
  }),
  industries.de(
    "Wie hoch war die Arbeitslosenquote im Bereich Construction maximal, und wann war das?",
    (rows) => ({
      figures: [of("rate", max)(where(rows, is("series", "Construction")))],
      names: [["Februar 2010", "2010-02", "01.02.2010", "1.2.2010"]],
    }),
  ),
  barley.de("Median vom Ertrag pro Standort und Jahr, am liebsten als Balkendiagramm", (rows) => ({
    groups: perGroup(rows, both(key("site"), key("year")), of("yield", median)),
  })),
  obesity.de("spannweite der rate?", (rows) => {
    const rates = numbers(rows, "rate");
    return { figures: [max(rates) - min(rates)] };
  }),
  iowa.de("Zeig die kumulierte Erzeugung der Renewables über die Jahre", (rows) => ({
    groups: running(
      sumPer(where(rows, is("source", "Renewables")), yearOf("year"), "net_generation"),
    ),
  })),
];

const english: readonly Goal[] = [
  cars.en("whats the avg horspower of cars from europe", (rows) => ({
    figures: [of("Horsepower", mean)(where(rows, is("Origin", "Europe")))],
  })),
  // A weight on the edge of two bins may be counted in either.
  cars.en("Histogram of weight in steps of 500 lbs", (rows) => {
    const counts = (bin: (weight: number) => number) => {
      const groups = groupBy(rows, (row) => String(bin(num(row, "Weight_in_lbs") / 500)));
      return [...groups].sort(([a], [b]) => Number(a) - Number(b)).map(([, group]) => group.length);
    };
    return [{ series: counts(Math.floor) }, { series: counts(Math.ceil) }];
  }),
  cars.en("How many cars have a name that starts with toyota?", (rows) => ({
    figures: [size(where(rows, (row) => text(row, "Name").startsWith("toyota")))],
  })),
  movies.en("how many different directors are there", (rows) => ({
    figures: [distinct(rows, "Director")],
  })),
  movies.en("Which distributor put out the most action movies, and how many were there?", (rows) =>
    winner(countPer(where(rows, is("Major Genre", "Action")), key("Distributor"))),
  ),
  penguins.en("body mass: mean and standard deviation by species please", (rows) => {
    const figures = (kind: "sample" | "population") => ({
      groups: Object.fromEntries(
        [...groupBy(rows, key("Species"))].map(([name, group]) => {
          const masses = numbers(group, "Body Mass (g)");
          return [name, [mean(masses), deviation(masses, kind)]];
        }),
      ),
    });
    return [figures("sample"), figures("population")];
  }),
  seattle.en("Which month of 2013 had the most precipitation overall?", (rows) => {
    const months = sumPer(
      where(rows, (row) => yearOf("date")(row) === "2013"),
      monthOf("date"),
      "precipitation",
    );
    const [[month = "", most = 0] = []] = Object.entries(top(months, 1));
    return { names: [["September", month]], figures: [most] };
  }),
  stocks.en("Which stock reached the highest price of all, and when?", (rows) => ({
    figures: [of("price", max)(rows)],
    names: ["GOOG", ["October 2007", "October 1, 2007", "1 October 2007", "Oct 1 2007", "2007-10"]],
  })),
  driving.en("Is there a trend in miles driven over the years?", (rows) => {
    const { slope, correlation, fit } = line(pairs(rows, "year", "miles"));
    return [{ figures: [slope] }, { figures: [correlation] }, { figures: [fit] }];
  }),
  strikes.en("90th percentile of the speed during the take-off run", (rows) => ({
    figures: [
      of("Speed IAS in knots", (values) => quantile(values, 0.9))(
        where(rows, is("Phase of flight", "Take-off run")),
      ),
    ],
  })),
  disasters.en("flood deaths per decade", (rows) => {
    const decades = sumPer(where(rows, is("Entity", "Flood")), decadeOf("Year"), "Deaths");
    return { series: inOrder(decades).map(([, deaths]) => deaths) };
  }),
  industries.en("Rank the industries by their average unemployment rate in 2009", (rows) =>
    ranked(meanPer(where(rows, is("year", 2009)), key("series"), "rate")),
  ),
  jobs.en("Which job employed the most women in 1900?", (rows) => {
    const women = where(where(rows, is("sex", "women")), is("year", 1900));
    return winner(figureBy(women, "job", "count"));
  }),
  airports.en(
    "How many airports have International in their name, and which state has the most of those?",
    (rows) => {
      const wider = where(rows, (row) => text(row, "name").toLowerCase().includes("international"));
      return {
        said: [wider.length],
        names: Object.keys(top(countPer(wider, key("state")), 1)),
      };
    },
  ),
  co2.en("Average CO2 per year since 2015, and the difference to the year before", (rows) => {
    const years = meanPer(rows, yearOf("Date"), "CO2");
    const changes = steps(years, difference);
    const since = Object.keys(years).filter((year) => year >= "2016");
    return {
      groups: Object.fromEntries(since.map((year) => [year, [years[year]!, changes[year]!]])),
    };
  }),
  countries.en(
    "By how many percent did the population of India grow from 1955 to 2005?",
    (rows) => {
      const india = where(rows, is("country", "India"));
      const [before, after] = [1955, 2005].map((year) =>
        of("pop", sum)(where(india, is("year", year))),
      );
      return { said: [growth(after!, before!)], share: true };
    },
  ),
  survey.en("What percentage of respondents from Germany or Austria are female?", (rows) => {
    const asked = where(rows, (row) => ["Germany", "Austria"].includes(text(row, "country")));
    return { figures: [size(where(asked, is("gender", "female"))) / asked.length], share: true };
  }),
  // Rows that are there once too often, or all rows that have a twin.
  bookings.en("Does the file contain duplicate bookings, and if so how many?", (rows) => {
    const twins = Object.values(countPer(rows, key("Booking"))).filter((count) => count > 1);
    return [{ said: [sum(twins) - twins.length] }, { said: [sum(twins)] }];
  }),
  wheat.en("What was the median wheat price from 1600 through 1700?", (rows) => ({
    figures: [
      of(
        "wheat",
        median,
      )(where(rows, (row) => Number(row.year) >= 1600 && Number(row.year) <= 1700)),
    ],
  })),
  hurricanes.en("How many states never had a hurricane?", (rows) => ({
    figures: [size(where(rows, is("hurricanes", 0)))],
  })),
];

export const examGoals: Goal[] = [...german, ...english];

export const examRefused: RefusedGoal[] = [
  refusing("cars.json").de("Was kostet ein Auto aus Japan im Schnitt?", "kostet"),
  refusing("seattle-weather.csv").de(
    "Wie hoch war die mittlere Luftfeuchtigkeit im Jahr 2013?",
    "Luftfeuchtigkeit",
  ),
  refusing("umsatz.csv").de("Welcher Mitarbeiter hat den meisten Umsatz gemacht?", "Mitarbeiter"),
  refusing("gapminder.json").de("BIP pro Kopf von Indien im Jahr 2000", "BIP"),
  refusing("messwerte.csv").de("Bitte den Mittelwert der Messwerte pro Tag", "Tag"),
  refusing("movies.json").en("Which actress appears in the most films?", "actress"),
  refusing("airports.csv").en(
    "How many passengers does each airport in Texas handle?",
    "passengers",
  ),
  refusing("stocks.csv").en("forecast the MSFT price for December 2011", "forecast"),
  refusing("disasters.csv").en("why did so many people die in 1931", "why"),
  // A question back would be better; that "size" is not known is true as well.
  refusing("penguins.json").en("What's the average beak size of a Gentoo?", "size"),
];
