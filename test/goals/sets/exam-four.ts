/** A fourth exam: what people of many trades asked at first sight of a file. */
import {
  both,
  countPer,
  decadeOf,
  descending,
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
  size,
  steps,
  sumPer,
  text,
  weekdayOf,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, type Rows, refusing } from "../goal.ts";
import {
  max,
  mean,
  median,
  monthsEn,
  numbers,
  perGroup,
  type SourceRow,
  sum,
  top,
} from "../source.ts";

const sales = asking("umsatz.csv");
const nights = asking("breit.csv");
const guests = asking("messy-dates.csv");
const answers = asking("survey-100.csv");
const movies = asking("movies.json");
const cars = asking("cars.json");
const seattle = asking("seattle-weather.csv");
const cities = asking("weather.csv");
const birds = asking("birdstrikes.csv");
const earthquakes = asking("earthquakes.json");
const football = asking("football.json");
const disasters = asking("disasters.csv");
const riots = asking("la-riots.csv");
const jobless = asking("unemployment-across-industries.json");
const crimea = asking("crimea.json");
const lives = asking("gapminder.json");
const electricity = asking("iowa-electricity.csv");
const bread = asking("wheat.json");
const capitals = asking("us-state-capitals.json");
const airports = asking("airports.csv");
const health = asking("gapminder-health-income.csv");
const stocks = asking("stocks.csv");
const index = asking("sp500-2000.csv");
const flights = asking("flights-2k.json");
const routes = asking("flights-airport.csv");
const pushes = asking("github.csv");
const carbon = asking("co2-concentration.csv");
const driving = asking("driving.json");
const winds = asking("windvectors.csv");
const candidates = asking("political-contributions.json");
const people = asking("population.json");
const jobs = asking("jobs.json");
const barley = asking("barley.json");
const antibiotics = asking("burtin.json");

const inYear = (column: string, wanted: string) => (row: SourceRow) => year(row, column) === wanted;
const without = (figures: Readonly<Record<string, number>>, name: string) =>
  Object.fromEntries(Object.entries(figures).filter(([other]) => other !== name));

/** How many fall into each step, from the lowest up; a bound belongs to the step above it. */
function perStep(values: readonly number[], width: number): number[] {
  const counts = new Array<number>(Math.floor(max(values) / width) + 1).fill(0);
  for (const value of values) counts[Math.floor(value / width)]! += 1;
  return counts;
}

/** The same, where a bound belongs to the step below it. */
function perStepBelow(values: readonly number[], width: number): number[] {
  const counts = new Array<number>(Math.ceil(max(values) / width)).fill(0);
  for (const value of values) counts[Math.max(0, Math.ceil(value / width) - 1)]! += 1;
  return counts;
}

/** The month of "2015/01/31 08:00:00", written 2015-01. */
const slashedMonth = (row: SourceRow) => text(row, "time").slice(0, 7).replace("/", "-");

/** The ways to write a day in English. */
function dayWritten(date: string): readonly string[] {
  const [yearDigits = "", month = "1", day = ""] = [
    date.slice(0, 4),
    date.slice(5, 7),
    date.slice(8),
  ];
  const name = monthsEn[Number(month) - 1]!;
  const names = [name, name.slice(0, 3)];
  const ways = names.flatMap((one) => [
    `${Number(day)} ${one} ${yearDigits}`,
    `${one} ${Number(day)}, ${yearDigits}`,
  ]);
  return [date, ...ways];
}

