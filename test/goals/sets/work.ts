/** Work: who has some, at what, and who has none. */
import {
  difference,
  distinct,
  key,
  line,
  meanPer,
  monthOf,
  of,
  pairs,
  steps,
  sumPer,
  where,
  winner,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, min, top } from "../source.ts";

const employment = asking("us-employment.csv");
const unemployment = asking("unemployment-across-industries.json");
const jobs = asking("jobs.json");

export const workGoals: readonly Goal[] = [
  employment.en("average manufacturing employment per year", (rows) => ({
    groups: meanPer(rows, yearOf("month"), "manufacturing"),
    rows: 10,
  })),
  employment.en("In which month was construction at its lowest?", (rows) => ({
    figures: [of("construction", min)(rows)],
    names: [
      ["2011-01", "January 2011", "Jan 2011", "January 1, 2011", "1 January 2011", "Jan 1, 2011"],
    ],
  })),
  employment.de("Summe von nonfarm_change pro Jahr", (rows) => ({
    groups: sumPer(rows, yearOf("month"), "nonfarm_change"),
    rows: 10,
  })),
  employment.en("correlation between construction and manufacturing", (rows) => ({
    figures: [line(pairs(rows, "construction", "manufacturing")).correlation],
  })),
  employment.de("In wie vielen Monaten war nonfarm_change negativ?", (rows) => ({
    figures: [where(rows, (row) => Number(row.nonfarm_change) < 0).length],
  })),
  employment.de("Mittelwert von Government im zweiten Quartal 2012", (rows) => ({
    figures: [
      of(
        "government",
        mean,
      )(where(rows, (row) => ["2012-04", "2012-05", "2012-06"].includes(monthOf("month")(row)))),
    ],
  })),
  employment.en("Plot utilities and information over time", (rows) => ({
    rows: rows.length,
    columns: ["month", "utilities", "information"],
  })),
  unemployment.en("mean rate by series in 2009, only the top three please", (rows) => ({
    groups: top(
      meanPer(
        where(rows, (row) => row.year === 2009),
        key("series"),
        "rate",
      ),
      3,
    ),
    rows: 3,
  })),
  unemployment.de(
    "Wie hoch war die durchschnittliche Rate in Construction von 2005 bis 2007?",
    (rows) => ({
      figures: [
        of(
          "rate",
          mean,
        )(
          where(
            rows,
            (row) =>
              row.series === "Construction" && Number(row.year) >= 2005 && Number(row.year) <= 2007,
          ),
        ),
      ],
    }),
  ),
  unemployment.de("Welche series hat die niedrigste mittlere rate?", (rows) =>
    winner(meanPer(rows, key("series"), "rate"), "min"),
  ),
  unemployment.en("change in the sum of count from year to year for Agriculture", (rows) => ({
    groups: steps(
      sumPer(
        where(rows, (row) => row.series === "Agriculture"),
        key("year"),
        "count",
      ),
      difference,
    ),
  })),
  unemployment.en("max unemployment rate for Finance and for Information", (rows) => {
    const highest = (series: string) =>
      of("rate", max)(where(rows, (row) => row.series === series));
    const [finance, information] = [highest("Finance"), highest("Information")];
    return [
      { groups: { Finance: finance, Information: information } },
      { figures: [finance, information] },
    ];
  }),
  jobs.en("sum of count by sex in 1950", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.year === 1950),
      key("sex"),
      "count",
    ),
    rows: 2,
  })),
  jobs.de("Top 5 Jobs nach Summe von count im Jahr 2000 für women", (rows) => ({
    groups: top(
      sumPer(
        where(rows, (row) => row.year === 2000 && row.sex === "women"),
        key("job"),
        "count",
      ),
      5,
    ),
    rows: 5,
  })),
  jobs.en("How many different jobs are listed?", (rows) => ({ figures: [distinct(rows, "job")] })),
  jobs.de("Entwicklung von count über die Jahre für den Job Farmer", (rows) => {
    const farmers = where(rows, (row) => row.job === "Farmer");
    return [
      { groups: sumPer(farmers, key("year"), "count") },
      { rows: farmers.length, columns: ["year", "count"] },
    ];
  }),
];

const cannot = refusing("jobs.json");
const cannotEmployment = refusing("us-employment.csv");

export const workRefused: readonly RefusedGoal[] = [
  cannot.en("What is the average salary of nurses?", "salary"),
  cannot.de("Welcher Beruf macht am glücklichsten?"),
  cannotEmployment.de("Wie viele Arbeitslose wird es 2030 geben?"),
];
