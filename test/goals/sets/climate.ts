/** The air over decades, and what countries burn. */
import {
  best,
  decadeOf,
  difference,
  growth,
  key,
  line,
  meanPer,
  of,
  pairs,
  running,
  shares,
  steps,
  sumPer,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, numbers, type SourceRow } from "../source.ts";

const co2 = asking("co2-concentration.csv");
const warmth = asking("global-temp.csv");
const power = asking("iowa-electricity.csv");
const driving = asking("driving.json");

const fromSource = (source: string) => (row: SourceRow) => row.source === source;

export const climateGoals: readonly Goal[] = [
  co2.de("In welchem Jahr war die CO2-Konzentration im Durchschnitt am höchsten?", (rows) =>
    best(meanPer(rows, yearOf("Date"), "CO2")),
  ),
  co2.en("adjusted CO2 over time", (rows) => ({
    rows: rows.length,
    columns: ["Date", "adjusted CO2"],
  })),
  co2.de("Zeichne CO2 über die Zeit", (rows) => ({
    rows: rows.length,
    groups: Object.fromEntries(rows.map((row) => [String(row.Date), Number(row.CO2)])),
    columns: ["Date", "CO2"],
  })),
  co2.en("mean CO2 per decade", (rows) => ({ groups: meanPer(rows, decadeOf("Date"), "CO2") })),
  co2.de("Mittleres CO2 nach dem Jahr 2000, pro Jahr", (rows) => ({
    groups: meanPer(
      where(rows, (row) => year(row, "Date") > "2000"),
      yearOf("Date"),
      "CO2",
    ),
  })),
  warmth.en("What is the linear trend of temp per year?", (rows) => {
    const { slope, fit } = line(pairs(rows, "year", "temp"));
    return [{ figures: [slope, fit] }, { figures: [slope] }];
  }),
  warmth.de("Korrelation zwischen Jahr und Temperatur", (rows) => ({
    figures: [line(pairs(rows, "year", "temp")).correlation],
  })),
  warmth.de("Welches Jahr war das wärmste?", (rows) => ({
    figures: [of("temp", max)(rows)],
    names: ["2023"],
  })),
  warmth.en("average temp per decade as a bar chart", (rows) => ({
    groups: meanPer(rows, decadeOf("year"), "temp"),
    rows: 15,
  })),
  warmth.de("In wie vielen Jahren lag temp über 0,5?", (rows) => ({
    figures: [where(rows, (row) => Number(row.temp) > 0.5).length],
  })),
  power.de("Summe von net generation je Quelle", (rows) => ({
    groups: sumPer(rows, key("source"), "net_generation"),
    rows: 3,
  })),
  power.en("What share of net generation did Renewables have in 2017?", (rows) => {
    const parts = shares(
      sumPer(
        where(rows, (row) => year(row, "year") === "2017"),
        key("source"),
        "net_generation",
      ),
    );
    return { figures: [parts.Renewables!], share: true };
  }),
  power.en("growth of Renewables compared to the previous year", (rows) => {
    const yearly = sumPer(where(rows, fromSource("Renewables")), yearOf("year"), "net_generation");
    const named = (figures: Record<string, number>) =>
      Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, figure]));
    return [
      { groups: named(steps(yearly, growth)), share: true },
      { groups: named(steps(yearly, difference)) },
    ];
  }),
  power.de("Kumulierte net_generation von Nuclear Energy pro Jahr", (rows) => ({
    groups: running(
      sumPer(where(rows, fromSource("Nuclear Energy")), yearOf("year"), "net_generation"),
    ),
    rows: 17,
  })),
  power.en("In which year was the net generation from Fossil Fuels the lowest?", (rows) =>
    winner(
      sumPer(where(rows, fromSource("Fossil Fuels")), yearOf("year"), "net_generation"),
      "min",
    ),
  ),
  driving.en("Is gas related to miles? Show the correlation coefficient", (rows) => ({
    figures: [line(pairs(rows, "miles", "gas")).correlation],
  })),
  driving.de("Wie viele miles waren es 1970?", (rows) => ({
    figures: numbers(
      where(rows, (row) => row.year === 1970),
      "miles",
    ),
  })),
  driving.de("Mittelwert von gas in den 1980er Jahren", (rows) => ({
    figures: [of("gas", mean)(where(rows, (row) => decadeOf("year")(row) === "1980"))],
  })),
];

const cannot = refusing("iowa-electricity.csv");
const cannotWarmth = refusing("global-temp.csv");

export const climateRefused: readonly RefusedGoal[] = [
  cannot.en("Delete everything about nuclear energy"),
  cannot.de("CO2-Ausstoß pro Jahr", "Ausstoß"),
  cannotWarmth.de("Wer ist schuld am Klimawandel?"),
];
