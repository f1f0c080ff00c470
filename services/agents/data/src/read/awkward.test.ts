/** Files as people have them: read rightly, or what was odd is said with its line. */
import { afterAll, describe, expect, test } from "vitest";
import { dataLimits } from "../limits.ts";
import { testFiles } from "../testing/files.ts";
import { load } from "./load.ts";
import { profileTable } from "./profile.ts";

const files = testFiles();
afterAll(() => files[Symbol.dispose]());

async function read(name: string, content: string | Uint8Array) {
  const { path } = files.make(name, content);
  const loaded = await load(path, name, dataLimits);
  const profile = await profileTable(loaded, name, dataLimits);
  const { rows } = await loaded.database.query("SELECT * FROM source");
  loaded.database.close();
  const types = Object.fromEntries(profile.columns.map(({ name, type }) => [name, type]));
  return { ...profile, rows, types };
}

describe("awkward files", () => {
  test("German CSV: semicolons, decimal commas, dots between thousands, dates with dots", async () => {
    const { rows, types, preamble } = await read(
      "umsatz.csv",
      "Datum;Filiale;Umsatz;Anteil\n01.02.2024;Köln;1.234,50;12,5 %\n15.03.2024;Bonn;987,00;7,5 %\n",
    );
    expect(types).toEqual({ Datum: "date", Filiale: "text", Umsatz: "number", Anteil: "number" });
    expect(rows[0]).toEqual(["2024-02-01T00:00:00", "Köln", 1234.5, 12.5]);
    expect(preamble).toContain("REPLACE");
  });

  test("the same in Latin-1, with a warning", async () => {
    const text = "Stadt;Höhe\nKöln;37,5\nMünchen;519,0\n";
    const { rows, warnings } = await read("orte.csv", Buffer.from(text, "latin1"));
    expect(rows).toEqual([
      ["Köln", 37.5],
      ["München", 519],
    ]);
    expect(warnings.join()).toMatch(/latin-1/);
  });

  test("byte order mark, quoted separators and line ends", async () => {
    const { rows, columns } = await read(
      "notes.csv",
      '\uFEFFname,note\n"Smith, J.","two\nlines"\n"say ""hi""",x\n',
    );
    expect(columns.map(({ name }) => name)).toEqual(["name", "note"]);
    expect(rows).toEqual([
      ["Smith, J.", "two\nlines"],
      ['say "hi"', "x"],
    ]);
  });

  test("UTF-16 as Excel writes it", async () => {
    const { rows } = await read("excel.csv", Buffer.from("\uFEFFa\tb\nä\t2\nö\t3\n", "utf16le"));
    expect(rows).toEqual([
      ["ä", 2],
      ["ö", 3],
    ]);
  });

  test("lines with too few or too many cells are left out and named", async () => {
    const good = "1,2,3\n".repeat(20);
    const { row_count, warnings } = await read("ragged.csv", `a,b,c\n${good}1,2\n${good}1,2,3,4\n`);
    expect(row_count).toBe(40);
    expect(warnings.join()).toMatch(/22, 43/);
  });

  test("stray words among numbers count as missing and are named", async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => String(index)).join("\n");
    const { columns, warnings, types } = await read(
      "mixed.csv",
      `value\n${numbers}\nbroken\nn/a\n`,
    );
    expect(types).toEqual({ value: "integer" });
    expect(columns[0]?.missing).toBe(2);
    expect(warnings.join()).toContain("broken");
  });

  test("codes with leading zeros stay texts", async () => {
    const { types } = await read("plz.csv", "plz,count\n01067,3\n50667,4\n");
    expect(types).toEqual({ plz: "text", count: "integer" });
  });

  test("currency and percent signs become units", async () => {
    const { columns, rows } = await read("p.csv", "price;rate\n$1,200.50;5%\n$3.00;7%\n");
    expect(columns.map(({ unit }) => unit)).toEqual(["$", "%"]);
    expect(rows).toEqual([
      [1200.5, 5],
      [3, 7],
    ]);
  });

  test("no header: columns are numbered, and that is said", async () => {
    const { columns, row_count, warnings } = await read("raw.csv", "1,2.5\n3,4.5\n");
    expect(columns.map(({ name }) => name)).toEqual(["column 1", "column 2"]);
    expect(row_count).toBe(2);
    expect(warnings.join()).toMatch(/numbered/);
  });

  test("repeated and empty column names become different ones", async () => {
    const { columns } = await read("twice.csv", "a,a,\nx,y,z\n");
    expect(columns.map(({ name }) => name)).toEqual(["a", "a 2", "column 3"]);
  });

  test("a single column", async () => {
    const { rows } = await read("one.csv", "value\n1\n2\n");
    expect(rows).toEqual([[1], [2]]);
  });

  test("JSON lines, JSON with objects inside, and a .csv that holds JSON", async () => {
    const lines = await read("rows.jsonl", '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n');
    expect(lines.rows).toEqual([
      [1, "x"],
      [2, "y"],
    ]);
    const nested = await read("n.json", '[{"t":{"high":3,"low":1}},{"t":{"high":4,"low":2}}]');
    expect(nested.columns.map(({ name }) => name)).toEqual(["t.high", "t.low"]);
    const wrapped = await read(
      "w.json",
      '{"data":[{"a":1,"b":{"c":2}},{"a":3,"b":{"c":4}}],"page":1}',
    );
    expect(wrapped.rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const named = await read("data.csv", '[{"a":1},{"a":2}]');
    expect(named.warnings.join()).toMatch(/holds JSON/);
  });

  test("dates are read where the pattern fits every value: day before month when it must be", async () => {
    const { rows, types } = await read("d.csv", "when,n\n03/04/2024,1\n25/12/2024,2\n");
    expect(types.when).toBe("date");
    expect(rows[1]?.[0]).toBe("2024-12-25T00:00:00");
  });
});
