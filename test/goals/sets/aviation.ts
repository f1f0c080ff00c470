/** Flights, airports, and birds in the way. */
import {
  countPer,
  key,
  known,
  meanPer,
  of,
  sumPer,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, numbers, type SourceRow, sum, top } from "../source.ts";

const strikes = asking("birdstrikes.csv");
const airports = asking("airports.csv");
const flights = asking("flights-2k.json");

const species = (row: SourceRow) => String(row["Wildlife Species"]).toLowerCase();

export const aviationGoals: readonly Goal[] = [
  strikes.en("How many bird strikes happened at night?", (rows) => ({
    figures: [where(rows, (row) => row["Time of day"] === "Night").length],
  })),
  strikes.en("Which airline operator had the most strikes?", (rows) =>
    winner(countPer(rows, key("Aircraft Airline Operator"))),
  ),
  strikes.de("Anzahl der Zeilen je Phase of flight", (rows) => ({
    groups: countPer(rows, key("Phase of flight")),
    rows: 7,
  })),
  strikes.en("total repair cost by wildlife size", (rows) => ({
    groups: sumPer(rows, key("Wildlife Size"), "Cost Repair"),
    rows: 3,
  })),
  strikes.en("strikes per year, drawn as a line chart", (rows) => ({
    groups: countPer(rows, yearOf("Flight Date")),
  })),
  strikes.de("Wie hoch waren die Gesamtkosten im Jahr 1998?", (rows) => ({
    figures: [of("Cost Total $", sum)(where(rows, (row) => year(row, "Flight Date") === "1998"))],
  })),
  strikes.en("how many rows have a wildlife species containing 'gull'", (rows) => ({
    figures: [where(rows, (row) => species(row).includes("gull")).length],
  })),
  strikes.en("average speed in knots during approach", (rows) => ({
    figures: [
      of("Speed IAS in knots", mean)(where(rows, (row) => row["Phase of flight"] === "Approach")),
    ],
  })),
  strikes.en("number of strikes during the day in Texas or California in the 1990s", (rows) => ({
    figures: [
      where(
        rows,
        (row) =>
          (row["Origin State"] === "Texas" || row["Origin State"] === "California") &&
          row["Time of day"] === "Day" &&
          year(row, "Flight Date") < "2000",
      ).length,
    ],
  })),
  strikes.de("Anteil je Time of day in Prozent", (rows) => {
    const groups = countPer(rows, key("Time of day"));
    const parts = Object.entries(groups).map(([name, count]) => [name, count / rows.length]);
    return { groups: Object.fromEntries(parts), share: true, rows: 4 };
  }),
  strikes.en("What percentage of all strikes caused substantial damage?", (rows) => ({
    figures: [
      where(rows, (row) => row["Effect Amount of damage"] === "Substantial").length / rows.length,
    ],
    share: true,
  })),
  strikes.de("Top 10 Flughäfen nach Anzahl der Vogelschläge", (rows) => ({
    groups: top(countPer(rows, key("Airport Name")), 10),
    rows: 10,
  })),
  strikes.de("Wie viele Einträge haben keine Geschwindigkeit (Speed IAS)?", (rows) => ({
    figures: [rows.length - where(rows, known("Speed IAS in knots")).length],
  })),
  airports.en("How many airports are there in each state? Just the top ten please", (rows) => ({
    groups: top(countPer(rows, key("state")), 8),
    rows: 10,
  })),
  airports.de("Wie viele Flughäfen gibt es in TX und CA?", (rows) => {
    const groups = countPer(
      where(rows, (row) => row.state === "TX" || row.state === "CA"),
      key("state"),
    );
    return [{ figures: [sum(Object.values(groups))] }, { groups, rows: 2 }];
  }),
  airports.en("how many airports have International in their name?", (rows) => ({
    figures: [where(rows, (row) => String(row.name).includes("International")).length],
  })),
  airports.de("Wieviele Flughäfen liegen nicht in den USA?", (rows) => ({
    figures: [where(rows, (row) => row.country !== "USA").length],
  })),
  airports.de("Zeige alle Flughäfen in HI, sortiert nach name", (rows) => ({
    rows: where(rows, (row) => row.state === "HI").length,
    columns: ["name"],
  })),
  flights.en("Top 5 origins by average delay", (rows) => {
    const groups = top(meanPer(rows, key("origin"), "delay"), 5);
    return { groups, rows: 5 };
  }),
  flights.de("Wie viele Flüge hatten mehr als 60 Minuten Verspätung?", (rows) => ({
    figures: [where(rows, (row) => Number(row.delay) > 60).length],
  })),
  flights.en("what proportion of flights was delayed by more than 15 minutes", (rows) => ({
    figures: [where(rows, (row) => Number(row.delay) > 15).length / rows.length],
    share: true,
  })),
  flights.de("Mittlere Verspätung nach Stunde", (rows) => ({
    groups: meanPer(rows, (row) => String(Number(String(row.date).slice(11, 13))), "delay"),
  })),
  flights.en("number of flights per month from LAX to any destination starting with S", (rows) => {
    const chosen = where(
      rows,
      (row) => row.origin === "LAX" && String(row.destination).startsWith("S"),
    );
    const months = ["January", "February", "March"];
    const iso = (row: SourceRow) => String(row.date).slice(0, 7).replace("/", "-");
    return [
      { groups: countPer(chosen, iso) },
      { groups: countPer(chosen, (row) => months[Number(iso(row).slice(5)) - 1]!) },
    ];
  }),
  flights.de("Maximale Distanz und mittlere Distanz der Flüge ab SFO", (rows) => {
    const distances = numbers(
      where(rows, (row) => row.origin === "SFO"),
      "distance",
    );
    return { figures: [max(distances), mean(distances)] };
  }),
  flights.en("Group distance into bins of 500 miles and count the flights", (rows) => {
    const bins = countPer(rows, (row) => String(Math.floor(Number(row.distance) / 500)));
    const last = max(Object.keys(bins).map(Number));
    const all = Array.from({ length: last + 1 }, (_, bin) => bins[bin] ?? 0);
    return [{ series: all }, { series: all.filter((count) => count > 0) }];
  }),
];

const cannot = refusing("birdstrikes.csv");
const cannotAirports = refusing("airports.csv");
const cannotFlights = refusing("flights-2k.json");

export const aviationRefused: readonly RefusedGoal[] = [
  cannot.en("How many passengers were injured?", "passengers"),
  cannot.de("Gib mir die Namen der Piloten", "Piloten"),
  cannotAirports.de("Buche mir einen Flug nach Palau", "Buche"),
  cannotAirports.en("How many runways does each airport have?", "runways"),
  cannotFlights.en("average ticket price by origin", "ticket"),
];
