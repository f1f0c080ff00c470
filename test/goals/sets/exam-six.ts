/** Questions of people at work who see a file for the first time, written by a stranger to the product. */
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
  steps,
  sumPer,
  text,
  weekdayOf,
  weekOf,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, type Rows, refusing } from "../goal.ts";
import { groupBy, max, mean, median, min, numbers, type SourceRow, sum, top } from "../source.ts";

const umsatz = asking("umsatz.csv");
const breit = asking("breit.csv");
const messwerte = asking("messwerte.csv");
const bookings = asking("messy-dates.csv");
const survey = asking("survey-100.csv");
const airports = asking("airports.csv");
const barley = asking("barley.json");
const strikes = asking("birdstrikes.csv");
const cars = asking("cars.json");
const carbon = asking("co2-concentration.csv");
const crimea = asking("crimea.json");
const disasters = asking("disasters.csv");
const driving = asking("driving.json");
const routes = asking("flights-airport.csv");
const flights2 = asking("flights-2k.json");
const flights5 = asking("flights-5k.json");
const football = asking("football.json");
const gapminder = asking("gapminder.json");
const wealth = asking("gapminder-health-income.csv");
const commits = asking("github.csv");
const warming = asking("global-temp.csv");
const hurricanes = asking("population_engineers_hurricanes.csv");
const iowa = asking("iowa-electricity.csv");
const jobs = asking("jobs.json");
const riots = asking("la-riots.csv");
const movies = asking("movies.json");
const obesity = asking("obesity.json");
const prices = asking("ohlc.json");
const penguins = asking("penguins.json");
const seattle = asking("seattle-weather.csv");
const index = asking("sp500-2000.csv");
const stocks = asking("stocks.csv");
const unemployment = asking("unemployment-across-industries.json");
const employment = asking("us-employment.csv");
const weather = asking("weather.csv");
const wheat = asking("wheat.json");
const zipcodes = asking("zipcodes.csv");

const one = (value: number): Expected => ({ figures: [value] });
/** Each row is a group of its own. */
const each = (rows: Rows, name: string, column: string): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [String(row[name]), figure(row, column)]));
const first = (figures: Readonly<Record<string, number>>, count: number): Expected => {
  const groups = top(figures, count);
  return { groups, series: descending(groups), rows: count };
};
const inYear = (column: string, wanted: string) => (row: SourceRow) => year(row, column) === wanted;
const hourOf = (row: SourceRow) => text(row, "time").slice(11, 13);

