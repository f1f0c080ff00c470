import { ColumnType } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { describe, expect, test } from "vitest";

import { type Choice, choose } from "./choose.ts";
import { languageOf } from "./language/language.ts";
import { profileTable } from "./profile.ts";
import { type ColumnLike, makeTable, number, readJson, text } from "./testing/tables.ts";
import { readWish } from "./wish.ts";

type Rows = readonly (readonly (string | number | boolean | null)[])[];

const date = (name: string): ColumnLike => ({ name, type: ColumnType.DATE });
const whole = (name: string): ColumnLike => ({ name, type: ColumnType.INTEGER });

function decide(columns: readonly ColumnLike[], rows: Rows, wish = "") {
  const profile = profileTable(makeTable(columns, rows), (name) => name);
  const language = languageOf("en", wish);
  return choose(profile, readWish(wish, profile, language), language);
}

function chosen(columns: readonly ColumnLike[], rows: Rows, wish = ""): Choice {
  const choice = decide(columns, rows, wish);
  if ("message" in choice) throw new Error(`refused: ${choice.message}`);
  return choice;
}

const many = (n: number) => Array.from({ length: n }, (_, i) => i);
const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);

describe("without a wish the types decide", () => {
  test("a name and a number: bars", () => {
    const { mark, x, values } = chosen(
      [text("region"), number("sales")],
      [
        ["N", 1],
        ["S", 2],
      ],
    );
    expect([mark, x?.name, values[0].name]).toEqual(["bar", "region", "sales"]);
  });

  test("a date and a number: a line", () => {
    const { mark, x } = chosen(
      [date("day"), number("price")],
      many(50).map((i) => [day(i), i]),
    );
    expect([mark, x?.name]).toEqual(["line", "day"]);
  });

  test("years count as time and not as numbers to compare", () => {
    const rows = many(12).map((i) => [2000 + i, i * i]);
    expect(chosen([whole("year"), number("rain")], rows).mark).toBe("line");
    expect(chosen([whole("horsepower"), number("rain")], rows).mark).toBe("bar");
  });

  test("a date, a name and a number: a line per name", () => {
    const rows = many(20).flatMap(
      (i) =>
        [
          [day(i), "a", i],
          [day(i), "b", 2 * i],
        ] as const,
    );
    const { mark, series } = chosen([date("day"), text("stock"), number("price")], rows);
    expect([mark, series?.name]).toEqual(["line", "stock"]);
  });

  test("two numbers per row: points; one: a histogram", () => {
    const rows = many(60).map((i) => [i % 17, (i * 7) % 23]);
    expect(chosen([number("a"), number("b")], rows).mark).toBe("point");
    expect(
      chosen(
        [number("a")],
        rows.map(([a = 0]) => [a]),
      ).mark,
    ).toBe("histogram");
  });

  test("a whole number before a computed one names groups", () => {
    const rows = [
      [4, 78.3],
      [6, 101.5],
      [8, 158.3],
    ];
    const { mark, x } = chosen([whole("Cylinders"), number("mean(Horsepower)")], rows);
    expect([mark, x?.name, x?.ordered]).toEqual(["bar", "Cylinders", true]);
  });

  test("two groups: side by side, the one in order on the axis", () => {
    const rows = [
      ["sun", 2012, 3],
      ["sun", 2013, 4],
      ["rain", 2012, 5],
      ["rain", 2013, 6],
    ];
    const choice = chosen([text("weather"), whole("year"), whole("count(*)")], rows, "as bars");
    expect([choice.mark, choice.x?.name, choice.series?.name]).toEqual(["bar", "year", "weather"]);
  });

  test("one row of several numbers: bars of the numbers", () => {
    const columns = [number("min(price)"), number("mean(price)"), number("max(price)")];
    const { mark, x, values } = chosen(columns, [[1, 2, 3]]);
    expect([mark, x, values.length]).toEqual(["bar", null, 3]);
  });
});

describe("a wish decides where the columns allow it", () => {
  const cars = readJson("cars.json");
  const names = ["Name", "Origin", "Horsepower", "Weight_in_lbs"];
  const columns = [text("Name"), text("Origin"), number("Horsepower"), number("Weight_in_lbs")];
  const rows = cars.map((car) => names.map((name) => car[name] ?? null));

  test("points, with what is drawn up named first", () => {
    const { mark, x, values, reason } = chosen(
      columns,
      rows,
      "scatter of Horsepower against weight in lbs",
    );
    expect([mark, x?.name, values[0].name]).toEqual(["point", "Weight_in_lbs", "Horsepower"]);
    expect(reason).toBe("A scatter plot, as asked.");
  });

  test("a histogram of the number that is mentioned", () => {
    expect(chosen(columns, rows, "histogram of the weight in lbs").values[0].name).toBe(
      "Weight_in_lbs",
    );
  });

  test("not where they do not, and the reason says why", () => {
    const few = [
      ["N", 1],
      ["S", 2],
    ] as const;
    const line = chosen([text("region"), number("sales")], few, "as a line chart");
    expect(line.mark).toBe("bar");
    expect(line.reason).toContain("instead of a line chart: that takes a time");
    const points = chosen([text("region"), number("sales")], few, "scatter plot");
    expect(points.reason).toContain("two columns of numbers");
  });

  test("not where too many bars would touch", () => {
    const choice = chosen(
      [date("day"), number("price")],
      many(400).map((i) => [day(i), i]),
      "as bars",
    );
    expect(choice.mark).toBe("line");
    expect(choice.reason).toContain("so many bars");
  });
});

describe("nothing to draw is refused by name", () => {
  test.each([
    ["no columns", [], [], "table.columns"],
    ["no rows", [text("a"), number("b")], [], "table.rows"],
    ["no numbers", [text("a"), text("b")], [["x", "y"]], "table.columns"],
    ["only missing numbers", [text("a"), number("b")], [["x", null]], "table.columns"],
  ] as const)("%s", (_, columns, rows, field) => {
    const choice = decide(columns, rows);
    if (!("message" in choice)) throw new Error(`drew a ${choice.mark}`);
    expect(choice.field).toBe(field);
    expect(choice.remedy).not.toBe("");
  });

  test("with the columns that there are", () => {
    const choice = decide([text("city"), text("country")], [["Kiel", "DE"]]);
    expect(choice).toMatchObject({ metadata: { columns: "city, country" } });
  });
});
