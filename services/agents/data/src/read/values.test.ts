/** What texts of a column are taken for, and what they are never taken for. */
import { expect, test } from "vitest";
import { decimalSignOf } from "./numbers.ts";
import { isYear } from "./profile.ts";
import { findReading } from "./values.ts";

test("how numbers and dates are read", () => {
  const type = (texts: string[], comma = false) =>
    findReading(texts, { name: "x", decimals: comma ? "comma" : "point", german: comma }, [])?.type;
  expect(type(["1", "-2", "30"])).toBe("integer");
  expect(type(["1.5", ".25", "3e4"])).toBe("number");
  expect(type(["1,234", "12,000"])).toBe("number");
  expect(type(["1.234,5", "7,25"], true)).toBe("number");
  expect(type(["Jan 1 2000", "Feb 12 2001"])).toBe("date");
  expect(type(["01.02.2024", "31.12.2024"])).toBe("date");
  expect(type(["2024-01-01T10:00:00", "2024-01-01 11:00"])).toBe("time");
  expect(type(["01067", "50667"])).toBeUndefined();
  expect(type(["1", "two", "three"])).toBeUndefined();
  expect(type(["", "n/a"])).toBeUndefined();
});

test("decimal commas are told from thousands", () => {
  const sign = (texts: string[], delimiter = ",") => decimalSignOf([texts], delimiter).sign;
  expect(sign(["1,5", "2,25"])).toBe("comma");
  expect(sign(["1,500", "2,250"])).toBe("point");
  expect(sign(["1.5", "2,250"])).toBe("point");
  expect(sign(["1.500", "2"], ";")).toBe("comma");
  expect(sign(["1.500", "2"])).toBe("point");
});

test.each([
  ["Year", 1950, 2000, true],
  ["budgetYear", 1980, 2010, true],
  ["Baujahr", 1990, 2020, true],
  ["start", 1565, 1952, true],
  ["start", 1565, 5000, false],
  ["Yearly total", 1500, 2500, false],
  ["count", 1500, 2000, false],
  ["years_of_service", 1, 40, false],
])("whole numbers under %s from %i to %i are years: %s", (name, min, max, expected) => {
  expect(isYear({ name, type: "integer" }, min, max)).toBe(expected);
});
