/** Prices of shares and of an index. */
import { difference, growth, key, line, meanPer, of, steps, where, winner } from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, min, numbers, perGroup, type SourceRow } from "../source.ts";

const stocks = asking("stocks.csv");
const index = asking("sp500.csv");
const daily = asking("sp500-2000.csv");

/** "Jan 1 2000" ends with its year. */
const yearOfText = (row: SourceRow) => String(row.date).slice(-4);
const isoOfText = (row: SourceRow) => new Date(`${row.date} UTC`).toISOString().slice(0, 10);
const inSymbol =
  (...symbols: string[]) =>
  (row: SourceRow) =>
    symbols.includes(String(row.symbol));

/** A trend may count days, or the months that are the rows. */
function trends(rows: readonly SourceRow[]) {
  const prices = numbers(rows, "price");
  const dayOf = (row: SourceRow) => Date.parse(isoOfText(row)) / 86_400_000;
  return [
    line(rows.map((row, place) => [dayOf(row), prices[place]!] as const)),
    line(prices.map((price, place) => [place, price] as const)),
  ];
}

export const marketGoals: readonly Goal[] = [
  stocks.en("average price of AAPL per year since 2005", (rows) => ({
    groups: meanPer(
      where(rows, (row) => inSymbol("AAPL")(row) && Number(yearOfText(row)) >= 2005),
      yearOfText,
      "price",
    ),
    rows: 6,
  })),
  stocks.de("Was war der höchste Kurs von GOOG und wann war das?", (rows) => ({
    figures: [of("price", max)(where(rows, inSymbol("GOOG")))],
  })),
  stocks.de("Vergleiche den mittleren Preis von IBM und MSFT", (rows) => ({
    groups: meanPer(where(rows, inSymbol("IBM", "MSFT")), key("symbol"), "price"),
    rows: 2,
  })),
  stocks.en("Draw a line chart of the yearly mean price, one line per symbol", (rows) => {
    const groups = meanPer(rows, (row) => `${yearOfText(row)} | ${row.symbol}`, "price");
    return { groups, rows: Object.keys(groups).length };
  }),
  stocks.de("Zwischen Januar 2008 und Dezember 2008: tiefster Kurs von AMZN?", (rows) => ({
    figures: [
      of("price", min)(where(rows, (row) => inSymbol("AMZN")(row) && yearOfText(row) === "2008")),
    ],
  })),
  stocks.en("Which symbol except GOOG had the highest average price in 2007?", (rows) =>
    winner(
      meanPer(
        where(rows, (row) => !inSymbol("GOOG")(row) && yearOfText(row) === "2007"),
        key("symbol"),
        "price",
      ),
    ),
  ),
  index.en("year over year growth of the average price", (rows) => {
    const means = meanPer(rows, yearOfText, "price");
    return [{ groups: steps(means, growth), share: true }, { groups: steps(means, difference) }];
  }),
  index.de("Kursverlauf als Linie", (rows) => ({ rows: rows.length, columns: ["date", "price"] })),
  index.en("When did the index peak?", (rows) => ({
    figures: [of("price", max)(rows)],
    names: [
      ["2007-10", "October 2007", "Oct 2007", "October 1, 2007", "1 October 2007", "Oct 1, 2007"],
    ],
  })),
  index.de("Höchster und tiefster Preis je Jahr", (rows) => ({
    groups: Object.fromEntries(
      Object.entries(perGroup(rows, yearOfText, of("price", max))).map(([year, highest]) => {
        const inYear = where(rows, (row) => yearOfText(row) === year);
        return [year, [highest, of("price", min)(inYear)]];
      }),
    ),
  })),
  index.en("Is there a linear trend in price over time? Give me the R²", (rows) =>
    trends(rows).map(({ fit }) => ({ figures: [fit] })),
  ),
  index.de("Durchschnittspreis nach Quartal im Jahr 2008", (rows) => {
    const chosen = where(rows, (row) => yearOfText(row) === "2008");
    const quarter = (row: SourceRow) => Math.ceil(Number(isoOfText(row).slice(5, 7)) / 3);
    const first = (row: SourceRow) => `2008-${String(quarter(row) * 3 - 2).padStart(2, "0")}-01`;
    return [
      { groups: meanPer(chosen, first, "price"), rows: 4 },
      { groups: meanPer(chosen, (row) => `Q${quarter(row)}`, "price"), rows: 4 },
    ];
  }),
  daily.en("On how many days was the close below 700?", (rows) => ({
    figures: [where(rows, (row) => Number(row.close) < 700).length],
  })),
  daily.de("Mittleres Volumen pro Jahrzehnt", (rows) => ({
    groups: meanPer(rows, (row) => `${String(row.date).slice(0, 3)}0`, "volume"),
  })),
  daily.en("top 3 days by volume", (rows) => ({
    series: numbers(rows, "volume")
      .sort((a, b) => b - a)
      .slice(0, 3),
    rows: 3,
  })),
];

const cannot = refusing("stocks.csv");
const cannotIndex = refusing("sp500.csv");

export const marketRefused: readonly RefusedGoal[] = [
  cannot.de("Welche Aktie soll ich kaufen?", "soll ich"),
  cannot.en("What is the trading volume of IBM?", "volume"),
  cannot.en("Sell all my shares of AAPL"),
  cannotIndex.en("What will the S&P 500 be at in 2030?"),
  cannotIndex.de("Wie hoch war die Dividende im Jahr 2005?", "Dividende"),
];
