import { create } from "@bufbuild/protobuf";
import { Comparison, RowFilterSchema } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { afterAll, describe, expect, test } from "vitest";
import { pathOf, rowsOf, sizeOf } from "../../../../../test/goals/source.ts";
import { createEngine } from "../engine.ts";
import type { DataFailure } from "../failure.ts";
import { dataLimits } from "../limits.ts";
import { testFiles } from "../testing/files.ts";
import type { PageRequest } from "./pages.ts";

const files = testFiles();
const engine = createEngine(dataLimits);
afterAll(async () => {
  await engine.close();
  files[Symbol.dispose]();
});

const file = "cars.json";
const cars = { path: pathOf(file), key: file, filename: file, size_bytes: sizeOf(file) };
const rows = rowsOf(file) as Record<string, string | number | null>[];
const filter = (column: string, comparison: Comparison, value = "") =>
  create(RowFilterSchema, { column, comparison, value });

async function page(of: Partial<PageRequest> = {}, source: typeof cars = cars) {
  const request = { count: 1000, offset: 0n, filters: [], order_by: "", descending: false, ...of };
  const write = () => Promise.reject(new Error("a page is not written to a file"));
  const found = await engine.preview({ file: source, language: "", write, ...request });
  const columns = found.table!.columns!.map(({ name }) => name!);
  return {
    matching: Number(found.table!.rowCount),
    total: Number(found.totalRowCount),
    cells: (column: string) =>
      found.table!.rows!.map((row) => row.cells![columns.indexOf(column)]!.value?.value ?? null),
  };
}

const failure = (of: Partial<PageRequest>) =>
  page(of).then(
    () => expect.fail("it should have been refused"),
    (error) => error as DataFailure,
  );

describe("pages of a table", () => {
  test("in the order of the file, from anywhere, and nothing beyond its end", async () => {
    const { cells, matching, total } = await page({ offset: 200n, count: 3 });
    expect(cells("Name")).toEqual(rows.slice(200, 203).map(({ Name }) => Name));
    expect([matching, total]).toEqual([rows.length, rows.length]);
    expect((await page({ offset: 10_000n })).cells("Name")).toEqual([]);
  });

  test("sorted by numbers, missing ones last either way, equal ones as in the file", async () => {
    const known = rows.filter(({ Horsepower }) => Horsepower !== null);
    const missing = rows.filter(({ Horsepower }) => Horsepower === null);
    const sorted = [...known].sort((a, b) => Number(a.Horsepower) - Number(b.Horsepower));
    const up = await page({ order_by: "Horsepower" });
    expect(up.cells("Name")).toEqual([...sorted, ...missing].map(({ Name }) => Name));
    const falling = [...known].sort((a, b) => Number(b.Horsepower) - Number(a.Horsepower));
    const down = await page({ order_by: "Horsepower", descending: true, offset: 100n, count: 50 });
    expect(down.cells("Name")).toEqual(falling.slice(100, 150).map(({ Name }) => Name));
  });

  test("filtered: every condition counts, and the answer says how many rows are left", async () => {
    const wanted = rows.filter(
      ({ Origin, Cylinders, Name }) =>
        Origin === "USA" && Number(Cylinders) >= 8 && String(Name).includes("ford"),
    );
    const { matching, total, cells } = await page({
      filters: [
        filter("Origin", Comparison.EQUAL, "usa"),
        filter("Cylinders", Comparison.AT_LEAST, "8"),
        filter("Name", Comparison.CONTAINS, "FORD"),
      ],
      order_by: "Name",
      count: 5,
    });
    expect(matching).toBe(wanted.length);
    expect(total).toBe(rows.length);
    expect(cells("Name")).toEqual(
      wanted
        .map(({ Name }) => Name)
        .sort((a, b) => (String(a) < String(b) ? -1 : 1))
        .slice(0, 5),
    );
  });

  test("every comparison, on numbers, dates, texts and what is missing", async () => {
    const count = async (...filters: ReturnType<typeof filter>[]) =>
      (await page({ filters })).matching;
    const power = (test: (value: number) => boolean) =>
      rows.filter(({ Horsepower }) => Horsepower !== null && test(Number(Horsepower))).length;
    const missing = rows.filter(({ Horsepower }) => Horsepower === null).length;
    const hp = (comparison: Comparison) => count(filter("Horsepower", comparison, "150"));
    expect(await hp(Comparison.LESS)).toBe(power((value) => value < 150));
    expect(await hp(Comparison.AT_MOST)).toBe(power((value) => value <= 150));
    expect(await hp(Comparison.GREATER)).toBe(power((value) => value > 150));
    expect(await hp(Comparison.EQUAL)).toBe(power((value) => value === 150));
    expect(await hp(Comparison.NOT_EQUAL)).toBe(power((value) => value !== 150) + missing);
    expect(await hp(Comparison.CONTAINS)).toBe(power((value) => String(value).includes("150")));
    expect(await count(filter("Horsepower", Comparison.MISSING))).toBe(missing);
    expect(await count(filter("Horsepower", Comparison.PRESENT))).toBe(rows.length - missing);
    const year = rows.filter(({ Year }) => String(Year) >= "1980-01-01").length;
    expect(await count(filter("Year", Comparison.AT_LEAST, "1980-01-01"))).toBe(year);
    expect(await count(filter("Name", Comparison.CONTAINS, "%"))).toBe(0);
  });

  test("many orders at once, more than are kept: each page is right", async () => {
    const columns = ["Horsepower", "Weight_in_lbs", "Acceleration", "Displacement", "Name"];
    const asked = columns.flatMap((order_by) =>
      [0n, 40n].map((offset) => ({ order_by, offset, count: 40 })),
    );
    const together = await Promise.all(asked.map((request) => page(request)));
    for (const [index, request] of asked.entries()) {
      const alone = await page(request);
      expect(together[index]!.cells("Name")).toEqual(alone.cells("Name"));
    }
  });

  test.each([
    [{ order_by: "Price" }, Reason.INVALID_FIELD, "order_by"],
    [
      { filters: [filter("Price", Comparison.EQUAL, "1")] },
      Reason.INVALID_FIELD,
      "filters[0].column",
    ],
    [
      {
        filters: [
          filter("Origin", Comparison.PRESENT),
          filter("Cylinders", Comparison.LESS, "few"),
        ],
      },
      Reason.INVALID_FIELD,
      "filters[1].value",
    ],
    [
      { filters: [filter("Year", Comparison.LESS, "1.1.1980")] },
      Reason.INVALID_FIELD,
      "filters[0].value",
    ],
    [
      { filters: [filter("Cylinders", Comparison.LESS, "4 OR 1=1")] },
      Reason.INVALID_FIELD,
      "filters[0].value",
    ],
  ])("what does not fit the table is refused by field: %o", async (request, reason, field) => {
    const refused = await failure(request);
    expect(refused.reason).toBe(reason);
    expect(refused.detail.field).toBe(field);
    expect(refused.detail.remedy).not.toBe("");
  });

  test("a page of too many cells is refused with the number that fits", async () => {
    const wide = Array.from({ length: 200 }, (_, index) => `c${index}`).join(",");
    const source = files.make("wide.csv", `${wide}\n${wide.replaceAll("c", "")}\n`);
    const refused = await page({ count: 1000 }, source).then(
      () => expect.fail("it should have been refused"),
      (error) => error as DataFailure,
    );
    expect(refused.reason).toBe(Reason.LIMIT_EXCEEDED);
    expect(refused.detail.remedy).toContain("250");
  });
});
