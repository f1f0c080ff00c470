/** A third exam: what people of several trades asked of a file that they had just opened. */
import {
  both,
  countPer,
  dayOf,
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
  numbers,
  perGroup,
  type SourceRow,
  sum,
  top,
} from "../source.ts";

const sales = asking("umsatz.csv");
const nights = asking("breit.csv");
const readings = asking("messwerte.csv");
const guests = asking("messy-dates.csv");
const answers = asking("survey-100.csv");
const riots = asking("la-riots.csv");
const disasters = asking("disasters.csv");
const movies = asking("movies.json");
const penguins = asking("penguins.json");
const cars = asking("cars.json");
const flights = asking("flights-2k.json");
const seattle = asking("seattle-weather.csv");
const winds = asking("windvectors.csv");
const employment = asking("us-employment.csv");
const football = asking("football.json");
const jobs = asking("jobs.json");
const electricity = asking("iowa-electricity.csv");
const barley = asking("barley.json");
const earthquakes = asking("earthquakes.json");
const birds = asking("birdstrikes.csv");
const health = asking("gapminder-health-income.csv");
const airports = asking("airports.csv");
const index = asking("sp500-2000.csv");
const pushes = asking("github.csv");
const jobless = asking("unemployment-across-industries.json");
const candidates = asking("political-contributions.json");
const cities = asking("weather.csv");
const warming = asking("global-temp.csv");
const prices = asking("ohlc.json");
const obesity = asking("obesity.json");

/** The lower edge of the step that a figure falls into. */
const stepOf = (column: string, width: number) => (row: SourceRow) =>
  String(Math.floor(figure(row, column) / width) * width).padStart(6, "0");
const byName = (figures: Readonly<Record<string, number>>) =>
  Object.keys(figures)
    .sort()
    .map((name) => figures[name]!);

/** Bookings with the arrival written YYYY-MM-DD; it stands there as month/day/year. */
const arrived = (rows: Rows): Rows =>
  where(rows, known("Arrival")).map((row) => {
    const [month = "", day = "", year = ""] = text(row, "Arrival").split("/");
    return { ...row, Arrival: `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` };
  });
const twice = (rows: Rows) =>
  [...groupBy(rows, JSON.stringify).values()].flatMap(([row, ...more]) => more.map(() => row!));

/** The year of "Jun 12 1998". */
const releaseYear = (row: SourceRow) => Number(text(row, "Release Date").slice(-4));

/** The hour of the day, in the ways that it can be written. */
const hourOf = (column: string) => (row: SourceRow) => text(row, column).slice(11, 13);
const hourWritten = (hour: string) => [`${hour}:00`, `${Number(hour)}`];

