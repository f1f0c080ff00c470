/** Goals as English speakers put them who know the table and nothing of the grammar. */
import {
  both,
  countPer,
  deviation,
  distinct,
  growth,
  inOrder,
  key,
  known,
  line,
  meanPer,
  missing,
  monthOf,
  of,
  outliers,
  pairs,
  quantile,
  shares,
  size,
  sumPer,
  where,
  winner,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { groupBy, max, mean, median, min, numbers, perGroup, sum, top } from "../source.ts";
import { figureOf, is, numberIn, rowsIn, textIn, topRows, year } from "./strangers.ts";

const bookings = asking("messy-dates.csv");
const survey = asking("survey-100.csv");
const cars = asking("cars.json");
const movies = asking("movies.json");
const penguins = asking("penguins.json");
const seattle = asking("seattle-weather.csv");
const cities = asking("weather.csv");
const stocks = asking("stocks.csv");
const strikes = asking("birdstrikes.csv");
const disasters = asking("disasters.csv");
const countries = asking("gapminder.json");
const incomes = asking("gapminder-health-income.csv");
const industries = asking("unemployment-across-industries.json");
const barley = asking("barley.json");
const driving = asking("driving.json");
const jobs = asking("jobs.json");
const airports = asking("airports.csv");
const flights = asking("flights-airport.csv");
const co2 = asking("co2-concentration.csv");
const riots = asking("la-riots.csv");
const football = asking("football.json");
const wheat = asking("wheat.json");
const crimea = asking("crimea.json");
const sales = asking("umsatz.csv");
const burtin = asking("burtin.json");
const hurricanes = asking("population_engineers_hurricanes.csv");

export const strangersEnglish: readonly Goal[] = [
  cars.en("I'd like to know which country makes the heaviest cars on average", (rows) =>
    winner(meanPer(rows, key("Origin"), "Weight_in_lbs")),
  ),
  cars.en("Give me a breakdown of cars by origin and cylinders", (rows) => ({
    groups: countPer(rows, both(key("Origin"), key("Cylinders"))),
  })),
  cars.en("Is there any relationship between horsepower and acceleration?", (rows) => ({
    said: [line(pairs(rows, "Horsepower", "Acceleration")).correlation],
  })),
  cars.en("what share of the cars come from japan", (rows) => ({
    figures: [size(where(rows, is("Origin", "Japan"))) / rows.length],
    share: true,
  })),
  cars.en("How did the average mpg evolve over the years?", (rows) => ({
    groups: meanPer(rows, yearOf("Year"), "Miles_per_Gallon"),
  })),
  cars.en("how many cars are there that have no horsepower listed?", (rows) => ({
    figures: [size(where(rows, missing("Horsepower")))],
  })),
  cars.en("Which 5 cars turn out to be the fastest accelerating ones?", (rows) => ({
    series: numbers(rows, "Acceleration")
      .sort((a, b) => a - b)
      .slice(0, 5),
  })),
  movies.en("How many Star Wars films are in the list?", (rows) => ({
    figures: [size(where(rows, (row) => /star wars/i.test(textIn(row, "Title"))))],
  })),
  movies.en("Which genre comes out on top in terms of worldwide gross?", (rows) => {
    const known_ = where(rows, known("Major Genre"));
    return [
      winner(sumPer(known_, key("Major Genre"), "Worldwide Gross")),
      winner(meanPer(known_, key("Major Genre"), "Worldwide Gross")),
    ];
  }),
  movies.en("Average IMDB rating for each MPAA rating, rounded", (rows) => ({
    groups: meanPer(where(rows, known("MPAA Rating")), key("MPAA Rating"), "IMDB Rating"),
  })),
  movies.en("what's the longest movie and how long does it run", (rows) => ({
    names: topRows(rows, "Title", "Running Time min", 1).map(([name]) => name),
    figures: [of("Running Time min", max)(rows)],
  })),
  movies.en("Count the movies directed by Steven Spielberg", (rows) => ({
    figures: [size(where(rows, is("Director", "Steven Spielberg")))],
  })),
  penguins.en("How many penguins of each species live on each island?", (rows) => ({
    groups: countPer(rows, both(key("Species"), key("Island"))),
  })),
  penguins.en("Do heavier penguins have longer flippers?", (rows) => ({
    figures: [line(pairs(rows, "Body Mass (g)", "Flipper Length (mm)")).correlation],
  })),
  penguins.en("Compare male and female body mass", (rows) => {
    const groups = meanPer(rows, key("Sex"), "Body Mass (g)");
    return { said: [groups.MALE!, groups.FEMALE!] };
  }),
  seattle.en("What was the hottest day on record?", (rows) => ({
    figures: [of("temp_max", max)(rows)],
  })),
  seattle.en("how many rainy days did we get in 2014?", (rows) => [
    { figures: [size(where(where(rows, year("date", "2014")), is("weather", "rain")))] },
    {
      figures: [
        size(where(where(rows, year("date", "2014")), (row) => numberIn(row, "precipitation") > 0)),
      ],
    },
  ]),
  seattle.en("Tell me the total precipitation for every year", (rows) => ({
    groups: sumPer(rows, yearOf("date"), "precipitation"),
  })),
  seattle.en(
    "longest it rained in one day, i.e. the max precipitation, and when was that?",
    (rows) => ({
      figures: [of("precipitation", max)(rows)],
    }),
  ),
  seattle.en("What is the average of the monthly precipitation totals?", (rows) => ({
    figures: [mean(Object.values(sumPer(rows, monthOf("date"), "precipitation")))],
  })),
  cities.en("Which of the two cities is windier?", (rows) =>
    winner(meanPer(rows, key("location"), "wind")),
  ),
  cities.en("Did New York see more snow days than Seattle?", (rows) => {
    const groups = countPer(where(rows, is("weather", "snow")), key("location"));
    return { said: [groups["New York"]!, groups.Seattle!] };
  }),
  stocks.en("what's the most recent price of each stock?", (rows) => ({
    groups: figureOf(where(rows, is("date", "Mar 1 2010")), "symbol", "price"),
  })),
  stocks.en("By how much did Amazon go up between January 2005 and January 2010?", (rows) => {
    const amazon = figureOf(where(rows, is("symbol", "AMZN")), "date", "price");
    const [before, after] = [amazon["Jan 1 2005"]!, amazon["Jan 1 2010"]!];
    return [{ said: [after - before] }, { said: [growth(after, before)], share: true }];
  }),
  stocks.en("Plot the google share price over time", (rows) => ({
    series: numbers(where(rows, is("symbol", "GOOG")), "price"),
  })),
  strikes.en("How many bird strikes were reported in Texas during the night?", (rows) => ({
    figures: [size(rowsIn(rows, { "Origin State": "Texas", "Time of day": "Night" }))],
  })),
  strikes.en("which airline paid the most for repairs in total?", (rows) =>
    winner(sumPer(rows, key("Aircraft Airline Operator"), "Cost Repair")),
  ),
  strikes.en("Number of strikes by wildlife size, as percentages", (rows) => ({
    groups: shares(countPer(rows, key("Wildlife Size"))),
    share: true,
  })),
  disasters.en("What was the deadliest year for floods?", (rows) =>
    winner(figureOf(where(rows, is("Entity", "Flood")), "Year", "Deaths")),
  ),
  disasters.en("average deaths of each disaster type since 2000", (rows) => ({
    groups: meanPer(
      where(rows, (row) => numberIn(row, "Year") >= 2000),
      key("Entity"),
      "Deaths",
    ),
  })),
  countries.en("Which country had the lowest fertility in 2005, and how low was it?", (rows) =>
    winner(figureOf(where(rows, is("year", 2005)), "country", "fertility"), "min"),
  ),
  countries.en("life expectancy in Rwanda in the year 1990 please", (rows) => ({
    figures: [of("life_expect", sum)(rowsIn(rows, { country: "Rwanda", year: 1990 }))],
  })),
  countries.en("What years are covered by the data?", (rows) => [
    { said: [of("year", min)(rows), of("year", max)(rows)] },
    { series: [...new Set(numbers(rows, "year"))].sort((a, b) => a - b) },
  ]),
  incomes.en("Which region has the healthiest people on average?", (rows) =>
    winner(meanPer(rows, key("region"), "health")),
  ),
  incomes.en("Is income correlated with health?", (rows) => ({
    figures: [line(pairs(rows, "income", "health")).correlation],
  })),
  incomes.en("top three countries by income and bottom three too", (rows) => ({
    series: [
      ...Object.values(top(figureOf(rows, "country", "income"), 3)),
      ...Object.values(top(figureOf(rows, "country", "income"), 3, "min")),
    ],
  })),
  industries.en("What was the unemployment rate in construction in February 2010?", (rows) => ({
    figures: [of("rate", sum)(rowsIn(rows, { series: "Construction", year: 2010, month: 2 }))],
  })),
  industries.en(
    "Which industry is hit hardest by unemployment, judging by the mean rate?",
    (rows) => winner(meanPer(rows, key("series"), "rate")),
  ),
  barley.en("Rank the sites by mean yield", (rows) => {
    const groups = meanPer(rows, key("site"), "yield");
    return { groups, series: Object.values(top(groups, 6)) };
  }),
  barley.en("what was the yield of Trebi at Waseca in 1931", (rows) => ({
    figures: [of("yield", sum)(rowsIn(rows, { variety: "Trebi", site: "Waseca", year: 1931 }))],
  })),
  driving.en("When was gas the most expensive?", (rows) => ({
    names: [String(where(rows, is("gas", of("gas", max)(rows)))[0]!.year)],
    figures: [of("gas", max)(rows)],
  })),
  jobs.en("How many women worked as nurses in 1950?", (rows) => ({
    figures: [of("count", sum)(rowsIn(rows, { sex: "women", year: 1950, job: "Nurse" }))],
  })),
  airports.en("How many airports does California have?", (rows) => ({
    figures: [size(where(rows, is("state", "CA")))],
  })),
  flights.en("What are the five busiest routes out of ATL?", (rows) => ({
    series: Object.values(
      top(figureOf(where(rows, is("origin", "ATL")), "destination", "count"), 5),
    ),
  })),
  co2.en("How much did CO2 rise between 1960 and 2010?", (rows) => {
    const years = meanPer(rows, yearOf("Date"), "CO2");
    const [before, after] = [years["1960"]!, years["2010"]!];
    return [{ said: [after - before] }, { said: [growth(after, before)], share: true }];
  }),
  riots.en("List the victims older than 65", (rows) => ({
    rows: size(where(rows, (row) => numberIn(row, "age") > 65)),
  })),
  riots.en("Break down the deaths by type, most common first", (rows) => {
    const groups = countPer(rows, key("type"));
    return { groups, series: Object.values(top(groups, 9)) };
  }),
  football.en(
    "How many games ended in a draw with zero goals each, i.e. home score 0 and away score 0?",
    (rows) => ({
      figures: [size(rowsIn(rows, { home_score: 0, away_score: 0 }))],
    }),
  ),
  wheat.en("In which year were wages the highest?", (rows) => [
    { figures: [of("wages", max)(rows)], names: ["1810"] },
    { figures: [of("wages", max)(rows)] },
  ]),
  wheat.en("from when until when does the data go?", (rows) => {
    const years = rows.map((row) => Number(row.year));
    return { said: [min(years), max(years)] };
  }),
  crimea.en("In which month did most soldiers die of disease?", (rows) => ({
    figures: [of("disease", max)(rows)],
    names: [["January 1855", "1855-01", "January 1, 1855", "1 January 1855"]],
  })),
  sales.en("Which product sells best in Hamburg?", (rows) => [
    winner(sumPer(where(rows, is("Filiale", "Hamburg")), key("Produkt"), "Menge")),
    winner(sumPer(where(rows, is("Filiale", "Hamburg")), key("Produkt"), "Umsatz")),
  ]),
  bookings.en("What's the typical number of nights people stay?", (rows) => [
    { figures: [of("Nights", median)(rows)] },
    { figures: [of("Nights", mean)(rows)] },
  ]),
  bookings.en("How much money did confirmed bookings bring in altogether?", (rows) => ({
    figures: [of("Price", sum)(where(rows, is("Status", "confirmed")))],
  })),
  survey.en("How satisfied are people with the delivery on average?", (rows) => ({
    figures: [of("delivery_satisfaction", mean)(rows)],
  })),
  survey.en("How many respondents are there for each level of education?", (rows) => ({
    groups: countPer(rows, key("education")),
  })),
  burtin.en("Which bacteria need less than 0.01 Penicillin?", (rows) => ({
    rows: size(where(rows, (row) => numberIn(row, "Penicillin") < 0.01)),
  })),
  hurricanes.en("What is the median number of hurricanes per state", (rows) => ({
    figures: [of("hurricanes", median)(rows)],
  })),
  penguins.en("Are there any outliers in body mass within the data?", (rows) => ({
    said: [outliers(numbers(rows, "Body Mass (g)")).length],
  })),
  movies.en(
    "how does the number of movies break down by decade of... no wait, just by rating",
    (rows) => ({
      groups: countPer(where(rows, known("MPAA Rating")), key("MPAA Rating")),
    }),
  ),
  cars.en("interquartile range of horsepower for american cars", (rows) => {
    const powers = numbers(where(rows, is("Origin", "USA")), "Horsepower");
    return { figures: [quantile(powers, 0.75) - quantile(powers, 0.25)] };
  }),
  barley.en("How much does yield vary (std dev) between varieties?", (rows) => {
    const per = (kind: "sample" | "population") => ({
      groups: perGroup(
        rows,
        key("variety"),
        of("yield", (values) => deviation(values, kind)),
      ),
    });
    return [per("sample"), per("population")];
  }),
  riots.en("How many different neighborhoods are mentioned?", (rows) => ({
    figures: [distinct(rows, "neighborhood")],
  })),
  sales.en("revenue by branch and year", (rows) => ({
    groups: sumPer(rows, both(key("Filiale"), yearOf("Datum")), "Umsatz"),
  })),
  driving.en("In what year did people drive the fewest miles?", (rows) => {
    const years = inOrder(figureOf(rows, "year", "miles"));
    const fewest = years.reduce((a, b) => (b[1] < a[1] ? b : a));
    return { names: [fewest[0]], figures: [fewest[1]] };
  }),
  co2.en("what's the ratio of CO2 in 2015 to CO2 in 1965?", (rows) => {
    const years = [...groupBy(rows, yearOf("Date"))];
    const level = (one: string) => of("CO2", mean)(years.find(([name]) => name === one)![1]);
    return { said: [level("2015") / level("1965")] };
  }),
];

export const strangersEnglishRefused: readonly RefusedGoal[] = [
  refusing("cars.json").en("Which car is the safest in a crash?", "safest"),
  refusing("movies.json").en("Change the rating of Titanic to 10", "Change"),
  refusing("gapminder.json").en("What is the unemployment rate of France in 2000?", "unemployment"),
  refusing("stocks.csv").en("Will Apple be worth more next year?", "next year"),
  refusing("seattle-weather.csv").en("On which days was it humid?", "humid"),
  refusing("penguins.json").en("What do Gentoo penguins eat?", "eat"),
  refusing("birdstrikes.csv").en("How many passengers were injured in strikes?", "injured"),
  refusing("jobs.json").en("What did nurses earn in 1950?", "words"),
];