export const examSixGoals: readonly Goal[] = [
  // German
  umsatz.de("Wie viel hat Leipzig im 1. Quartal 2025 mit Kuchen umgesetzt?", (rows) =>
    one(
      of(
        "Umsatz",
        sum,
      )(
        where(
          rows,
          (row) =>
            is("Filiale", "Leipzig")(row) &&
            is("Produkt", "Kuchen")(row) &&
            during("Datum", "2025-01-01", "2025-03-31")(row),
        ),
      ),
    ),
  ),
  umsatz.de("An welchem Wochentag verkaufen wir am meisten Kaffee?", (rows) => {
    const coffee = where(rows, is("Produkt", "Kaffee"));
    return [
      winner(sumPer(coffee, weekdayOf("Datum", "de"), "Menge")),
      winner(sumPer(coffee, weekdayOf("Datum", "de"), "Umsatz")),
    ];
  }),
  umsatz.de("kumulierter Umsatz pro Monat 2025", (rows) => ({
    groups: running(sumPer(where(rows, inYear("Datum", "2025")), monthOf("Datum"), "Umsatz")),
  })),
  breit.de("Welches Bundesland hat 2024 den höchsten Wert?", (rows) =>
    winner(each(rows, "Bundesland", "2024")),
  ),
  messwerte.de("Wie viele Ausreißer gibt es bei den Messwerten?", (rows) => ({
    said: [outliers(numbers(rows, "Messwert")).length],
  })),
  survey.de("Bei wie vielen Befragten fehlt das income_eur?", (rows) =>
    one(where(rows, missing("income_eur")).length),
  ),
  airports.de("Wie viele Flughaefen haben eigentlich Memorial im Namen?", (rows) =>
    one(where(rows, (row) => text(row, "name").includes("Memorial")).length),
  ),
  strikes.de("Cost Total $ je Wildlife Size, absteigend sortiert", (rows) => {
    const groups = sumPer(rows, key("Wildlife Size"), "Cost Total $");
    return { groups, series: descending(groups) };
  }),
  football.de("wie viele spiele hat SK Rapid Wien als home_team?", (rows) =>
    one(where(rows, is("home_team", "SK Rapid Wien")).length),
  ),
  gapminder.de("Wie hoch war die Lebenserwartung in Japan 2005?", (rows) =>
    one(
      of(
        "life_expect",
        mean,
      )(where(rows, (row) => is("country", "Japan")(row) && is("year", 2005)(row))),
    ),
  ),
  iowa.de("anteil der einzelnen quellen an der net_generation 2017 in prozent", (rows) => ({
    groups: shares(sumPer(where(rows, inYear("year", "2017")), key("source"), "net_generation")),
    share: true,
  })),
  driving.de("Veränderung der miles gegenüber dem Vorjahr", (rows) => {
    const miles = each(rows, "year", "miles");
    return [{ groups: steps(miles, difference) }, { groups: steps(miles, growth), share: true }];
  }),
  movies.de("Durchschnittliches IMDB Rating je Major Genre", (rows) => ({
    groups: meanPer(where(rows, known("Major Genre")), key("Major Genre"), "IMDB Rating"),
  })),
  penguins.de("Zeig mir bitte mal die Anzahl Pinguine nach Insel und Art", (rows) => ({
    groups: countPer(rows, both(key("Island"), key("Species"))),
  })),
  seattle.de("Wieviele Tage hatten wir 2014 mit rain oder snow?", (rows) => {
    const days = where(rows, inYear("date", "2014"));
    return one(where(days, (row) => ["rain", "snow"].includes(text(row, "weather"))).length);
  }),
  weather.de("hoechste temp_max in New York von Juni bis August 2013", (rows) =>
    one(
      of(
        "temp_max",
        max,
      )(
        where(
          rows,
          (row) =>
            is("location", "New York")(row) && during("date", "2013-06-01", "2013-08-31")(row),
        ),
      ),
    ),
  ),
  unemployment.de("Welche Branche (series) hatte 2009 im Schnitt die höchste Rate?", (rows) =>
    winner(meanPer(where(rows, is("year", 2009)), key("series"), "rate")),
  ),
  wheat.de("Gibt es einen Zusammenhang zwischen wheat und wages?", (rows) => {
    const { correlation, fit } = line(pairs(rows, "wheat", "wages"));
    return [{ said: [correlation] }, { said: [fit] }];
  }),
  carbon.de("Mittlerer CO2-Wert pro Jahrzehnt", (rows) => ({
    groups: meanPer(rows, decadeOf("Date"), "CO2"),
  })),
  flights5.de("Durchschnittliche Verspätung nach Wochentag bitte", (rows) => ({
    groups: meanPer(rows, weekdayOf("date", "de"), "delay"),
  })),
  obesity.de("Welche Staaten haben eine rate über 0,19?", (rows) => {
    const groups = each(
      where(rows, (row) => figure(row, "rate") > 0.19),
      "state",
      "rate",
    );
    return { groups, share: true, rows: Object.keys(groups).length };
  }),
  wealth.de("Auf welchem Rang liegt Austria beim Einkommen?", (rows) => {
    const own = of("income", max)(where(rows, is("country", "Austria")));
    return { said: [where(rows, (row) => figure(row, "income") > own).length + 1] };
  }),
  crimea.de(
    "Wie viele Soldaten starben insgesamt durch disease und wie viele durch wounds?",
    (rows) => ({ figures: [of("disease", sum)(rows), of("wounds", sum)(rows)] }),
  ),

  // English
  bookings.en("are there any duplicate rows?", (rows) => {
    const repeated = [...groupBy(rows, JSON.stringify).values()].filter(({ length }) => length > 1);
    return [
      { said: [rows.length - once(rows).length] },
      { said: [repeated.reduce((all, { length }) => all + length, 0)] },
    ];
  }),
  survey.en("What percentage of respondents gave an nps of 9 or 10?", (rows) => ({
    figures: [where(rows, (row) => figure(row, "nps") >= 9).length / rows.length],
    share: true,
  })),
  survey.en("age distribution in steps of 10 years", (rows) => {
    const decades = countPer(rows, (row) => String(Math.floor(figure(row, "age") / 10)));
    return { series: Object.values(decades), rows: Object.keys(decades).length };
  }),
  strikes.en("which 3 operators had the most bird strikes, not counting MILITARY?", (rows) =>
    first(
      countPer(
        where(rows, (row) => !is("Aircraft Airline Operator", "MILITARY")(row)),
        key("Aircraft Airline Operator"),
      ),
      3,
    ),
  ),
  cars.en("average miles per gallon by origin for cars with 4 cylinders", (rows) => ({
    groups: meanPer(where(rows, is("Cylinders", 4)), key("Origin"), "Miles_per_Gallon"),
  })),
  cars.en("Before I start: how many missing values are there in each column?", (rows) => {
    const columns = Object.keys(rows[0]!);
    const all = Object.fromEntries(
      columns.map((column) => [column, where(rows, missing(column)).length]),
    );
    const some = Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
    return [
      { groups: all, rows: columns.length },
      { groups: some, rows: Object.keys(some).length },
    ];
  }),
  disasters.en("How many people died in earthquakes and floods between 1990 and 1999?", (rows) => {
    const nineties = where(
      rows,
      (row) =>
        figure(row, "Year") >= 1990 &&
        figure(row, "Year") <= 1999 &&
        ["Earthquake", "Flood"].includes(text(row, "Entity")),
    );
    const groups = sumPer(nineties, key("Entity"), "Deaths");
    return [one(of("Deaths", sum)(nineties)), { groups }, { figures: Object.values(groups) }];
  }),
  iowa.en("yearly growth of renewables in percent", (rows) => ({
    groups: steps(
      sumPer(where(rows, is("source", "Renewables")), yearOf("year"), "net_generation"),
      growth,
    ),
    share: true,
  })),
  routes.en("top 5 destinations from ATL by count", (rows) =>
    first(sumPer(where(rows, is("origin", "ATL")), key("destination"), "count"), 5),
  ),
  flights2.en("what's the 90th percentile of the delay", (rows) =>
    one(quantile(numbers(rows, "delay"), 0.9)),
  ),
  football.en("how many matchs were played in each division in 2015?", (rows) => ({
    groups: countPer(where(rows, inYear("date", "2015")), key("division")),
  })),
  warming.en("Linear trend of temp over the years since 1980", (rows) => {
    const since = where(rows, (row) => figure(row, "year") >= 1980);
    const { slope } = line(pairs(since, "year", "temp"));
    return [{ said: [slope] }, { said: [slope * 10] }];
  }),
  commits.en("Which hour of the day has the highest total count?", (rows) => {
    const hours = sumPer(rows, hourOf, "count");
    const [[hour, most] = ["", 0]] = Object.entries(top(hours, 1));
    const plain = String(Number(hour));
    return { figures: [most], names: [[`${hour}:00`, hour, plain, `${plain}:00`]] };
  }),
  jobs.en("how many women worked as a Nurse in 2000?", (rows) =>
    one(
      of(
        "count",
        sum,
      )(
        where(
          rows,
          (row) => is("job", "Nurse")(row) && is("sex", "women")(row) && is("year", 2000)(row),
        ),
      ),
    ),
  ),
  movies.en("Show me the five movies with the highest worldwide gross", (rows) =>
    first(each(where(rows, known("Worldwide Gross")), "Title", "Worldwide Gross"), 5),
  ),
  penguins.en("standard deviation of flipper length for Gentoo penguins", (rows) => {
    const lengths = numbers(where(rows, is("Species", "Gentoo")), "Flipper Length (mm)");
    return [one(deviation(lengths, "sample")), one(deviation(lengths, "population"))];
  }),
  hurricanes.en("which state had the most hurricanes", (rows) =>
    winner(each(rows, "state", "hurricanes")),
  ),
  index.en("Average trading volume per quarter in 2008", (rows) => ({
    groups: meanPer(where(rows, inYear("date", "2008")), quarterOf("date"), "volume"),
  })),
  prices.en("mean close by week", (rows) => ({ groups: meanPer(rows, weekOf("date"), "close") })),
  stocks.en("What was the average price of AAPL in 2008?", (rows) =>
    one(
      of(
        "price",
        mean,
      )(where(rows, (row) => is("symbol", "AAPL")(row) && text(row, "date").endsWith("2008"))),
    ),
  ),
  zipcodes.en("how many different counties are there in TX?", (rows) =>
    one(distinct(where(rows, is("state", "TX")), "county")),
  ),
  barley.en("Can you describe the yield for me?", (rows) => {
    const yields = numbers(rows, "yield");
    const [least, most, middle] = [min(yields), max(yields), mean(yields)];
    return [
      { figures: [least, most, middle] },
      { figures: [least, most, median(yields)] },
      { groups: { yield: [least, most, middle] } },
    ];
  }),
  employment.en(
    "what was the highest value for construction, and in which month was that?",
    (rows) => {
      const highest = winner(each(rows, "month", "construction"));
      return { ...highest, names: [["April 2006", "Apr 2006", "2006-04", "2006-04-01"]] };
    },
  ),
  riots.en("Age range of the victims", (rows) => {
    const [youngest, oldest] = [of("age", min)(rows), of("age", max)(rows)];
    return [{ figures: [youngest, oldest] }, one(oldest - youngest)];
  }),
];

export const examSixRefused: readonly RefusedGoal[] = [
  refusing("umsatz.csv").de("Wie hoch war der Gewinn in Köln 2025?", "Gewinn"),
  refusing("penguins.json").de("Wie viele Eier legen die Pinguine im Schnitt?", "Eier"),
  refusing("movies.json").de("Lösche bitte alle Filme ohne Regisseur"),
  refusing("football.json").de("Wie viele gelbe Karten gab es in der Serie A?", "Karten"),
  refusing("survey-100.csv").en("Send the results to all respondents by email"),
  refusing("cars.json").en("What is the average price of a car by origin?", "price"),
  refusing("flights-5k.json").en("which airline has the longest delays?", "airline"),
  refusing("gapminder.json").en("What will the population of India be in 2050?"),
  refusing("barley.json").en("how much fertilizer was used in Waseca", "fertilizer"),
];