const german: readonly Goal[] = [
  sales.de("Umsatz im 4. Quartal 2025 ohne Kakao, bitte Filiale für Filiale", (rows) => ({
    groups: sumPer(
      where(where(rows, during("Datum", "2025-10-01", "2025-12-31")), (row) => {
        return row.Produkt !== "Kakao";
      }),
      key("Filiale"),
      "Umsatz",
    ),
  })),
  sales.de("Kannst du mir den Umsatz für 2025 Monat für Monat aufsummieren?", (rows) => ({
    groups: running(
      sumPer(where(rows, during("Datum", "2025-01-01", "2025-12-31")), monthOf("Datum"), "Umsatz"),
    ),
  })),
  sales.de("Um wie viel Prozent ist der Umsatz von 2024 auf 2025 gewachsen?", (rows) => {
    const perYear = sumPer(rows, yearOf("Datum"), "Umsatz");
    return {
      figures: [growth(perYear["2025"]!, perYear["2024"]!)],
      share: true,
      change: true,
    };
  }),
  sales.de("An welchem Wochentag geht insgesamt die größte Menge Bagel weg?", (rows) =>
    winner(sumPer(where(rows, is("Produkt", "Bagel")), weekdayOf("Datum", "de"), "Menge")),
  ),
  nights.de("Welche drei Bundesländer lagen 2023 vorn?", (rows) => {
    const first = top(perGroup(rows, key("Bundesland"), of("2023", sum)), 3);
    return { groups: first, names: Object.keys(first).slice(0, 1) };
  }),
  readings.de("Median und Standardabweichung vom Messwert, danke", (rows) => {
    const values = numbers(rows, "Messwert");
    return [
      { figures: [median(values), deviation(values, "sample")] },
      { figures: [median(values), deviation(values, "population")] },
    ];
  }),
  riots.de("Wie viele Menschen starben an jedem Tag vom 29. April bis 3. Mai 1992?", (rows) => ({
    groups: countPer(
      where(rows, during("death_date", "1992-04-29", "1992-05-03")),
      dayOf("death_date"),
    ),
  })),
  disasters.de("Deaths durch Earthquake pro Jahrzehnt, ab 1950", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.Entity === "Earthquake" && figure(row, "Year") >= 1950),
      decadeOf("Year"),
      "Deaths",
    ),
  })),
  movies.de("Welche 5 Titel hatten das größte Production Budget?", (rows) => {
    const first = top(perGroup(rows, key("Title"), of("Production Budget", sum)), 5);
    return { groups: first, names: Object.keys(first).slice(0, 1) };
  }),
  penguins.de("Wie stark hängen Flipper Length und Body Mass bei den Gentoo zusammen?", (rows) => ({
    figures: [
      line(pairs(where(rows, is("Species", "Gentoo")), "Flipper Length (mm)", "Body Mass (g)"))
        .correlation,
    ],
  })),
  cars.de("Linearer Trend von Miles_per_Gallon über Weight_in_lbs, Steigung und R²", (rows) => {
    const { slope, fit } = line(pairs(rows, "Weight_in_lbs", "Miles_per_Gallon"));
    return { figures: [slope, fit] };
  }),
  flights.de("Zu welcher Stunde des Tages fliegen die meisten Maschinen?", (rows) => {
    const [[hour, count] = ["", 0]] = Object.entries(top(countPer(rows, hourOf("date")), 1));
    return { names: [hourWritten(hour)], figures: [count] };
  }),
  seattle.de("Wie viele Tage mit rain oder drizzle gab es zwischen März und Mai 2013?", (rows) => ({
    figures: [
      size(
        where(
          where(rows, during("date", "2013-03-01", "2013-05-31")),
          (row) => row.weather === "rain" || row.weather === "drizzle",
        ),
      ),
    ],
  })),
  seattle.de("mittlere temp im Juli 2014", (rows) => {
    const july = where(rows, during("date", "2014-07-01", "2014-07-31"));
    return { figures: [of("temp_max", mean)(july), of("temp_min", mean)(july)] };
  }),
  winds.de("Wie verteilt sich speed, in Schritten von 2?", (rows) => ({
    series: byName(countPer(rows, stepOf("speed", 2))),
  })),
  employment.de("Spannweite von construction nach 2010", (rows) => {
    const values = numbers(
      where(rows, (row) => text(row, "month") >= "2011"),
      "construction",
    );
    return { figures: [max(values) - min(values)] };
  }),
  football.de(
    "Wie viele Spiele der Serie A stehen da drin und wie hoch ist der home_score im Schnitt?",
    (rows) => {
      const italian = where(rows, is("division", "Serie A"));
      return [
        { figures: [size(italian), of("home_score", mean)(italian)] },
        { figures: [size(italian), of("home_score", mean)(rows)] },
      ];
    },
  ),
  jobs.de("Welcher Anteil am count entfiel im Jahr 2000 auf women?", (rows) => {
    const counts = sumPer(where(rows, is("year", 2000)), key("sex"), "count");
    return { figures: [counts.women! / sum(Object.values(counts))], share: true };
  }),
  answers.de("Befragte je country und gender", (rows) => ({
    groups: countPer(rows, both(key("country"), key("gender"))),
  })),
  answers.de("90. Perzentil von income_eur, aber nur für Germany", (rows) => ({
    figures: [quantile(numbers(where(rows, is("country", "Germany")), "income_eur"), 0.9)],
  })),
  guests.de("Gibt es Zeilen, die doppelt eingetragen sind?", (rows) => {
    const again = twice(rows);
    const groups = Object.fromEntries(again.map((row) => [text(row, "Booking"), []]));
    return [
      { said: [size(again)], groups },
      { said: [size(again)], groups, rows: 2 * size(again) },
      { said: [2 * size(again)], groups, rows: 2 * size(again) },
      { figures: [size(again)] },
    ];
  }),
  electricity.de(
    "wie hat sich die net_generation der Renewables jeweils gegenüber dem Vorjahr verändert",
    (rows) => {
      const perYear = sumPer(
        where(rows, is("source", "Renewables")),
        yearOf("year"),
        "net_generation",
      );
      return [
        { groups: steps(perYear, difference), change: true },
        { groups: steps(perYear, growth), share: true, change: true },
      ];
    },
  ),
  barley.de("Rangliste der variety nach dem durchschnittlichen yield von 1932", (rows) => {
    const means = meanPer(where(rows, is("year", 1932)), key("variety"), "yield");
    return { groups: means, series: descending(means) };
  }),
  earthquakes.de(
    "Anzahl der Beben, bei denen place Alaska enthält und mag mindestens 3 ist",
    (rows) => ({
      figures: [
        size(
          where(rows, (row) => text(row, "place").includes("Alaska") && figure(row, "mag") >= 3),
        ),
      ],
    }),
  ),
  birds.de("Bei wie viel Prozent der Einträge fehlt Speed IAS in knots?", (rows) => ({
    figures: [size(where(rows, missing("Speed IAS in knots"))) / size(rows)],
    share: true,
  })),
];

