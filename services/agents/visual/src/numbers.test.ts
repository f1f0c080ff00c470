import { describe, expect, test } from "vitest";

import { formatNumber, formatTime, numberStyle } from "./format.ts";
import { binValues, quantile } from "./histogram.ts";
import { languageOf } from "./language/language.ts";
import { roundDomain, ZERO } from "./marks/scales.ts";
import { average, dropRareSeries, keepExtremes, pickEvenly, sortCategories } from "./reduce.ts";

const german = languageOf("de", "");
const english = languageOf("en", "");

function write(values: readonly number[], language = english): string[] {
  const style = numberStyle(values, language, "middle");
  return values.map((value) => formatNumber(value, style, language));
}

describe("numbers are written", () => {
  test("in three digits, as the language does, whole ones whole", () => {
    expect(write([4.8856, 0.3891], german)).toEqual(["4,89", "0,39"]);
    expect(write([119.04, 80.5, 79.83])).toEqual(["119.0", "80.5", "79.8"]);
    expect(write([1234567.5, 1.5])).toEqual(["1,234,567.5", "1.5"]);
    expect(write([4, 1613, -3], german)).toEqual(["4", "1.613", "−3"]);
  });

  test("with a named power of ten, that of the middle one", () => {
    expect(write([1_304_500_000, 128_085_000, 69_660_559], german)).toEqual([
      "1.305 Mio.",
      "128 Mio.",
      "70 Mio.",
    ]);
  });

  test("in more digits where they would read the same", () => {
    expect(write([1001.21, 1001.97, 1001.5])).toEqual(["1,001.21", "1,001.97", "1,001.50"]);
  });

  test("with times no finer than they are", () => {
    const time = Date.UTC(2014, 7, 11);
    expect(formatTime(time, "day", german)).toBe("11. August 2014");
    expect(formatTime(time, "month", english)).toBe("August 2014");
    expect(formatTime(time, "year", german)).toBe("2014");
  });
});

describe("bins", () => {
  const values = Array.from({ length: 500 }, (_, i) => Math.sqrt(i) * 3.7).sort((a, b) => a - b);

  test("hold every value once and have round edges", () => {
    const bins = binValues(values);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
    for (const { from, to, count } of bins) {
      const last = to === bins.at(-1)?.to;
      const own = values.filter((value) => value >= from && (value < to || (last && value === to)));
      expect(own.length, `${from} to ${to}`).toBe(count);
    }
    expect(bins[0]?.from).toBe(0);
  });

  test("stand over whole numbers when they are one wide", () => {
    const bins = binValues([3, 4, 4, 4, 5, 6, 8].flatMap((n) => [n, n, n]).sort());
    expect(bins.map((bin) => bin.from)).toEqual([2.5, 3.5, 4.5, 5.5, 6.5, 7.5]);
    expect(bins.map((bin) => bin.count)).toEqual([3, 9, 3, 3, 0, 3]);
  });

  test("survive one value only, and floating point", () => {
    expect(binValues([7, 7, 7])).toMatchObject([{ from: 6.5, to: 7.5, count: 3 }]);
    const tenths = Array.from({ length: 100 }, (_, i) => Math.round(i % 10) / 10).sort();
    expect(binValues(tenths).reduce((sum, bin) => sum + bin.count, 0)).toBe(100);
  });

  test("quantiles lie between neighbours", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([5], 0.9)).toBe(5);
  });
});

describe("fewer marks", () => {
  const line = (series: string, values: readonly number[]) =>
    values.map((y, x) => ({ x, y, series, panel: "" }));

  test("rows that share a place become their mean", () => {
    const rows = [
      { x: "a", y: 1, series: "", panel: "" },
      { x: "b", y: 5, series: "", panel: "" },
      { x: "a", y: 2, series: "", panel: "" },
    ];
    expect(average(rows).map((point) => [point.x, point.y])).toEqual([
      ["a", 1.5],
      ["b", 5],
    ]);
  });

  test("a long line keeps its highest and lowest points", () => {
    const values = Array.from({ length: 9000 }, (_, i) => Math.sin(i / 50) * i);
    const kept = keepExtremes(line("", values), 1000);
    expect(kept.length).toBeLessThanOrEqual(1002);
    const ys = kept.map((point) => point.y);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([Math.min(...values), Math.max(...values)]);
    expect(kept.map((point) => point.x)).toEqual(
      kept.map((point) => Number(point.x)).sort((a, b) => a - b),
    );
  });

  test("of many series those stay that end highest", () => {
    const all = ["a", "b", "c"].flatMap((name, i) => line(name, [9, i]));
    expect(new Set(dropRareSeries(all, 2).map((point) => point.series))).toEqual(
      new Set(["b", "c"]),
    );
  });

  test("points are picked evenly", () => {
    const picked = pickEvenly(
      line(
        "",
        Array.from({ length: 100 }, () => 1),
      ),
      10,
    );
    expect(picked.map((point) => point.x)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  });

  test("categories go by size, stay as they rise, and keep an order of their own", () => {
    const of = (entries: [string, number][]) =>
      entries.map(([x, y]) => ({ x, y, series: "", panel: "" }));
    const mixed = of([
      ["a", 2],
      ["b", 3],
      ["c", 1],
    ]);
    expect(sortCategories(mixed, false).categories).toEqual(["b", "a", "c"]);
    expect(sortCategories(mixed, true).categories).toEqual(["a", "b", "c"]);
    const rising = of([
      ["x", 1],
      ["y", 2],
      ["z", 3],
    ]);
    expect(sortCategories(rising, false)).toEqual({ categories: ["x", "y", "z"], ascending: true });
  });
});

describe("domains", () => {
  test("are round, and start at zero where bars need it", () => {
    expect(roundDomain([3, 97], ZERO.always)).toEqual([0, 120]);
    expect(roundDomain([-4, 7], ZERO.always)).toEqual([-6, 8]);
  });

  test("start near the data where zero would waste the room", () => {
    const [low, high] = roundDomain([312, 418], ZERO.cheap);
    expect(low).toBeGreaterThanOrEqual(280);
    expect(low).toBeLessThan(312);
    expect(high).toBeGreaterThan(418);
    expect(roundDomain([5, 5], ZERO.cheap)).toEqual([4.5, 5.5]);
  });
});