const german: readonly Goal[] = [
  sales.de("Was haben wir zwischen dem 1. und dem 15. Mai 2025 in Leipzig eingenommen?", (rows) => {
    const there = where(rows, is("Filiale", "Leipzig"));
    const then = where(there, during("Datum", "2025-05-01", "2025-05-15"));
    return { figures: [of("Umsatz", sum)(then)] };
  }),
  sales.de("Kaffee und Tee zusammen: Umsatz nach Wochentag", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.Produkt === "Kaffee" || row.Produkt === "Tee"),
      weekdayOf("Datum", "de"),
      "Umsatz",
    ),
  })),
  sales.de("Bei wie vielen Verkäufen fehlt die Menge?", (rows) => ({
    figures: [size(where(rows, missing("Menge")))],
  })),
  sales.de("Monatsumsätze 2025 mit der Veränderung zum Vormonat in Prozent", (rows) => {
    const then = where(rows, inYear("Datum", "2025"));
    return {
      groups: steps(sumPer(then, monthOf("Datum"), "Umsatz"), growth),
      share: true,
      change: true,
    };
  }),
  nights.de("Um wie viel Prozent liegt Wien 2024 über dem Wert von 2020?", (rows) => {
    const [vienna] = where(rows, is("Bundesland", "Wien"));
    return {
      figures: [growth(figure(vienna!, "2024"), figure(vienna!, "2020"))],
      share: true,
      change: true,
    };
  }),
  answers.de("Durchschnittseinkommen der Befragten je Land, das höchste zuerst", (rows) => {
    const groups = meanPer(rows, key("country"), "income_eur");
    return { groups, series: descending(groups) };
  }),
  answers.de("Könnten Sie mir sagen, wie viel Prozent der Befragten Studierende sind?", (rows) => ({
    figures: [size(where(rows, is("employment", "student"))) / rows.length],
    share: true,
  })),
  movies.de("Welcher Regisseur hat die meisten Filme gedreht, und wie viele sind es?", (rows) =>
    winner(countPer(where(rows, known("Director")), key("Director"))),
  ),
  movies.de("Zeig mal die zehn teuersten Filme", (rows) => ({
    series: numbers(rows, "Production Budget")
      .sort((a, b) => b - a)
      .slice(0, 10),
    rows: 10,
  })),
  cars.de("Hängt die Leistung in PS mit dem Gewicht der Autos zusammen?", (rows) => ({
    said: [line(pairs(rows, "Weight_in_lbs", "Horsepower")).correlation],
  })),
  seattle.de("An wie vielen Tagen hat es 2012 geschneit?", (rows) => ({
    figures: [size(where(where(rows, inYear("date", "2012")), is("weather", "snow")))],
  })),
  seattle.de("Wie viel Niederschlag fiel 2015 in den einzelnen Quartalen?", (rows) => ({
    groups: sumPer(where(rows, inYear("date", "2015")), quarterOf("date"), "precipitation"),
  })),
  birds.de("Welcher Anteil der Vogelschläge ist nachts passiert?", (rows) => ({
    figures: [size(where(rows, is("Time of day", "Night"))) / rows.length],
    share: true,
  })),
  birds.de("Gib mir bitte die fünf Flughäfen mit den höchsten Gesamtkosten", (rows) => {
    const groups = top(sumPer(rows, key("Airport Name"), "Cost Total $"), 5);
    return { groups, series: descending(groups), rows: 5 };
  }),
  earthquakes.de("Wie viele Beben hatten mindestens die Stärke 4,5?", (rows) => ({
    figures: [size(where(rows, (row) => figure(row, "mag") >= 4.5))],
  })),
  football.de(
    "Bei wie vielen Spielen hat die Auswärtsmannschaft mehr Tore geschossen als die Heimmannschaft?",
    (rows) => ({
      figures: [size(where(rows, (row) => figure(row, "away_score") > figure(row, "home_score")))],
    }),
  ),
  football.de("Welche Mannschaft hat auswärts insgesamt die meisten Tore erzielt?", (rows) =>
    winner(sumPer(rows, key("away_team"), "away_score")),
  ),
  disasters.de("Todesopfer durch Überschwemmungen, bitte pro Jahrzehnt", (rows) => ({
    groups: sumPer(where(rows, is("Entity", "Flood")), decadeOf("Year"), "Deaths"),
  })),
  riots.de("Wie alt waren die Toten im Median, nach Geschlecht getrennt?", (rows) => ({
    groups: perGroup(rows, key("gender"), of("age", median)),
  })),
  jobless.de(
    "Welche Branche hatte 2009 im Schnitt die höchste Arbeitslosenquote und welche die niedrigste?",
    (rows) => {
      const rates = meanPer(where(rows, is("year", 2009)), key("series"), "rate");
      return {
        names: [...Object.keys(top(rates, 1)), ...Object.keys(top(rates, 1, "min"))],
        figures: [...Object.values(top(rates, 1)), ...Object.values(top(rates, 1, "min"))],
      };
    },
  ),
  crimea.de("Tote durch Krankheit Monat für Monat aufsummieren", (rows) => ({
    groups: running(sumPer(rows, monthOf("date"), "disease")),
  })),
  lives.de(
    "Um wie viele Jahre ist die Lebenserwartung in Japan zwischen 1955 und 2005 gestiegen?",
    (rows) => {
      const japan = sumPer(where(rows, is("country", "Japan")), key("year"), "life_expect");
      return { figures: [difference(japan["2005"]!, japan["1955"]!)], change: true };
    },
  ),
  electricity.de(
    "Wie groß war in jedem Jahr der Anteil der erneuerbaren Energien an der Stromerzeugung?",
    (rows) => {
      const part = (group: Rows) =>
        of("net_generation", sum)(where(group, is("source", "Renewables"))) /
        of("net_generation", sum)(group);
      return { groups: perGroup(rows, yearOf("year"), part), share: true };
    },
  ),
  bread.de("Was hat Weizen zwischen 1700 und 1800 im Durchschnitt gekostet?", (rows) => ({
    figures: [of("wheat", mean)(where(rows, during("year", "1700", "1800")))],
  })),
];

