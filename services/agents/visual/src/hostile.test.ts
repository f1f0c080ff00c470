// Tables that nobody wishes for: all of them give a picture that is valid, bounded and honest.

import { ColumnType, type Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import sharp from "sharp";
import { describe, expect, test } from "vitest";

import { cellsOf, drawn } from "./testing/draw.ts";
import { makeTable, number, text } from "./testing/tables.ts";

const many = (n: number) => Array.from({ length: n }, (_, i) => i);
const date = (name: string) => ({ name, type: ColumnType.DATE });

const tables: Record<string, Table> = {
  "10,000 names": makeTable(
    [text("n"), number("v")],
    many(10_000).map((i) => [`n${i}`, (i * 7919) % 1000]),
  ),
  "one row": makeTable([text("n"), number("v")], [["x", 5]]),
  "one row of zero": makeTable([text("n"), number("v")], [["x", 0]]),
  "only negative": makeTable(
    [text("n"), number("v")],
    [
      ["x", -5],
      ["y", -1],
    ],
  ),
  "all equal": makeTable(
    [text("n"), number("v")],
    many(9).map((i) => [`n${i}`, 7]),
  ),
  "mostly missing": makeTable(
    [text("n"), number("v")],
    [
      ["x", null],
      ["y", 1],
      [null, 2],
      ["z", null],
    ],
  ),
  "names of 300 letters": makeTable(
    [text("n"), number("v")],
    many(9).map((i) => [`${i} ${"long name ".repeat(30)}`, i]),
  ),
  "one word of 300 letters": makeTable(
    [text("n"), number("v")],
    [
      ["x".repeat(300), 1],
      ["y", 2],
    ],
  ),
  "equal labels": makeTable(
    [text("n"), number("v")],
    [
      ["x", 1],
      ["x", 3],
      ["y", 2],
    ],
  ),
  "names that are empty, blank or signs": makeTable(
    [text("n"), number("v")],
    [
      ["", 1],
      [" ", 2],
      ["\n\t", 3],
      ['"\\', 4],
    ],
  ),
  "other letters": makeTable(
    [text("n"), number("v")],
    [
      ["東京", 1],
      ["😀👩‍👩‍👧", 2],
      ["القاهرة", 3],
    ],
  ),
  "huge and tiny": makeTable(
    [text("n"), number("v")],
    [
      ["a", 1e300],
      ["b", 1e-300],
      ["c", -1e12],
    ],
  ),
  "sixty series": makeTable(
    [date("d"), text("s"), number("v")],
    many(10).flatMap((i) => many(60).map((s) => [`2020-01-${10 + i}`, `series ${s}`, i * s])),
  ),
  "unsorted dates": makeTable(
    [date("d"), number("v")],
    [
      ["2020-05-01", 3],
      ["2020-01-01", 1],
      ["2020-03-01", 7],
      ["2020-02-01", null],
    ],
  ),
  "dates that are none": makeTable(
    [date("d"), number("v")],
    [
      ["2020-05-01", 3],
      ["never", 1],
      ["2020-06-01", 2],
    ],
  ),
  "columns of the same name": makeTable(
    [text("n"), number("v"), number("v")],
    [
      ["a", 1, 2],
      ["b", 3, 4],
    ],
  ),
  "groups with signs": makeTable(
    [text("a"), text("b"), number("v")],
    many(12).map((i) => [`a${i % 3}`, `b${i % 4}`, i - 6]),
  ),
};

const wishes = [
  "",
  "as bars",
  "as a line",
  "as an area",
  "scatter plot",
  "histogram",
  "box plot",
  "heat map",
  "pie",
  "donut",
  "dot plot",
  "range plot",
  "stacked",
  "as shares of 100 percent",
  "log scale",
  "small multiples",
  "horizontal",
  "vertical bars",
];

describe.each(Object.entries(tables))("%s", (_, table) => {
  test.each(wishes)("%s", async (wish) => {
    const drawing = await drawn(table, wish);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawing.svg) ?? [];
    expect(Number(width)).toBeLessThan(640);
    expect(Number(height)).toBeLessThan(1500);
    for (const picture of [drawing.svg, drawing.svgDark]) {
      expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    }
    await expect(sharp(drawing.png).metadata()).resolves.toMatchObject({ format: "png" });
    expect(drawing.alternativeText).not.toMatch(/NaN|Infinity|undefined/);
    expect(drawing.alternativeText.length).toBeLessThanOrEqual(4000);
    expect(drawing.title.length).toBeLessThanOrEqual(300);
    expect(cellsOf(drawing).length).toBeGreaterThan(0);
  });
});

test("a missing value is no zero: it is left out, and the chart says how many", async () => {
  const { csv, alternativeText } = await drawn(tables["mostly missing"] as Table, "");
  expect(csv).toBe("N,V\r\n(missing),2\r\ny,1\r\n");
  expect(alternativeText).toContain("Without 2 rows that lack a value");
});

test("dates are drawn in their order, whatever order the rows have", async () => {
  const drawing = await drawn(tables["unsorted dates"] as Table, "");
  expect(
    cellsOf(drawing)
      .slice(1)
      .map(([day]) => day),
  ).toEqual(["2020-01-01", "2020-03-01", "2020-05-01"]);
});

test("a stack reaches as far below zero as its negative parts", async () => {
  const drawing = await drawn(tables["groups with signs"] as Table, "stacked");
  expect(drawing.warning).toContain("Negative values");
  expect(JSON.stringify(drawing.specification)).toMatch(/"domain":\[-\d+,\d+\]/);
});
