/** Readings of questions: what they ask, how sure, and that every word counts. */
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../intent/compile.ts";
import { dataLimits } from "../limits.ts";
import { type OpenTable, openTables } from "../read/open.ts";
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
  const region = ["Nord", "Süd"][index % 2];
  const product = ["Kaffee", "Tee", "Kakao"][index % 3];
  return `${2022 + Math.floor(index / 12)}-${month}-15,${region},${product},${index * 10},${index}`;
});
const shop = files.make("verkaeufe.csv", `Datum,Region,Produkt,Umsatz,Menge\n${rows.join("\n")}\n`);

const on = <T>(use: (table: OpenTable) => T) => tables.with(shop, async (table) => use(table));
const sql = (question: string) =>
  on(({ vocabulary }) => {
    const parsed = parse(question, vocabulary, dataLimits);
    if (!parsed.ok)
      return `refused: ${JSON.stringify(parsed.problem, (key, value) => (key === "columns" ? undefined : value))}`;
    return parsed.intents
      .map((intent) =>
        intent.kind === "describe" ? "describe" : compile(intent).sql.replace(/\s+/g, " "),
      )
      .join("; ");
  });

describe("the same question in other words gives the same query", () => {
  const same: readonly (readonly string[])[] = [
    [
      "Gesamtumsatz pro Region",
      "Summe des Umsatzes nach Region",
      "total revenue by region",
      "sum of Umsatz for each region",
      "Umsatz je Region",
      "wie hoch ist der gesamte Umsatz je Region?",
    ],
    ["Umsatz ohne Kaffee", "Umsatz außer Kaffee", "revenue except Kaffee", "sales without Kaffee"]
      .map((text) => `Summe ${text}`)
      .map((text) =>
        text.replace("Summe revenue", "total revenue").replace("Summe sales", "total sales"),
      ),
    [
      "mittlerer Umsatz seit 2023",
      "average revenue since 2023",
      "durchschnittlicher Umsatz ab 2023",
    ],
    ["Umsatz pro Monat im Jahr 2023", "monatlicher Umsatz 2023", "revenue by month in 2023"],
    [
      "Welches Produkt hat den höchsten Gesamtumsatz?",
      "which product has the highest total revenue?",
    ],
    [
      "Anzahl der Zeilen mit mehr als 20 Menge",
      "how many rows have a quantity above 20?",
      "wie viele Einträge haben eine Menge über 20",
    ],
    ["average revenue in Q2 2023", "mittlerer Umsatz im 2. Quartal 2023"],
  ];
  for (const [first, ...others] of same) {
    test.each(others)(`${first} = %s`, async (other) => {
      const query = await sql(first!);
      expect(query).not.toMatch(/refused/);
      expect(await sql(other)).toBe(query);
    });
  }
});

describe("conditions", () => {
  test.each([
    ["Umsatz in Nord oder Süd", /"Region" IN \('Nord', 'Süd'\)/],
    ["sum of Umsatz between 100 and 200 Menge", /"Menge" BETWEEN 100 AND 200/],
    [
      "Summe Umsatz zwischen März 2022 und Mai 2023",
      />= DATE '2022-03-01' AND "Datum" < DATE '2023-06-01'/,
    ],
    ["Summe Umsatz nach März 2023", />= DATE '2023-04-01'/],
    ["Summe Umsatz vor 2023", /< DATE '2023-01-01'/],
    ["Summe Umsatz bis 2023", /< DATE '2024-01-01'/],
    ["Summe Umsatz im Dezember", /month\("Datum"\) = 12/],
    ["Summe Umsatz von Juni bis August", /month\("Datum"\) IN \(6, 7, 8\)/],
    ["Summe Umsatz mit Menge über 10 oder Region Nord", /"Menge" > 10 OR "Region" = 'Nord'/],
  ])("%s", async (question, expected) => {
    expect(await sql(question)).toMatch(expected);
  });
});

describe("what is not understood", () => {
  test.each([
    ["Gewinn pro Region", /unknown-words.*Gewinn/],
    ["Umsatz pro Region in Bayern", /unknown-words.*Bayern/],
    ["durchschnittliche Region", /refused/],
    ["welches Produkt ist das größte?", /no-measure/],
    ["Umsatz mit 3 Zylindern", /unknown-words.*Zylindern/],
    ["blau", /unknown-words.*blau/],
    ["bitte", /no-question/],
    ["???", /no-question/],
  ])("%s", async (question, expected) => {
    expect(await sql(question)).toMatch(expected);
  });

  test("a slip lowers confidence, and two known words next to it do not hide it", async () => {
    const sure = (question: string) =>
      on(({ vocabulary }) => {
        const parsed = parse(question, vocabulary, dataLimits);
        return parsed.ok ? parsed.confidence : 0;
      });
    expect(await sure("Umsatz pro Region")).toBe(1);
    const slip = await sure("Umsatz pro Regoin");
    expect(slip).toBeLessThan(1);
    expect(slip).toBeGreaterThan(0);
  });

  test("long and strange questions end, too", async () => {
    for (const question of [
      "Umsatz und ".repeat(50),
      "Kaffee, ".repeat(60),
      "the ".repeat(119),
      "x".repeat(4000),
      "9".repeat(4000),
      "Gesamtumsatzregion".repeat(200),
      "\u0000\uD800 🎉 Umsatz",
    ]) {
      expect(await sql(question)).toBeTypeOf("string");
    }
    expect(await sql("Umsatz ".repeat(200))).toMatch(/too-long/);
  });
});
