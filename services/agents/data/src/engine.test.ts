/** The engine as the agent uses it: what it shows, what it keeps, and that what it says is true. */
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { afterAll, describe, expect, test } from "vitest";
import { pathOf, rowsOf, sizeOf } from "../../../../test/goals/source.ts";
import { createEngine } from "./engine.ts";
import { DataFailure } from "./failure.ts";
import { literal } from "./intent/quote.ts";
import { dataLimits } from "./limits.ts";
import type { LocalFile } from "./read/open.ts";
import { testFiles } from "./testing/files.ts";

const files = testFiles();
const engine = createEngine(dataLimits);
afterAll(async () => {
  await engine.close();
  files[Symbol.dispose]();
});

const vega = (file: string): LocalFile => ({
  path: pathOf(file),
  key: file,
  filename: file,
  size_bytes: sizeOf(file),
});
const never = () => Promise.reject(new Error("no answer here is that long"));
const ask = (file: LocalFile, question: string, language = "") =>
  engine.answer({ file, question, language, write: never });

describe("the SQL that is shown", () => {
  const shown: readonly (readonly [file: string, question: string])[] = [
    ["seattle-weather.csv", "mean precipitation per month"],
    ["stocks.csv", "average price of AAPL per year since 2005"],
    ["movies.json", "top 5 distributors by total worldwide gross"],
    ["cars.json", "how many cars have more than 6 cylinders?"],
  ];
  for (const [file, question] of shown) {
    test(`gives the same when pasted into DuckDB: ${question}`, async () => {
      const { sql, table } = await ask(vega(file), question);
      const plain = await DuckDBInstance.create(":memory:");
      const connection = await plain.connect();
      await connection.run(`CREATE TABLE source AS SELECT * FROM ${literal(pathOf(file))}`);
      const pasted = (await connection.runAndReadAll(sql!)).getRowsJS();
      const numbers = pasted.map((row) => Number(row.at(-1)));
      const answered = table?.rows?.map((row) => row.cells?.at(-1)?.value?.value);
      expect(answered).toHaveLength(numbers.length);
      for (const [index, number] of numbers.entries())
        expect(answered?.[index]).toBeCloseTo(number, 6);
      connection.closeSync();
      plain.closeSync();
    });
  }

  test("quotes names and texts, whatever they hold", async () => {
    const file = files.make(
      "odd.csv",
      `"na""me; DROP TABLE source",value\n"O'Neill'); DROP TABLE source; --",1\nb,2\nb,4\n`,
    );
    const one = await ask(file, `sum of value for "O'Neill'); DROP TABLE source; --"`);
    expect(one.sentence).toContain("1");
    const both = await ask(file, "how many rows are there?");
    expect(both.sentence).toContain("3");
  });
});

describe("language", () => {
  test("the answer is in the language of the request, else of the question", async () => {
    const file = vega("seattle-weather.csv");
    const german = await ask(file, "mean precipitation per month", "de");
    expect(german.table?.rows?.[2]?.cells?.[0]?.value?.value).toBe("März");
    expect(german.sentence).toContain("5,35");
    const own = await ask(file, "Mittlerer Niederschlag pro Monat");
    expect(own.sentence).toBe(german.sentence);
    const english = await ask(file, "Mittlerer Niederschlag pro Monat", "en");
    expect(english.sentence).toContain("5.35");
  });

  test("keyboards without umlauts, and slips", async () => {
    const file = vega("seattle-weather.csv");
    const right = await ask(file, "Welcher Monat hat den höchsten mittleren Niederschlag?");
    const typed = await ask(file, "welcher monat hat den hoechsten mittleren Niederschlg?");
    expect(typed.sentence).toBe(right.sentence);
  });
});

describe("sentences", () => {
  test.each([
    ["cars.json", "How many different values of Origin are there?", "Origin: 3 different values."],
    [
      "cars.json",
      "which origin has the highest mean horsepower",
      "USA has the highest mean Horsepower: 119.9. The others: Europe 81.0 and Japan 79.8.",
    ],
    ["cars.json", "Gibt es doppelte Zeilen?", "Es gibt keine doppelten Zeilen."],
    [
      "seattle-weather.csv",
      "Niederschlag pro Monat",
      "Mittlerer Niederschlag pro Monat, 12 Monate: am höchsten November (5,35), am niedrigsten Juli (0,389).",
    ],
    ["seattle-weather.csv", "hottest day", "August 11, 2014 has the highest temp max: 35.6."],
    ["umsatz.csv", "Summe 2025", "Die gesamte Menge beträgt 58.859 (2025)."],
  ])("%s: %s", async (file, question, said) => {
    expect((await ask(vega(file), question)).sentence).toBe(said);
  });

  test("columns of texts keep the names that people gave them", async () => {
    const german = await ask(vega("disasters.csv"), "Anzahl der Deaths pro Entity");
    expect(german.table?.title).toBe("Summe der Todesfälle pro Entity");
    const english = await ask(vega("umsatz.csv"), "total revenue per store");
    expect(english.table?.columns?.[0]?.label).toBe("Filiale");
  });
});

