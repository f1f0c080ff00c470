import { create } from "@bufbuild/protobuf";
import { ColumnType, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Comparison } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { expect, test } from "vitest";
import { english } from "../words/english.ts";
import { german } from "../words/german.ts";
import { arrange, conditionWords, isSound, writtenValue } from "./row-filter.ts";
import { readTableQuery, writeTableQuery } from "./table-address.ts";

const text = (value: string) => ({ value: { case: "text" as const, value } });
const number = (value: number) => ({ value: { case: "number" as const, value } });
const table = create(TableSchema, {
  columns: [
    { name: "month", type: ColumnType.TEXT, ordered: true },
    { name: "rain", type: ColumnType.NUMBER },
    { name: "day", type: ColumnType.DATE },
  ],
  rows: [
    { cells: [text("January"), number(3), text("2012-01-01")] },
    { cells: [text("February"), {}, text("2012-02-01")] },
    { cells: [text("March"), number(10), text("2012-03-01")] },
  ],
});
const months = (conditions: Parameters<typeof arrange>[2], order?: Parameters<typeof arrange>[3]) =>
  arrange(table.rows, table.columns, conditions, order).map(({ cells }) => cells[0]?.value.value);

test.each([
  [Comparison.CONTAINS, "month", "RUAR", ["February"]],
  [Comparison.EQUAL, "month", "march", ["March"]],
  [Comparison.AT_LEAST, "rain", "3", ["January", "March"]],
  [Comparison.GREATER, "rain", "3", ["March"]],
  [Comparison.LESS, "rain", "10", ["January"]],
  [Comparison.NOT_EQUAL, "rain", "3", ["February", "March"]],
  [Comparison.MISSING, "rain", "", ["February"]],
  [Comparison.PRESENT, "rain", "", ["January", "March"]],
  [Comparison.AT_MOST, "day", "2012-02-01", ["January", "February"]],
])("comparison %i of %s with “%s”", (comparison, column, value, expected) =>
  expect(months([{ column, comparison, value }])).toEqual(expected),
);

test("numbers are ordered as numbers, and what is missing comes last either way", () => {
  const order = (descending: boolean) => months([], { column: "rain", descending });
  expect(order(false)).toEqual(["January", "March", "February"]);
  expect(order(true)).toEqual(["March", "January", "February"]);
});

test("months keep their own order", () =>
  expect(months([], { column: "month", descending: true })).toEqual([
    "March",
    "February",
    "January",
  ]));

test("a condition in words, in both languages", () => {
  const early = { column: "day", comparison: Comparison.AT_LEAST, value: "2012-02-01" };
  expect(conditionWords(early, table.columns, english)).toBe("day is not before 2012-02-01");
  const much = { column: "rain", comparison: Comparison.GREATER, value: "3" };
  expect(conditionWords(much, table.columns, german)).toBe("rain ist größer als 3");
});

test("a number may be written with a decimal comma, and must be one", () => {
  const rain = table.columns[1]!;
  expect(writtenValue(" 1,5 ", rain)).toBe("1.5");
  const condition = { column: "rain", comparison: Comparison.LESS };
  expect(isSound({ ...condition, value: "1.5" }, rain)).toBe(true);
  expect(isSound({ ...condition, value: "wet" }, rain)).toBe(false);
});

test("how a table is looked at goes into its address and comes back", () => {
  const query = {
    conditions: [
      { column: "a~b", comparison: Comparison.CONTAINS, value: "x & y" },
      { column: "rain", comparison: Comparison.MISSING, value: "" },
    ],
    order: { column: "rain", descending: true },
  };
  const address = new URLSearchParams(writeTableQuery(query)).toString();
  expect(readTableQuery(new URLSearchParams(address))).toEqual(query);
  expect(readTableQuery(new URLSearchParams("where=a~drop~1&sort="))).toEqual({
    conditions: [],
    order: undefined,
  });
});
