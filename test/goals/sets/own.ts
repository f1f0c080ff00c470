/** Four more small awkward tables: messy dates, a year per column, one column, a hundred columns. */
import {
  countPer,
  deviation,
  distinct,
  key,
  known,
  line,
  meanPer,
  of,
  outliers,
  pairs,
  quantile,
  where,
  winner,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import {
  max,
  mean,
  median,
  min,
  monthsEn,
  numbers,
  perGroup,
  type SourceRow,
  sum,
} from "../source.ts";

const bookings = asking("messy-dates.csv");
const wide = asking("breit.csv");
const readings = asking("messwerte.csv");
const survey = asking("survey-100.csv");

/** "1/20/2025" as people in the United States write it. */
const arrival = (row: SourceRow) => {
  const [month = "", day = "", year = ""] = String(row.Arrival).split("/");
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
};
const arriving = (rows: readonly SourceRow[]) => where(rows, known("Arrival"));
const monthName = (row: SourceRow) => monthsEn[Number(arrival(row).slice(5, 7)) - 1]!;

/** Four ways to write a day, none of which can be taken for another. */
const booked = (row: SourceRow) => {
  const text = String(row["Booked on"]);
  const german = text.match(/^(\d\d)\.(\d\d)\.(\d{4})$/);
  if (german) return `${german[3]}-${german[2]}-${german[1]}`;
  return new Date(`${text} UTC`).toISOString().slice(0, 10);
};

/** Three rows are there twice: the bookings are fewer than the rows. */
const bookingsIn = (rows: readonly SourceRow[]) => distinct(rows, "Booking");

const values = (rows: readonly SourceRow[]) => numbers(rows, "Messwert");

export const ownGoals: readonly Goal[] = [
  bookings.en("How many rows per month of Arrival?", (rows) => [
    { groups: countPer(arriving(rows), monthName) },
    { groups: countPer(arriving(rows), (row) => arrival(row).slice(0, 7)) },
  ]),
  bookings.en("total price of the cancelled bookings", (rows) => ({
    figures: [of("Price", sum)(where(rows, (row) => row.Status === "cancelled"))],
  })),
  bookings.en("how many bookings have no price?", (rows) => ({
    figures: [where(rows, (row) => row.Price === "n/a").length],
  })),
  bookings.en("average number of nights by status", (rows) => ({
    groups: meanPer(rows, key("Status"), "Nights"),
    rows: 3,
  })),
  bookings.en("Any duplicate rows in this sheet?", () => [
    { said: [3] },
    { said: [6] },
    { rows: 3 },
  ]),
  bookings.de("Wie viele Buchungen haben ein Arrival nach dem 15. Juni 2025?", (rows) => {
    const later = where(arriving(rows), (row) => arrival(row) > "2025-06-15");
    return [{ figures: [later.length] }, { figures: [bookingsIn(later)] }];
  }),
  bookings.de("Anzahl Buchungen je Monat nach „Booked on“", (rows) => {
    const month = (row: SourceRow) => booked(row).slice(0, 7);
    const name = (row: SourceRow) => new Date(booked(row)).toLocaleString("de", { month: "long" });
    return [month, name].flatMap((group) => [
      { groups: countPer(rows, group) },
      { groups: perGroup(rows, group, bookingsIn) },
    ]);
  }),
  bookings.de("Durchschnittspreis pro Gast, teuerste zuerst", (rows) => {
    const groups = meanPer(rows, key("Guest"), "Price");
    return { groups, series: Object.values(groups).sort((a, b) => b - a) };
  }),
  wide.de("Welches Bundesland hat 2023 den höchsten Wert?", (rows) => ({
    names: ["Tirol"],
    figures: [of("2023", max)(rows)],
  })),
  wide.de("Summe 2020", (rows) => ({ figures: [of("2020", sum)(rows)] })),
  wide.de("Mittelwert der Spalte 2021", (rows) => ({ figures: [of("2021", mean)(rows)] })),
  wide.de("Top 3 Bundesländer nach 2024", (rows) => ({
    groups: Object.fromEntries(
      rows
        .map((row) => [String(row.Bundesland), Number(row["2024"])] as const)
        .sort((a, b) => b[1] - a[1])
        .slice(0, 3),
    ),
    rows: 3,
  })),
  wide.en("What was the value of 2022 for Wien?", (rows) => ({
    figures: [of("2022", sum)(where(rows, (row) => row.Bundesland === "Wien"))],
  })),
  wide.en("minimum and maximum of column 2019", (rows) => ({
    figures: [of("2019", min)(rows), of("2019", max)(rows)],
  })),
  wide.de("Wie viele Bundesländer haben 2020 weniger als 6.000?", (rows) => ({
    figures: [where(rows, (row) => Number(row["2020"]) < 6000).length],
  })),
  readings.de("Mittelwert?", (rows) => ({ figures: [mean(values(rows))] })),
  readings.de("Standardabweichung der Messwerte", (rows) => [
    { figures: [deviation(values(rows), "sample")] },
    { figures: [deviation(values(rows), "population")] },
  ]),
  readings.de("90. Perzentil vom Messwert", (rows) => ({ figures: [quantile(values(rows), 0.9)] })),
  readings.de("Gibt es Ausreisser?", (rows) => ({ said: [outliers(values(rows)).length] })),
  readings.de("Wie viele Messwerte liegen zwischen 12 und 13?", (rows) => ({
    figures: [values(rows).filter((value) => value >= 12 && value <= 13).length],
  })),
  readings.en("median and range of Messwert", (rows) => {
    const [low, high] = [min(values(rows)), max(values(rows))];
    return [
      { figures: [median(values(rows)), high - low] },
      { figures: [median(values(rows)), low, high] },
    ];
  }),
  readings.en("Draw a histogram of the values", (rows) => [
    { rows: rows.length, columns: ["Messwert"] },
    { total: rows.length },
  ]),
  survey.en("average delivery satisfaction by country", (rows) => ({
    groups: meanPer(rows, key("country"), "delivery_satisfaction"),
    rows: 4,
  })),
  survey.en("How many respondents are older than 50?", (rows) => ({
    figures: [where(rows, (row) => Number(row.age) > 50).length],
  })),
  survey.de("Wie viele Spalten hat die Tabelle?", () => ({ said: [100] })),
  survey.en("correlation between age and app ease", (rows) => ({
    figures: [line(pairs(rows, "age", "app_ease")).correlation],
  })),
  survey.de("Mittelwert von support_trust nach gender", (rows) => ({
    groups: meanPer(rows, key("gender"), "support_trust"),
    rows: 3,
  })),
  survey.en("What percentage of the respondents is female?", (rows) => ({
    figures: [where(rows, (row) => row.gender === "female").length / rows.length],
    share: true,
  })),
  survey.en("Which country has the lowest mean price importance?", (rows) =>
    winner(meanPer(rows, key("country"), "price_importance"), "min"),
  ),
  survey.en("median income in EUR by education", (rows) => ({
    groups: perGroup(rows, key("education"), of("income_eur", median)),
    rows: 5,
  })),
  survey.en("count respondents by age in groups of ten years", (rows) => {
    const bins = countPer(rows, (row) => String(Math.floor(Number(row.age) / 10)));
    return {
      series: Object.keys(bins)
        .sort()
        .map((bin) => bins[bin]!),
    };
  }),
  survey.de("Beschreibe die Tabelle", () => ({ said: [100], rows: 100 })),
  survey.de("Wie viele Befragte haben kein income_eur angegeben?", (rows) => ({
    figures: [rows.length - where(rows, known("income_eur")).length],
  })),
];

const cannotBookings = refusing("messy-dates.csv");
const cannotWide = refusing("breit.csv");
const cannotReadings = refusing("messwerte.csv");
const cannotSurvey = refusing("survey-100.csv");

export const ownRefused: readonly RefusedGoal[] = [
  cannotBookings.en("Email all guests who cancelled", "Email"),
  cannotBookings.en("average age of the guests", "age"),
  cannotBookings.de("Storniere die Buchung B-1004", "Storniere"),
  cannotWide.de("Wie hoch war der Wert von Berlin 2020?", "Berlin"),
  cannotReadings.de("Messwerte pro Monat", "Monat"),
  cannotReadings.en("Correlation of Messwert with humidity", "humidity"),
  cannotSurvey.ambiguousEn("average satisfaction by country"),
  cannotSurvey.de("Welche Partei wählen die Befragten?", "Partei"),
];
