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
  const said = profile.warnings.map(({ en }) => en).join("\n");
  const gesagt = profile.warnings.map(({ de }) => de).join("\n");
  return { ...profile, rows, types, said, gesagt };
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
    const { rows, said } = await read("orte.csv", Buffer.from(text, "latin1"));
    expect(rows).toEqual([
      ["Köln", 37.5],
      ["München", 519],
    ]);
    expect(said).toMatch(/Windows-1252/);
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
    const { row_count, said, gesagt } = await read(
      "ragged.csv",
      `a,b,c\n${good}1,2\n${good}1,2,3,4\n`,
    );
    expect(row_count).toBe(40);
    expect(said).toMatch(/Lines 22, 43 left out/);
    expect(gesagt).toMatch(/Zeilen 22, 43 ausgelassen/);
  });

  test("stray words among numbers count as missing and are named", async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => String(index)).join("\n");
    const { columns, said, types } = await read("mixed.csv", `value\n${numbers}\nbroken\nn/a\n`);
    expect(types).toEqual({ value: "integer" });
    expect(columns[0]?.missing).toBe(2);
    expect(said).toMatch(/1 value of "value" is not a whole number, such as "broken" \(line 62\)/);
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
    const { columns, row_count, said } = await read("raw.csv", "1,2.5\n3,4.5\n");
    expect(columns.map(({ name }) => name)).toEqual(["column 1", "column 2"]);
    expect(row_count).toBe(2);
    expect(said).toMatch(/numbered/);
  });

  test("repeated and empty column names become different ones", async () => {
    const { columns } = await read("twice.csv", "a,a,\nx,y,z\n");
    expect(columns.map(({ name }) => name)).toEqual(["a", "a 2", "column 3"]);
  });

  test("a single column of decimal commas is one, not two of whole numbers", async () => {
    const { rows, columns } = await read("messwerte.csv", "Messwert\n12,4\n13\n11,95\n");
    expect(columns.map(({ name }) => name)).toEqual(["Messwert"]);
    expect(rows).toEqual([[12.4], [13], [11.95]]);
    const two = await read("two.csv", "a,b\n12,4\n13,5\n11,95\n");
    expect(two.rows).toHaveLength(3);
    expect(two.columns).toHaveLength(2);
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
    expect(named.said).toMatch(/holds JSON/);
  });

  test("dates are read where the pattern fits every value: day before month when it must be", async () => {
    const { rows, types } = await read("d.csv", "when,n\n03/04/2024,1\n25/12/2024,2\n");
    expect(types.when).toBe("date");
    expect(rows[1]?.[0]).toBe("2024-12-25T00:00:00");
  });

  test("the euro sign of Windows is one", async () => {
    const bytes = Buffer.from("Preis;Ort\n12,50 \x80;K\xf6ln\n7,00 \x80;Bonn\n", "latin1");
    const { rows, columns } = await read("preise.csv", bytes);
    expect(rows).toEqual([
      [12.5, "Köln"],
      [7, "Bonn"],
    ]);
    expect(columns[0]!.unit).toBe("€");
  });

  test("bad bytes far below the head are noticed, too", async () => {
    const text = Buffer.from(`name,n\n${"plain,1\n".repeat(60_000)}`);
    const { rows, said } = await read(
      "late.csv",
      Buffer.concat([text, Buffer.from("K\xf6ln,2\n", "latin1")]),
    );
    expect(rows.at(-1)).toEqual(["Köln", 2]);
    expect(said).toMatch(/Windows-1252/);
  });

  test("a declared separator, a title above the table, a separator at the end of each line", async () => {
    const excel = await read("sep.csv", "sep=;\na;b\n1;2\n3;4\n");
    expect(excel.rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const titled = await read(
      "titled.csv",
      "Umsatzbericht 2025\n\nFiliale;Umsatz;\nKöln;1.200,50;\nBonn;oops;\n" +
        "Ulm;3,5;\n".repeat(40),
    );
    expect(titled.columns.map(({ name }) => name)).toEqual(["Filiale", "Umsatz"]);
    expect(titled.rows[0]).toEqual(["Köln", 1200.5]);
    expect(titled.said).toMatch(/"Umsatzbericht 2025", line 1/);
    expect(titled.said).toMatch(/"oops" \(line 5\)/);
  });

  test("a stray cell is found on its line, whatever line ends and left out lines go before", async () => {
    const good = 'ok,"two\nlines"\n1,x\n'.replace("ok", "7");
    const { said } = await read(
      "lines.csv",
      `n,note\n${good.repeat(20)}only one\nwrong,y\n${good}`,
    );
    // 1 header, 20 times 3 lines, one line left out.
    expect(said).toMatch(/Line 62 left out/);
    expect(said).toMatch(/"wrong" \(line 63\)/);
  });

  test("a last row that sums up is left out, and the SQL says so; a name like it stays", async () => {
    const sums = await read("s.csv", "Filiale;Umsatz\nKöln;10,5\nBonn;20,5\nUlm;5,0\nSumme;36,0\n");
    expect(sums.row_count).toBe(3);
    expect(sums.rows).toHaveLength(3);
    expect(sums.said).toMatch(/last row sums up/);
    expect(sums.preamble).toContain("IS DISTINCT FROM 'Summe'");
    const named = await read("n.csv", "fuel,price\nShell,3\nEsso,4\nTotal,5\n");
    expect(named.row_count).toBe(3);
    expect(named.said).not.toMatch(/sums up/);
  });

  test("ways of writing dates may be mixed where each is beyond doubt", async () => {
    const { rows, types } = await read(
      "messy.csv",
      'when;n\n2024-01-05;1\n06.01.2024;2\n7. Januar 2024;3\n"January 8, 2024";4\n9 Jan 2024;5\n10. Jan. 2024;6\n11-Jan-24;7\n',
    );
    expect(types.when).toBe("date");
    expect(rows.map(([when]) => when)).toEqual(
      ["05", "06", "07", "08", "09", "10", "11"].map((day) => `2024-01-${day}T00:00:00`),
    );
  });

  test.each([
    ["März 2024", "2024-03-01"],
    ["Dezember 2023", "2023-12-01"],
    ["Oct 2023", "2023-10-01"],
    ["2023-11", "2023-11-01"],
    ["05.2024", "2024-05-01"],
    ["07/2024", "2024-07-01"],
    ["3. Mai 2021", "2021-05-03"],
    ["Sept 3, 2021", "2021-09-03"],
    ["12/31/1999", "1999-12-31"],
    ["31/12/99", "1999-12-31"],
    ["2021/2/3", "2021-02-03"],
  ])("%s is %s", async (text, date) => {
    const { rows, types } = await read("one.csv", `when,n\n"${text}",1\n"${text}",2\n`);
    expect(types.when).toBe("date");
    expect(rows[0]![0]).toBe(`${date}T00:00:00`);
  });

  test.each([
    ["1/8/1990 14:05", "1990-01-08T14:05:00"],
    ["08.01.1990 14:05", "1990-01-08T14:05:00"],
    ["1/8/1990 2:05 PM", "1990-01-08T14:05:00"],
    ["1990-01-08T14:05:30Z", "1990-01-08T14:05:30"],
    ["1990-01-08T14:05:30+02:00", "1990-01-08T14:05:30"],
  ])("%s is the moment %s", async (text, moment) => {
    const { rows, types } = await read("one.csv", `when,n\n"${text}",1\n`);
    expect(types.when).toBe("time");
    expect(rows[0]![0]).toBe(moment);
  });

  test("days that may be months are said to be, and follow the file", async () => {
    const american = await read("us.csv", "when,n\n03/04/2024,1\n05/06/2024,2\n");
    expect(american.rows[0]![0]).toBe("2024-03-04T00:00:00");
    expect(american.said).toMatch(/03\/04\/2024.*month before day/);
    const german = await read("de.csv", "when;n\n03/04/2024;1\n05/06/2024;2\n");
    expect(german.rows[0]![0]).toBe("2024-04-03T00:00:00");
    expect(german.gesagt).toMatch(/Tag vor Monat/);
    const both = await read("no.csv", "when,n\n13/04/2024,1\n05/16/2024,2\n");
    expect(both.types.when).toBe("text");
  });

  test("a number of eight digits is a day only under such a name", async () => {
    const { types } = await read("eight.csv", "Datum,id\n20240131,20240131\n20240201,20240201\n");
    expect(types).toEqual({ Datum: "date", id: "integer" });
  });

  test.each([
    ["(1,234.50)", -1234.5, ""],
    ["12.5-", -12.5, ""],
    ["−3", -3, ""],
    ["$ 1,200", 1200, "$"],
    ["-$5.00", -5, "$"],
    ["1 234", 1234, ""],
    ["12 kg", 12, "kg"],
    ["21.5 °C", 21.5, "°C"],
    ["7,5 %", 7.5, "%"],
    ["1.234,56 €", 1234.56, "€"],
    ["EUR 3,20", 3.2, "€"],
    ["CHF 1'000", 1000, "CHF"],
  ])("%s is %d %s", async (text, number, unit) => {
    const { rows, columns } = await read("cells.csv", `value;n\n${`${text};1\n`.repeat(3)}`);
    expect(rows[0]![0]).toBe(number);
    expect(columns[0]!.unit).toBe(unit);
  });

  test("what only resembles a number stays a text: codes, house numbers, mixed currencies", async () => {
    const { types, said } = await read(
      "texts.csv",
      "code,house,price\nA12,12a,€ 5\nB7,3b,$ 6\nC9,4c,£ 7\n",
    );
    expect(types).toEqual({ code: "text", house: "text", price: "text" });
    expect(said).toMatch(/"price" holds amounts in \$, £, €/);
  });

  test("thousands among whole numbers are none lost, however few they are", async () => {
    const many = Array.from({ length: 100 }, (_, index) => `${index};1,5`).join("\n");
    const { columns, rows } = await read("t.csv", `n;x\n${many}\n1.234;2,5\n`);
    expect(columns[0]!.missing).toBe(0);
    expect(rows.at(-1)![0]).toBe(1234);
  });

  test("points that may be either are said; semicolons speak for thousands", async () => {
    const german = await read("g.csv", "n;x\n1.234;a\n5.678;b\n");
    expect(german.rows[0]![0]).toBe(1234);
    expect(german.said).toMatch(/1\.234 can be read both ways.*thousands/);
    const english = await read("e.csv", "n,x\n1.234,a\n5.678,b\n");
    expect(english.rows[0]![0]).toBe(1.234);
  });

  test("a hundred columns open, each with its type", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const cells = names.map((_, index) => (index % 2 === 0 ? String(index) : `t${index}`));
    const { types } = await read(
      "wide.csv",
      `${names.join(",")}\n${`${cells.join(",")}\n`.repeat(5)}`,
    );
    expect([types.c0, types.c1, types.c99]).toEqual(["integer", "text", "text"]);
  });
});
