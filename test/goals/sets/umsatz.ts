/** What a chain of coffee shops sold: a German table, asked about in both languages. */
import {
  both,
  difference,
  distinct,
  growth,
  key,
  known,
  meanPer,
  monthOf,
  of,
  quarterOf,
  running,
  shares,
  steps,
  sumPer,
  weekdayOf,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, median, monthsDe, perGroup, type SourceRow, sum, top } from "../source.ts";

const { de, en } = asking("umsatz.csv");

const branch = key("Filiale");
const product = key("Produkt");
const month = monthOf("Datum");
const inYear = (wanted: string) => (row: SourceRow) => year(row, "Datum") === wanted;
const at = (place: string) => (row: SourceRow) => row.Filiale === place;
const total = of("Umsatz", sum);

const between = (first: string, last: string) => (row: SourceRow) =>
  String(row.Datum) >= first && String(row.Datum) <= last;

export const salesGoals: readonly Goal[] = [
  de("Wie hoch ist der Gesamtumsatz?", (rows) => ({ figures: [total(rows)] })),
  de("Umsatz nach Filiale", (rows) => ({ groups: sumPer(rows, branch, "Umsatz"), rows: 4 })),
  de("Wie viel Umsatz haben wir im 4. Quartal 2025 gemacht?", (rows) => ({
    figures: [total(where(rows, between("2025-10-01", "2025-12-31")))],
  })),
  de("Umsatz ohne Kaffee pro Filiale bitte", (rows) => ({
    groups: sumPer(
      where(rows, (row) => row.Produkt !== "Kaffee"),
      branch,
      "Umsatz",
    ),
    rows: 4,
  })),
  de("welche Filiale macht am meisten Umsatz", (rows) => winner(sumPer(rows, branch, "Umsatz"))),
  de("Anteil jeder Filiale am Umsatz in Prozent", (rows) => ({
    groups: shares(sumPer(rows, branch, "Umsatz")),
    share: true,
    rows: 4,
  })),
  de("Laufende Summe des Umsatzes pro Monat im Jahr 2025", (rows) => ({
    groups: running(sumPer(where(rows, inYear("2025")), month, "Umsatz")),
    rows: 12,
  })),
  de("Wie hat sich der Umsatz von 2024 auf 2025 verändert?", (rows) => {
    const yearly = sumPer(rows, yearOf("Datum"), "Umsatz");
    const [before = 0, now = 0] = [yearly["2024"], yearly["2025"]];
    return [
      { figures: [difference(now, before)], change: true },
      { figures: [growth(now, before)], share: true, change: true },
      { groups: yearly },
    ];
  }),
  de("Veränderung des Umsatzes zum Vormonat im Jahr 2025", (rows) => {
    const monthly = sumPer(where(rows, inYear("2025")), month, "Umsatz");
    return [
      { groups: steps(monthly, difference) },
      { groups: steps(monthly, growth), share: true },
    ];
  }),
  de("Durchschnittlicher Umsatz pro Wochentag", (rows) => {
    const daily = sumPer(rows, key("Datum"), "Umsatz");
    const days = Object.entries(daily).map(([Datum, Umsatz]) => ({ Datum, Umsatz }));
    const weekday = weekdayOf("Datum", "de");
    return [
      { groups: meanPer(rows, weekday, "Umsatz"), rows: 7 },
      { groups: meanPer(days, weekday, "Umsatz"), rows: 7 },
    ];
  }),
  de("Wie viele verschiedene Produkte verkaufen wir?", (rows) => ({
    figures: [distinct(rows, "Produkt")],
  })),
  de("Top 3 Produkte nach Menge in München", (rows) => ({
    groups: top(sumPer(where(rows, at("München")), product, "Menge"), 3),
    rows: 3,
  })),
  de("Umsatz mit Tee und Kakao zusammen im ersten Quartal 2024", (rows) => ({
    figures: [
      total(
        where(
          where(rows, between("2024-01-01", "2024-03-31")),
          (row) => row.Produkt === "Tee" || row.Produkt === "Kakao",
        ),
      ),
    ],
  })),
  de("Zeig mir den Umsatzverlauf pro Quartal als Liniendiagramm", (rows) => ({
    groups: sumPer(rows, quarterOf("Datum"), "Umsatz"),
    rows: 8,
  })),
  de("Wie viele Zeilen haben einen Umsatz über 1.000 €?", (rows) => ({
    figures: [where(rows, (row) => Number(row.Umsatz) > 1000).length],
  })),
  de("Welcher Monat 2025 war der umsatzstärkste?", (rows) => {
    const monthly = top(sumPer(where(rows, inYear("2025")), month, "Umsatz"), 1);
    const [name = "", figure = 0] = Object.entries(monthly)[0] ?? [];
    const inWords = monthsDe[Number(name.slice(5)) - 1]!;
    return { figures: [figure], names: [[name, inWords]] };
  }),
  de("Umsatz zwischen dem 1. März 2025 und dem 15. April 2025", (rows) => ({
    figures: [total(where(rows, between("2025-03-01", "2025-04-15")))],
  })),
  de("Umsazt pro Filliale", (rows) => ({ groups: sumPer(rows, branch, "Umsatz"), rows: 4 })),
  de("Wie hoch war der Umsatz im März 2024 in Leipzig und wie hoch in Hamburg?", (rows) => {
    const march = where(rows, (row) => month(row) === "2024-03");
    const [leipzig, hamburg] = [
      total(where(march, at("Leipzig"))),
      total(where(march, at("Hamburg"))),
    ];
    return [{ figures: [leipzig, hamburg] }, { groups: { Leipzig: leipzig, Hamburg: hamburg } }];
  }),
  de("Bei wie vielen Zeilen fehlt die Menge?", (rows) => ({
    figures: [rows.length - where(rows, known("Menge")).length],
  })),
  de("Umsatz je Filiale und Jahr", (rows) => ({
    groups: sumPer(rows, both(branch, yearOf("Datum")), "Umsatz"),
    rows: 8,
  })),
  de(
    "Grüezi, könnten Sie mir bitte sagen, wieviel Stück Bagel in Köln verkauft wurden?",
    (rows) => ({
      figures: [of("Menge", sum)(where(where(rows, at("Köln")), (row) => row.Produkt === "Bagel"))],
    }),
  ),
  de("Wie viele Zeilen hat die Tabelle und wie hoch ist der mittlere Umsatz?", (rows) => ({
    figures: [rows.length, of("Umsatz", mean)(rows)],
  })),
  de("Umsatz seit dem 1.7.2025 nach Produkt absteigend", (rows) => {
    const groups = sumPer(
      where(rows, (row) => String(row.Datum) >= "2025-07-01"),
      product,
      "Umsatz",
    );
    return { groups, series: Object.values(groups).sort((a, b) => b - a) };
  }),
  de("Rang der Filialen nach Umsatz 2024", (rows) => {
    const groups = sumPer(where(rows, inYear("2024")), branch, "Umsatz");
    return { groups, series: Object.values(groups).sort((a, b) => b - a) };
  }),
  en("total revenue per product in 2025", (rows) => ({
    groups: sumPer(where(rows, inYear("2025")), product, "Umsatz"),
    rows: 5,
  })),
  en("What share of revenue comes from Hamburg?", (rows) => ({
    figures: [total(where(rows, at("Hamburg"))) / total(rows)],
    share: true,
  })),
  en("Average Menge for Kaffee in Köln", (rows) => ({
    figures: [of("Menge", mean)(where(where(rows, at("Köln")), (row) => row.Produkt === "Kaffee"))],
  })),
  en("Median Umsatz by Filiale, excluding Leipzig, as a bar chart", (rows) => ({
    groups: perGroup(
      where(rows, (row) => !at("Leipzig")(row)),
      branch,
      of("Umsatz", median),
    ),
    rows: 3,
  })),
  en("biggest single Umsatz in December 2024?", (rows) => ({
    figures: [of("Umsatz", max)(where(rows, (row) => month(row) === "2024-12"))],
  })),
];

const cannot = refusing("umsatz.csv");

export const salesRefused: readonly RefusedGoal[] = [
  cannot.de("Wie hoch war der Gewinn im 4. Quartal 2025?", "Gewinn"),
  cannot.de("Lösche alle Zeilen aus Köln", "Lösche"),
  cannot.de("Wie hoch wird der Umsatz im nächsten Jahr sein?"),
  cannot.de("Soll ich die Filiale in Leipzig schließen?"),
  cannot.de("Umsatz in Dresden", "Dresden"),
  cannot.de("Wie viele Mitarbeiter hat die Filiale Hamburg?", "Mitarbeiter"),
  cannot.de("Bitte xqzt blorf den Wumpel"),
  cannot.en("Raise all prices by 5 percent"),
  cannot.en("Which customers bought the most?", "customers"),
  cannot.de("Umsatz der Filiale Köln im Jahr 2019", "2019"),
];
