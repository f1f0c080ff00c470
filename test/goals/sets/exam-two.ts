/** A second exam: goals by somebody who knew neither the others nor how Keiko reads them. */
import {
  countPer,
  decadeOf,
  distinct,
  key,
  line,
  meanPer,
  missing,
  monthOf,
  of,
  outliers,
  pairs,
  quarterOf,
  running,
  size,
  sumPer,
  where,
  winner,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, type Rows, refusing } from "../goal.ts";
import {
  type Cell,
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
const riots = asking("la-riots.csv");
const disasters = asking("disasters.csv");
const football = asking("football.json");
const carbon = asking("co2-concentration.csv");
const jobs = asking("jobs.json");
const nations = asking("gapminder-health-income.csv");
const index = asking("sp500-2000.csv");
const routes = asking("flights-airport.csv");
const iowa = asking("iowa-electricity.csv");
const employment = asking("us-employment.csv");
const incomes = asking("income.json");
const warming = asking("global-temp.csv");
const wheat = asking("wheat.json");
const crimea = asking("crimea.json");
const zips = asking("zipcodes.csv");
const people = asking("population.json");
const monarchs = asking("monarchs.json");

type Test = (row: SourceRow) => boolean;
const is =
  (column: string, value: Cell): Test =>
  (row) =>
    row[column] === value;
const not =
  (test: Test): Test =>
  (row) =>
    !test(row);
const all =
  (...tests: readonly Test[]): Test =>
  (row) =>
    tests.every((test) => test(row));
const figure = (row: SourceRow, column: string) => Number(row[column]);
const over =
  (column: string, bound: number): Test =>
  (row) =>
    figure(row, column) > bound;
const under =
  (column: string, bound: number): Test =>
  (row) =>
    figure(row, column) < bound;
const between = (column: string, low: number, high: number) =>
  all(not(under(column, low)), not(over(column, high)));
const inYear =
  (column: string, year: string): Test =>
  (row) =>
    yearOf(column)(row) === year;
const fromYear =
  (column: string, first: string, last = "9999"): Test =>
  (row) =>
    yearOf(column)(row) >= first && yearOf(column)(row) <= last;
const counted = (test: Test) => (rows: Rows) => ({ figures: [size(where(rows, test))] });
const summed = (column: string, test: Test) => (rows: Rows) =>
  sum(numbers(rows.filter(test), column));
const part = (some: number, whole: number) => ({ said: [some / whole], share: true as const });
/** The first so many of a record: each of them a row, all of them named. */
const leaders = (figures: Readonly<Record<string, number>>, count: number) => {
  const groups = top(figures, count);
  return { groups, rows: count };
};

const german: readonly Goal[] = [
  sales.de("Welche Filiale hat im Jahr 2025 am meisten umgesetzt?", (rows) =>
    winner(sumPer(where(rows, inYear("Datum", "2025")), key("Filiale"), "Umsatz")),
  ),
  sales.de("Wie viele Bagel sind in Leipzig insgesamt über den Tresen gegangen?", (rows) => ({
    figures: [summed("Menge", all(is("Produkt", "Bagel"), is("Filiale", "Leipzig")))(rows)],
  })),
  sales.de("Bei wie vielen Einträgen fehlt eigentlich die Menge?", counted(missing("Menge"))),
  sales.de("Umsatz je Quartal 2024 bitte – und wie hoch war das schwächste?", (rows) => {
    const groups = sumPer(where(rows, inYear("Datum", "2024")), quarterOf("Datum"), "Umsatz");
    return { groups, said: [min(Object.values(groups))] };
  }),
  wide.de("Welches Bundesland hatte 2020 den niedrigsten Wert?", (rows) =>
    winner(
      perGroup(rows, key("Bundesland"), (group) => figure(group[0]!, "2020")),
      "min",
    ),
  ),
  measured.de("Sind bei den Messwerten Ausreißer dabei, und falls ja: wie viele?", (rows) => ({
    said: [outliers(numbers(rows, "Messwert")).length],
  })),
  bookings.de("Wurde irgendeine Buchung doppelt eingetragen?", (rows) => ({
    said: [size(rows) - new Set(rows.map((row) => JSON.stringify(row))).size],
  })),
  survey.de("Wie verteilen sich die Befragten auf employment?", (rows) => ({
    groups: countPer(rows, key("employment")),
  })),
  riots.de("Wie alt waren die Toten im Mittel, getrennt nach gender?", (rows) => ({
    groups: meanPer(rows, key("gender"), "age"),
  })),
  riots.de("Welcher Anteil der Fälle ist ein Homicide?", (rows) =>
    part(size(where(rows, is("type", "Homicide"))), size(rows)),
  ),
  disasters.de("Mich würde interessieren, wie viele Tote es seit 1950 durch Flood gab", (rows) => [
    { figures: [summed("Deaths", all(is("Entity", "Flood"), over("Year", 1949)))(rows)] },
    { figures: [summed("Deaths", all(is("Entity", "Flood"), over("Year", 1950)))(rows)] },
  ]),
  disasters.de("Deaths durch Earthquake nach Jahrzehnt aufsummiert", (rows) => ({
    groups: sumPer(where(rows, is("Entity", "Earthquake")), decadeOf("Year"), "Deaths"),
  })),
  football.de("Wie viele Heimtore fallen im Schnitt pro Spiel in jeder division?", (rows) => ({
    groups: meanPer(rows, key("division"), "home_score"),
  })),
  football.de("Wieviele Spiele hat die Deutsche Bundesliga in der Tabele?", (rows) =>
    counted(is("division", "Deutsche Bundesliga"))(rows),
  ),
  carbon.de("Wie hoch lag CO2 2019 durchschnittlich?", (rows) => ({
    figures: [mean(numbers(where(rows, inYear("Date", "2019")), "CO2"))],
  })),
  jobs.de("Nenn mir die drei jobs mit den meisten Leuten im Jahr 2000", (rows) =>
    leaders(sumPer(where(rows, is("year", 2000)), key("job"), "count"), 3),
  ),
  nations.de("Hängen income und health miteinander zusammen?", (rows) => ({
    said: [line(pairs(rows, "income", "health")).correlation],
  })),
  nations.de("Wie viele Länder liegen nicht in america?", counted(not(is("region", "america")))),
  index.de("Was war der höchste close zwischen 2010 und 2015?", (rows) => [
    { figures: [max(numbers(where(rows, fromYear("date", "2010", "2015")), "close"))] },
  ]),
  employment.de("Durchschnitliche Zahl bei construction pro Jahr", (rows) => ({
    groups: meanPer(rows, yearOf("month"), "construction"),
  })),
];

const english: readonly Goal[] = [
  riots.en("How many of the victims were Latino and younger than 30?", (rows) =>
    counted(all(is("race", "Latino"), under("age", 30)))(rows),
  ),
  riots.en("deaths per day, please (death_date)", (rows) => ({
    groups: countPer(rows, key("death_date")),
  })),
  disasters.en("In which year did Drought claim the most deaths?", (rows) =>
    winner(sumPer(where(rows, is("Entity", "Drought")), key("Year"), "Deaths")),
  ),
  disasters.en(
    "Leaving out All natural disasters, which entity has the highest total of deaths?",
    (rows) => {
      const single = where(rows, not(is("Entity", "All natural disasters")));
      return winner(sumPer(single, key("Entity"), "Deaths"));
    },
  ),
  football.en("How many goals did Arsenal score at home in 2016?", (rows) => ({
    figures: [summed("home_score", all(is("home_team", "Arsenal"), inYear("date", "2016")))(rows)],
  })),
  nations.en("Median income by region, highest first", (rows) => {
    const groups = perGroup(rows, key("region"), of("income", median));
    return { groups, series: Object.values(groups).sort((a, b) => b - a) };
  }),
  nations.en("Could you tell me the five countries with the largest population?", (rows) =>
    leaders(sumPer(rows, key("country"), "population"), 5),
  ),
  incomes.en("How many different names are there in each region?", (rows) => ({
    groups: perGroup(rows, key("region"), (group) => distinct(group, "name")),
  })),
  warming.en("What is the linear trend of temp over the years?", (rows) => ({
    figures: [line(pairs(rows, "year", "temp")).slope],
  })),
  wheat.en("average wages from 1700 to 1750", (rows) => ({
    figures: [mean(numbers(where(rows, between("year", 1700, 1750)), "wages"))],
  })),
  crimea.en(
    "How many died of disease in total, and what was the worst month's figure?",
    (rows) => ({
      said: [sum(numbers(rows, "disease")), max(numbers(rows, "disease"))],
    }),
  ),
  crimea.en("Show me the running total of wounds month by month", (rows) => ({
    groups: running(sumPer(rows, monthOf("date"), "wounds")),
  })),
  index.en("On how many days was the volume above 5 billion?", counted(over("volume", 5e9))),
  index.en("I'd like the mean close for every year after 2014", (rows) => ({
    groups: meanPer(where(rows, fromYear("date", "2015")), yearOf("date"), "close"),
  })),
  zips.en("which state has got the most zip codes?", (rows) =>
    winner(countPer(rows, key("state"))),
  ),
  zips.en("How many rows have a city containing Springs?", (rows) => [
    counted((row) => /springs/i.test(String(row.city)))(rows),
    counted((row) => /Springs/.test(String(row.city)))(rows),
  ]),
  people.en("What share of the people in 2000 was under 20?", (rows) =>
    part(
      summed("people", all(is("year", 2000), under("age", 20)))(rows),
      summed("people", is("year", 2000))(rows),
    ),
  ),
  routes.en("Top 4 origins by total count", (rows) =>
    leaders(sumPer(rows, key("origin"), "count"), 4),
  ),
  iowa.en("How much did net generation from Renewables grow between 2001 and 2017?", (rows) => {
    const green = sumPer(where(rows, is("source", "Renewables")), yearOf("year"), "net_generation");
    const [from, to] = [green["2001"]!, green["2017"]!];
    return [
      { said: [to - from], change: true },
      { said: [(to - from) / from], share: true, change: true },
    ];
  }),
  monarchs.en("Which monarch reigned the longest?", (rows) =>
    winner(
      perGroup(rows, key("name"), (group) => figure(group[0]!, "end") - figure(group[0]!, "start")),
    ),
  ),
];

export const examTwoGoals: readonly Goal[] = [...german, ...english];

export const examTwoRefused: readonly RefusedGoal[] = [
  refusing("umsatz.csv").de("Wie hoch war der Gewinn nach Steuern in Hamburg?"),
  refusing("umsatz.csv").de("Lösche bitte alle Zeilen aus München"),
  refusing("la-riots.csv").de("Wer hat die Schüsse abgegeben?"),
  refusing("zipcodes.csv").de("Wie viele Einwohner hat Springfield?"),
  refusing("football.json").en("Which referee showed the most red cards?"),
  refusing("disasters.csv").en("How much money did the floods cost in insurance claims?"),
  refusing("messy-dates.csv").en("Change the price of booking B-1004 to 100"),
  refusing("co2-concentration.csv").en("Whose fault is it that CO2 keeps rising?"),
];