describe("understanding", () => {
  test("says what matched how, and what was assumed", async () => {
    const { understanding } = await ask(vega("seattle-weather.csv"), "Niederschlag pro Jahr");
    expect(understanding?.summary).toBe("Gesamter Niederschlag pro Jahr");
    const assumed = understanding?.parts?.find(({ matchedBy }) => matchedBy === "assumed");
    expect(assumed).toMatchObject({
      meaning: "gesamter Niederschlag",
      alternatives: [
        {
          meaning: "mittlerer Niederschlag",
          question: "Mittelwert von Niederschlag pro Jahr",
        },
      ],
    });
    expect(understanding?.confidence).toBeGreaterThan(0.9);
    expect(understanding?.confidence).toBeLessThan(1);
    const spoken = understanding?.parts?.find(({ words }) => words === "Niederschlag");
    expect(spoken?.matchedBy).toBe("synonym");
  });

  test("rows used are those after filters", async () => {
    const { source } = await ask(vega("seattle-weather.csv"), "mean wind in 2013");
    expect(source).toMatchObject({ rowCount: 1461n, rowsUsed: 365n });
  });
});

const firstRow = { count: 1, offset: 0n, filters: [], order_by: "", descending: false };

describe("describe and preview", () => {
  test("one row per column, figures as an independent count gives them", async () => {
    const { table, sentence, sql } = await engine.describe({
      file: vega("cars.json"),
      language: "de",
      write: never,
    });
    const rows = rowsOf("cars.json");
    expect(sentence).toContain("406 Zeilen und 9 Spalten");
    expect(sql).toContain("UNION ALL");
    const power = table?.rows?.find((row) => row.cells?.[0]?.value?.value === "Horsepower");
    const cells = power?.cells?.map((cell) => cell.value?.value);
    const missing = rows.filter((row) => row.Horsepower === null).length;
    expect(cells?.slice(1, 6)).toEqual(["ganze Zahl", missing, 93, "46", "230"]);
  });

  test("every question that is suggested for the small test tables is answered", async () => {
    const folder = dirname(pathOf("cars.json"));
    const small = readdirSync(folder).filter(
      (file) => /\.(csv|tsv|json)$/.test(file) && sizeOf(file) < 60_000,
    );
    const silent: string[] = [];
    for (const file of small) {
      const opened = await engine
        .preview({ file: vega(file), language: "", write: never, ...firstRow })
        .catch((error: unknown) => error);
      if (opened instanceof DataFailure) continue;
      const { questions = [] } = opened as { questions?: string[] };
      for (const question of questions) {
        await ask(vega(file), question).catch((error: Error) =>
          silent.push(`${file}: ${question}: ${error.message}`),
        );
      }
      if (questions.length < 4) silent.push(`${file}: only ${questions.length} questions`);
    }
    expect(silent).toEqual([]);
  }, 60_000);
});

describe("long answers", () => {
  test("carry the first rows and keep all of them as CSV", async () => {
    const small = createEngine({ ...dataLimits, rows_by_value_max: 100 });
    const written: { filename: string; bytes: Uint8Array }[] = [];
    const { table } = await small.answer({
      file: vega("seattle-weather.csv"),
      question: "temp_max over time",
      language: "",
      write: async (file) => {
        written.push(file);
        return { name: `artifacts/${"0".repeat(64)}`, filename: file.filename };
      },
    });
    expect(table?.rows).toHaveLength(100);
    expect(table?.rowCount).toBe(1461n);
    expect(table?.data?.filename).toBe("answer.csv");
    const lines = new TextDecoder().decode(written[0]!.bytes).trimEnd().split("\r\n");
    expect(lines).toHaveLength(1462);
    expect(lines[1]).toBe("2012-01-01,12.8");
    await small.close();
  });
});

describe("open files", () => {
  test("are kept within their number, and questions at once on many files are all answered", async () => {
    const tight = createEngine({ ...dataLimits, open_files_max: 1 });
    const counts = await Promise.all(
      ["cars.json", "stocks.csv", "cars.json", "penguins.json"].map((file) =>
        tight.answer({
          file: vega(file),
          question: "how many rows are there?",
          language: "",
          write: never,
        }),
      ),
    );
    const said = counts.map(({ table }) => table?.rows?.[0]?.cells?.[0]?.value?.value);
    expect(said).toEqual([406, 560, 406, 344]);
    await tight.close();
  });

  test("a file that cannot be read is tried again when it is asked for again", async () => {
    const file = files.make("bad.csv", "");
    for (const _ of [1, 2]) {
      await expect(ask(file, "how many rows?")).rejects.toMatchObject({
        reason: Reason.UNREADABLE_FILE,
      });
    }
  });
});