const english: readonly Goal[] = [
  capitals.en("What's the capital of Vermont?", () => ({ names: ["Montpelier"] })),
  airports.en('How many airports have "International" in their name?', (rows) => ({
    figures: [size(where(rows, (row) => /international/i.test(text(row, "name"))))],
  })),
  health.en("List the countries in South Asia by income, richest first.", (rows) => {
    const groups = sumPer(where(rows, is("region", "south_asia")), key("country"), "income");
    return { groups, series: descending(groups), rows: Object.keys(groups).length };
  }),
  health.en("Which region is home to the most people?", (rows) =>
    winner(sumPer(rows, key("region"), "population")),
  ),
  stocks.en("average price of IBM in 2008", (rows) => ({
    figures: [
      of(
        "price",
        mean,
      )(where(where(rows, is("symbol", "IBM")), (row) => text(row, "date").endsWith(" 2008"))),
    ],
  })),
  index.en("Could you tell me where the index closed on 15 September 2008?", (rows) => ({
    figures: numbers(where(rows, is("date", "2008-09-15")), "close"),
  })),
  flights.en("On which day of the week is the average delay longest?", (rows) =>
    winner(meanPer(rows, weekdayOf("date", "en"), "delay")),
  ),
  flights.en("How many different airports do these flights start from?", (rows) => ({
    figures: [distinct(rows, "origin")],
  })),
  cities.en("How hot was the hottest day in New York, and when was it?", (rows) => {
    const there = where(rows, is("location", "New York"));
    const highest = of("temp_max", max)(there);
    return where(there, is("temp_max", highest)).map((row) => ({
      figures: [highest],
      names: [dayWritten(text(row, "date"))],
    }));
  }),
  cities.en("Mean wind speed by city and year", (rows) => ({
    groups: meanPer(rows, both(key("location"), yearOf("date")), "wind"),
  })),
  pushes.en(
    "By how much did the monthly total of the count change from month to month?",
    (rows) => {
      const perMonth = sumPer(rows, slashedMonth, "count");
      return { groups: steps(perMonth, difference), change: true };
    },
  ),
  carbon.en("Give me the average CO2 for every decade", (rows) => ({
    groups: meanPer(rows, decadeOf("Date"), "CO2"),
  })),
  driving.en("By how many miles a year has driving gone up on average?", (rows) => {
    const miles = sumPer(rows, key("year"), "miles");
    const years = Object.keys(miles).sort();
    const [first = "", last = ""] = [years[0], years.at(-1)];
    return [
      { said: [line(pairs(rows, "year", "miles")).slope] },
      { said: [(miles[last]! - miles[first]!) / (Number(last) - Number(first))] },
    ];
  }),
  winds.en("Distribution of the wind speed in steps of 2", (rows) => {
    const speeds = numbers(rows, "speed");
    return [{ series: perStep(speeds, 2) }, { series: perStepBelow(speeds, 2) }];
  }),
  cars.en("Are there any outliers in horsepower? How many?", (rows) => {
    const count = outliers(numbers(rows, "Horsepower")).length;
    return [{ figures: [count] }, { said: [count], rows: count }];
  }),
  birds.en("number of strikes per phase of flight, without parked and taxi", (rows) => ({
    groups: countPer(
      where(
        rows,
        (row) => row["Phase of flight"] !== "Parked" && row["Phase of flight"] !== "Taxi",
      ),
      key("Phase of flight"),
    ),
    rows: 5,
  })),
  candidates.en("Please show the total receipts for each party affiliation.", (rows) => ({
    groups: sumPer(rows, key("Party_Affiliation"), "Total_Receipts"),
  })),
  people.en("Compare the number of people in 1900 with that in 2000", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.year === 1900 || row.year === 2000),
      key("year"),
      "people",
    ),
  })),
  jobs.en("What was the most common job among women in 1950?", (rows) =>
    winner(sumPer(where(where(rows, is("year", 1950)), is("sex", "women")), key("job"), "count")),
  ),
  barley.en("Which variety gave the best average yield at Waseca?", (rows) =>
    winner(meanPer(where(rows, is("site", "Waseca")), key("variety"), "yield")),
  ),
  movies.en("Median IMDB rating per genre, best one at the top", (rows) => {
    const all = perGroup(rows, key("Major Genre"), of("IMDB Rating", median));
    const groups = without(all, "null");
    return [
      { groups, series: descending(groups) },
      { groups, series: descending(all) },
    ];
  }),
  antibiotics.en("Which Gram-negative bacteria have a Neomycin value below 0.1?", (rows) => {
    const found = where(
      where(rows, is("Gram_Staining", "negative")),
      (row) => figure(row, "Neomycin") < 0.1,
    );
    return { groups: sumPer(found, key("Bacteria"), "Neomycin"), rows: found.length };
  }),
  guests.en("average length of stay in nights for each booking status", (rows) =>
    [rows, once(rows)].map((bookings) => ({
      groups: meanPer(bookings, key("Status"), "Nights"),
      rows: 3,
    })),
  ),
  routes.en("From where to where do the most flights go, and how many?", (rows) => {
    const [busiest] = where(rows, is("count", of("count", max)(rows)));
    return {
      names: [text(busiest!, "origin"), text(busiest!, "destination")],
      figures: [figure(busiest!, "count")],
    };
  }),
];

export const examFourGoals: readonly Goal[] = [...german, ...english];

export const examFourRefused: readonly RefusedGoal[] = [
  refusing("umsatz.csv").de(
    "Wie hoch war der Gewinn der Filiale Köln im letzten Quartal 2025?",
    "Gewinn",
  ),
  refusing("penguins.json").de("Wie viele Küken gibt es auf jeder Insel?", "Küken"),
  refusing("iowa-electricity.csv").de("Prognose der Stromerzeugung für 2020", "Prognose"),
  refusing("survey-100.csv").de("Lösche bitte alle Antworten ohne Einkommen", "Lösche"),
  refusing("crimea.json").de("Warum gab es im Januar 1855 so viele Tote durch Krankheit?", "Warum"),
  refusing("football.json").en("How many spectators came to the matches on average?", "spectators"),
  refusing("airports.csv").en("Which airport has the most passengers?", "passengers"),
  refusing("flights-2k.json").en(
    "Predict the average delay for flights from LAX next week",
    "Predict",
  ),
  refusing("messy-dates.csv").en("Delete every cancelled booking, please", "Delete"),
  refusing("disasters.csv").en("Why were there so many deaths by flood in 1931?", "Why"),
];