const english: readonly Goal[] = [
  birds.en("Which airline operator hit the most birds at Night?", (rows) =>
    winner(countPer(where(rows, is("Time of day", "Night")), key("Aircraft Airline Operator"))),
  ),
  birds.en("total Cost Repair by wildlife size and time of day, 1995 to 1999", (rows) => ({
    groups: sumPer(
      where(rows, during("Flight Date", "1995-01-01", "1999-12-31")),
      both(key("Wildlife Size"), key("Time of day")),
      "Cost Repair",
    ),
  })),
  health.en("Average health in every region please, highest first", (rows) => {
    const means = meanPer(rows, key("region"), "health");
    return { groups: means, series: descending(means) };
  }),
  movies.en("How many films released after 2000 have no MPAA Rating?", (rows) => {
    const later = where(rows, (row) => releaseYear(row) > 2000);
    const unknown = size(where(later, missing("MPAA Rating")));
    return [
      { figures: [unknown] },
      { figures: [unknown + size(where(later, is("MPAA Rating", "Not Rated")))] },
    ];
  }),
  riots.en("average age by race, and how many people that is in each case", (rows) => {
    const ages = meanPer(rows, key("race"), "age");
    const alongside = (counts: Readonly<Record<string, number>>) => ({
      groups: Object.fromEntries(
        Object.entries(ages).map(([race, age]) => [race, [age, counts[race]!]]),
      ),
    });
    return [
      alongside(countPer(rows, key("race"))),
      alongside(countPer(where(rows, known("age")), key("race"))),
    ];
  }),
  airports.en("How many different cities in TX have an airport?", (rows) => ({
    figures: [distinct(where(rows, is("state", "TX")), "city")],
  })),
  airports.en('number of airports with a name that starts with "Lake"', (rows) => ({
    figures: [size(where(rows, (row) => text(row, "name").startsWith("Lake")))],
  })),
  index.en("What were the highest and the lowest close in each year since 2015?", (rows) => {
    const recent = groupBy(
      where(rows, (row) => text(row, "date") >= "2015"),
      yearOf("date"),
    );
    return {
      groups: Object.fromEntries(
        [...recent].map(([year, days]) => [year, [of("close", max)(days), of("close", min)(days)]]),
      ),
    };
  }),
  employment.en("Month to month change in manufacturing during 2009", (rows) => {
    const perMonth = sumPer(
      where(rows, during("month", "2009-01-01", "2009-12-31")),
      monthOf("month"),
      "manufacturing",
    );
    return [
      { groups: steps(perMonth, difference), change: true },
      { groups: steps(perMonth, growth), share: true, change: true },
    ];
  }),
  pushes.en("sum of count per week", (rows) => ({
    groups: sumPer(rows, weekOf("time"), "count"),
  })),
  jobless.en("Which series had the lowest average rate in 2009?", (rows) =>
    winner(meanPer(where(rows, is("year", 2009)), key("series"), "rate"), "min"),
  ),
  candidates.en("What percentage of the candidates is REP or DEM?", (rows) => ({
    figures: [
      size(
        where(rows, (row) => row.Party_Affiliation === "REP" || row.Party_Affiliation === "DEM"),
      ) / size(rows),
    ],
    share: true,
  })),
  cities.en("days with temp_max above 30, by location and year", (rows) => ({
    groups: countPer(
      where(rows, (row) => figure(row, "temp_max") > 30),
      both(key("location"), yearOf("date")),
    ),
  })),
  seattle.en("How is the wind distributed?", (rows) => [
    { total: size(where(rows, known("wind"))) },
    { figures: [of("wind", median)(rows)] },
  ]),
  movies.en("describe Running Time for me", (rows) => {
    const values = numbers(rows, "Running Time min");
    return [
      { figures: [mean(values)] },
      { figures: [median(values)] },
      { figures: [min(values), max(values)] },
    ];
  }),
  penguins.en("Which colums have gaps and how many are there in each?", (rows) => {
    const gaps = Object.keys(rows[0] ?? {}).map(
      (column) => [column, size(where(rows, missing(column)))] as const,
    );
    const some = Object.fromEntries(gaps.filter(([, count]) => count > 0));
    const sexUnknown = size(where(rows, (row) => missing("Sex")(row) || row.Sex === "."));
    return [
      { groups: some },
      { groups: some, rows: gaps.length },
      { groups: { ...some, Sex: sexUnknown } },
    ];
  }),
  penguins.en("mean flipper length for each 500 g of body mass", (rows) => ({
    series: byName(
      meanPer(
        where(rows, known("Body Mass (g)")),
        stepOf("Body Mass (g)", 500),
        "Flipper Length (mm)",
      ),
    ),
  })),
  cars.en("Are there any outliers in Horsepower?", (rows) => {
    const far = outliers(numbers(rows, "Horsepower"));
    return [{ figures: [far.length] }, { said: [far.length], rows: far.length }];
  }),
  flights.en("What share of the flights out of ORD was more than 15 minutes late?", (rows) => {
    const chicago = where(rows, is("origin", "ORD"));
    const late = where(chicago, (row) => figure(row, "delay") > 15);
    return { figures: [size(late) / size(chicago)], share: true };
  }),
  guests.en(
    "How much did we charge in total for confirmed stays of at least 3 nights? (Price)",
    (rows) => {
      const stays = (bookings: Rows) =>
        where(bookings, (row) => row.Status === "confirmed" && figure(row, "Nights") >= 3);
      return [
        { figures: [of("Price", sum)(stays(rows))] },
        { figures: [of("Price", sum)(stays(once(rows)))] },
      ];
    },
  ),
  guests.en("Bookings per quarter of arrival", (rows) => [
    { groups: countPer(arrived(rows), quarterOf("Arrival")) },
    { groups: countPer(arrived(once(rows)), quarterOf("Arrival")) },
  ]),
  warming.en("linear trend of temp since 1970, give me slope and r squared", (rows) => {
    const { slope, fit } = line(
      pairs(
        where(rows, (row) => figure(row, "year") >= 1970),
        "year",
        "temp",
      ),
    );
    return { figures: [slope, fit] };
  }),
  prices.en("standard deviation of ret for the signals long and short", (rows) => {
    const spread = (kind: "sample" | "population") =>
      perGroup(
        where(rows, (row) => row.signal === "long" || row.signal === "short"),
        key("signal"),
        of("ret", (values) => deviation(values, kind)),
      );
    return [{ groups: spread("sample") }, { groups: spread("population") }];
  }),
  obesity.en("the five states with the lowest rate", (rows) => {
    const last = top(perGroup(rows, key("state"), of("rate", sum)), 5, "min");
    return { groups: last, names: Object.keys(last).slice(0, 1) };
  }),
];

export const examThreeGoals: readonly Goal[] = [...german, ...english];

export const examThreeRefused: readonly RefusedGoal[] = [
  refusing("umsatz.csv").de("Wie hoch war der Gewinn in Leipzig?", "Gewinn"),
  refusing("survey-100.csv").de("Schick die Antworten aus Austria an meine Chefin", "Schick"),
  refusing("survey-100.csv").ambiguousDe(
    "Durchschnittliche satisfaction je country",
    "delivery_satisfaction",
    "website_satisfaction",
  ),
  refusing("penguins.json").en("What is the average wingspan on Biscoe?", "wingspan"),
  refusing("airports.csv").en("How many passengers does Houston have per year?", "passengers"),
  refusing("messy-dates.csv").en("Delete every booking that was cancelled", "Delete"),
  refusing("penguins.json").ambiguousEn(
    "average beak on each island",
    "Beak Length (mm)",
    "Beak Depth (mm)",
  ),
  refusing("movies.json").ambiguousEn(
    "Which director has the highest gross?",
    "US Gross",
    "Worldwide Gross",
  ),
];
