/** Countries over the years. */
import {
  distinct,
  growth,
  key,
  line,
  meanPer,
  of,
  pairs,
  steps,
  sumPer,
  where,
  winner,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, min, numbers, perGroup, top } from "../source.ts";

const gapminder = asking("gapminder.json");
const incomes = asking("gapminder-health-income.csv");

export const countryGoals: readonly Goal[] = [
  gapminder.de("Welche 5 Länder hatten 2005 die höchste Lebenserwartung?", (rows) => {
    const chosen = where(rows, (row) => row.year === 2005);
    const groups = perGroup(chosen, key("country"), of("life_expect", max));
    return { groups: top(groups, 5), names: Object.keys(top(groups, 1)), rows: 5 };
  }),
  gapminder.en("How did the average fertility develop over time?", (rows) => ({
    groups: meanPer(rows, key("year"), "fertility"),
    rows: 11,
  })),
  gapminder.en("How many countries are in the data?", (rows) => ({
    figures: [distinct(rows, "country")],
  })),
  gapminder.de("Bevölkerung von Deutschland pro Jahr seit 1980", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.country === "Germany" && Number(row.year) >= 1980),
      key("year"),
      "pop",
    ),
    rows: 6,
  })),
  gapminder.en("mean life expectancy between 1980 and 2000 by cluster", (rows) => ({
    groups: meanPer(
      where(rows, (row) => Number(row.year) >= 1980 && Number(row.year) <= 2000),
      key("cluster"),
      "life_expect",
    ),
    rows: 6,
  })),
  gapminder.en("life expectancy in Japan after 1990", (rows) => ({
    groups: meanPer(
      where(rows, (row) => row.country === "Japan" && Number(row.year) > 1990),
      key("year"),
      "life_expect",
    ),
  })),
  gapminder.de(
    "Wie hat sich die Bevölkerung Indiens prozentual gegenüber der Vorperiode entwickelt?",
    (rows) => ({
      groups: steps(
        sumPer(
          where(rows, (row) => row.country === "India"),
          key("year"),
          "pop",
        ),
        growth,
      ),
      share: true,
    }),
  ),
  gapminder.en("Correlation between fertility and life expectancy in 2005", (rows) => ({
    figures: [
      line(
        pairs(
          where(rows, (row) => row.year === 2005),
          "fertility",
          "life_expect",
        ),
      ).correlation,
    ],
  })),
  gapminder.de("Welche Länder hatten 1955 eine Lebenserwartung unter 40 Jahren?", (rows) => {
    const chosen = where(rows, (row) => row.year === 1955 && Number(row.life_expect) < 40);
    return {
      rows: chosen.length,
      groups: perGroup(chosen, key("country"), of("life_expect", max)),
    };
  }),
  incomes.de("Mittleres Einkommen pro Region, absteigend sortiert", (rows) => {
    const groups = meanPer(rows, key("region"), "income");
    return { groups, series: Object.values(groups).sort((a, b) => b - a) };
  }),
  incomes.en("which region has the most people?", (rows) =>
    winner(sumPer(rows, key("region"), "population")),
  ),
  incomes.en("Please rank the ten poorest countries by income", (rows) => ({
    series: numbers(rows, "income")
      .sort((a, b) => a - b)
      .slice(0, 10),
    rows: 10,
  })),
  incomes.de("Wie groß ist die Spannweite von health in south_asia?", (rows) => {
    const values = numbers(
      where(rows, (row) => row.region === "south_asia"),
      "health",
    );
    return [{ figures: [max(values) - min(values)] }, { figures: [min(values), max(values)] }];
  }),
  incomes.de("Wieviele Länder haben mehr als 100 Mio. Einwohner?", (rows) => ({
    figures: [where(rows, (row) => Number(row.population) > 100e6).length],
  })),
];

const cannot = refusing("gapminder.json");
const cannotIncomes = refusing("gapminder-health-income.csv");

export const countryRefused: readonly RefusedGoal[] = [
  cannot.en("predict the population of India for 2050", "predict"),
  cannot.de("Bevölkerung pro Monat", "Monat", "year"),
  cannotIncomes.de("Welches Land hat die beste Regierung?"),
  cannotIncomes.en("What is the capital of Albania?", "capital"),
];
