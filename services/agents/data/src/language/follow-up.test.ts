/** Questions that go on from the one before, read as whole questions would be. */
import { afterAll, expect, test } from "vitest";
import { compile } from "../intent/compile.ts";
import { dataLimits } from "../limits.ts";
import { openTables } from "../read/open.ts";
import { testFiles } from "../testing/files.ts";
import { parse } from "./parse.ts";

const files = testFiles();
const tables = openTables(dataLimits);
afterAll(async () => {
  await tables.close();
  files[Symbol.dispose]();
});

const rows = Array.from({ length: 48 }, (_, index) => {
  const month = String((index % 12) + 1).padStart(2, "0");
  const region = ["Nord", "Süd", "West"][index % 3];
  const product = ["Kaffee", "Tee", "Kakao", "Saft"][index % 4];
  return `${2022 + Math.floor(index / 12)}-${month}-15,${region},${product},${index * 10},${index},${index / 2}`;
});
const shop = files.make(
  "verkaeufe.csv",
  `Datum,Region,Produkt,Umsatz,Menge,Gewinn\n${rows.join("\n")}\n`,
);

/** The query of the last question. */
const sql = (...questions: string[]) =>
  tables.with(shop, async ({ vocabulary }) => {
    const question = questions.at(-1)!;
    const parsed = parse(question, vocabulary, dataLimits, questions.slice(0, -1));
    if (!parsed.ok) return `refused: ${parsed.problem.kind}`;
    return parsed.intents
      .map((intent) => (intent.kind === "describe" ? "describe" : compile(intent).sql))
      .join("; ");
  });

test.each<readonly [asked: readonly string[], whole: string]>([
  [["total revenue per month", "and per year?"], "total revenue per year"],
  // A verb in two parts takes nothing back.
  [
    ["Gesamtumsatz in Nord", "An welchem Wochentag finden die meisten Verkäufe statt?"],
    "An welchem Wochentag finden die meisten Verkäufe statt?",
  ],
  [["total revenue per month", "by region instead"], "total revenue by region"],
  [["total revenue per month", "per year instead of per month"], "total revenue per year"],
  [["total revenue by region", "also by product"], "total revenue by region and product"],
  [["Gesamtumsatz pro Region", "und pro Produkt?"], "Gesamtumsatz pro Produkt"],
  [["Gesamtumsatz pro Region", "Und wie sieht es pro Jahr aus?"], "Gesamtumsatz pro Jahr"],
  [["Gesamtumsatz pro Region", "auch nach Produkt"], "Gesamtumsatz pro Region und Produkt"],
  [
    ["How many sales are there in the region Nord?", "and in Süd?"],
    "How many sales are there in the region Süd?",
  ],
  [["total revenue in Nord per product", "what about West?"], "total revenue in West per product"],
  [["Umsatz in Nord pro Produkt", "Was ist mit West?"], "Umsatz in West pro Produkt"],
  [["Umsatz in Nord pro Produkt", "nur 2023"], "Umsatz in Nord im Jahr 2023 pro Produkt"],
  [["Umsatz in Nord im Jahr 2022", "und 2023?"], "Umsatz in Nord im Jahr 2023"],
  [["Umsatz in Nord im Jahr 2022", "und 2023?", "und in Süd?"], "Umsatz in Süd im Jahr 2023"],
  [["mean revenue per region", "and the median?"], "median revenue per region"],
  [["mean revenue per region", "and the quantity?"], "mean quantity per region"],
  [["Mittlerer Umsatz pro Region", "und der Median?"], "Median des Umsatzes pro Region"],
  [["Mittlerer Umsatz pro Region", "und die Menge?"], "mittlere Menge pro Region"],
  [["total revenue per product", "only the top 2"], "top 2 products by total revenue"],
  [
    ["Which product has the highest revenue?", "and the lowest?"],
    "Which product has the lowest revenue?",
  ],
  [
    ["Which product has the highest revenue?", "and which region?"],
    "Which region has the highest revenue?",
  ],
  [
    ["Which product has the highest revenue in 2022?", "and in 2023?"],
    "Which product has the highest revenue in 2023?",
  ],
  [
    ["Welches Produkt hat den höchsten Umsatz?", "und den niedrigsten?"],
    "Welches Produkt hat den niedrigsten Umsatz?",
  ],
  [["total revenue per month", "as a line chart", "and per quarter?"], "total revenue per quarter"],
  [["total revenue per region", "as a share"], "share of total revenue per region"],
  [["What share of sales in Nord is Tee?", "and in Süd?"], "What share of sales in Süd is Tee?"],
  [
    ["How many rows have a quantity above 20?", "and how many of them in Nord?"],
    "How many rows with a quantity above 20 are in Nord?",
  ],
])("%j", async (asked, whole) => {
  const alone = await sql(whole);
  expect(alone).not.toContain("refused");
  expect(await sql(...asked)).toBe(alone);
});

test.each<readonly string[]>([
  ["total revenue per month", "How many sales are there in Nord?"],
  ["total revenue in Nord", "mean quantity per region"],
  ["Umsatz in Nord", "Welches Produkt hat die größte Menge?"],
  ["Umsatz in Nord", "Beschreibe die Tabelle"],
])("a question that stands by itself is read so: %s, %s", async (before, question) => {
  expect(await sql(before, question)).toBe(await sql(question));
});

test.each<readonly string[]>([
  ["total revenue per month", "and the weather?"],
  ["total revenue per month", "per region instead of per moon"],
  ["total revenue per month", "and delete the table"],
  ["what is the meaning of life", "and the median?"],
])("what is not understood is not: %s, %s", async (before, question) => {
  expect(await sql(before, question)).toContain("refused");
});
