// Each mark on a table that suits it and on one that does not: what is chosen, what the words, the
// CSV and the places of the figures say, and that nothing of it leaves the picture.

import { fromJsonString } from "@bufbuild/protobuf";
import {
  ChartMarksSchema,
  ColumnType,
  type Table,
  TimeUnit,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { describe, expect, test } from "vitest";

import type { Drawing } from "./draw-chart.ts";
import type { MarkName } from "./marks/mark.ts";
import { cellsOf, drawn } from "./testing/draw.ts";
import { makeTable, number, text } from "./testing/tables.ts";

const whole = (name: string, more = {}) => ({ name, type: ColumnType.INTEGER, ...more });
const many = (n: number) => Array.from({ length: n }, (_, i) => i);
const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
const date = (name: string, more = {}) => ({ name, type: ColumnType.DATE, ...more });
const months = "January February March April May June".split(" ");

const pairs = (rows: number, columns: number): Table =>
  makeTable(
    [text("kind"), text("month", { ordered: true }), whole("count(*)", { label: "Count" })],
    many(rows).flatMap((r) => many(columns).map((c) => [`kind ${r}`, `m${c}`, 1 + r * 10 + c])),
  );
const names = makeTable(
  [text("name"), number("v")],
  [
    ["a", 3],
    ["b", 5],
    ["c", 1],
  ],
);
const ends = makeTable(
  [
    text("month", { ordered: true }),
    number("min(t)", { label: "Lowest t", unit: "°C" }),
    number("max(t)", { label: "Highest t", unit: "°C" }),
  ],
  months.map((month, i) => [month, i - 3, 10 + i]),
);
const five = makeTable(
  [
    text("origin"),
    ...["min(p)", "q1(p)", "median(p)", "q3(p)", "max(p)"].map((name) => number(name)),
  ],
  [
    ["A", 1, 2, 3, 4, 9],
    ["B", 2, 3, 5, 6, 8],
  ],
);
const running = makeTable(
  [date("day"), number("cumulative(rain)", { label: "Cumulative rain", unit: "mm" })],
  many(40).map((i) => [day(i), i * i]),
);
const raw = makeTable(
  [text("group"), number("power"), number("weight")],
  many(60).map((i) => [i % 2 === 0 ? "x" : "y", i, 2 * i + (i % 7)]),
);
const timed = makeTable(
  [date("month", { timeUnit: TimeUnit.MONTH }), text("stock"), number("price", { unit: "$" })],
  many(24).flatMap((i) =>
    ["a", "b", "c"].map((s, j) => [
      `2020-${i % 12 < 9 ? "0" : ""}${(i % 12) + 1}-01`.replace(
        "2020",
        String(2020 + Math.floor(i / 12)),
      ),
      s,
      i * (j + 1),
    ]),
  ),
);

describe("without a wish the table decides", () => {
  test.each<[MarkName, string, Table]>([
    ["bar", "names and a number", names],
    ["bar", "two groups with few pairs", pairs(3, 4)],
    ["heatmap", "two groups with many pairs", pairs(6, 8)],
    ["line", "a time for several names", timed],
    ["area", "a running total", running],
    ["range", "a lowest and a highest", ends],
    ["box", "quartiles", five],
    ["point", "two numbers of the same rows", raw],
  ])("%s for %s", async (mark, _, table) => {
    const drawing = await drawn(table, "");
    expect(drawing.mark).toBe(mark);
    expect(drawing.reason).toMatch(/because .+\.$/);
    expect(drawing.warning).toBe("");
  });

  test("shares of a whole are bars, and of two groups bars of shares", async () => {
    const one = makeTable(
      [text("a"), number("share", { unit: "%" })],
      [
        ["x", 60],
        ["y", 40],
      ],
    );
    expect((await drawn(one, "")).mark).toBe("bar");
    const two = makeTable(
      [text("year"), text("kind"), number("share", { unit: "%" })],
      [
        ["2019", "x", 60],
        ["2019", "y", 40],
        ["2020", "x", 30],
        ["2020", "y", 70],
      ],
    );
    expect(JSON.stringify((await drawn(two, "")).specification)).toContain('"stack":"zero"');
    const means = makeTable(
      [text("year"), text("kind"), number("rate", { unit: "%" })],
      [
        ["2019", "x", 60],
        ["2019", "y", 70],
        ["2020", "x", 30],
        ["2020", "y", 70],
      ],
    );
    expect(JSON.stringify((await drawn(means, "")).specification)).not.toContain('"stack":"zero"');
  });
});

describe("tables as questions about data give them", () => {
  const year = whole("year(date)", { label: "Year", timeUnit: TimeUnit.YEAR });
  const share = number("share(count)", { label: "Share of the total", unit: "%" });
  const shares = (rows: readonly (string | number)[][]) =>
    makeTable([text("weather"), year, whole("count", { label: "Count" }), share], rows);

  test("shares within each year are bars of a hundred, side by side in time", async () => {
    const rows = [
      ["sun", 2013, 3, 30],
      ["rain", 2013, 7, 70],
      ["sun", 2012, 4, 40],
      ["rain", 2012, 6, 60],
    ];
    const drawing = await drawn(shares(rows), "");
    expect(drawing.mark).toBe("bar");
    expect(cellsOf(drawing)).toEqual([
      ["Year", "Weather", "Share of the total (%)"],
      ["2012", "sun", "40"],
      ["2012", "rain", "60"],
      ["2013", "sun", "30"],
      ["2013", "rain", "70"],
    ]);
    expect(JSON.stringify(drawing.specification)).toContain('"domain":[0,100]');
  });

  test("shares that are asked for in percent are no stack that is missing", async () => {
    const one = makeTable(
      [text("kind"), share],
      [
        ["a", 30],
        ["b", 70],
      ],
    );
    expect((await drawn(one, "share of each kind in percent")).warning).toBe("");
    const counts = makeTable(
      [text("kind"), number("v")],
      [
        ["a", 30],
        ["b", 70],
      ],
    );
    expect((await drawn(counts, "v of each kind in percent")).warning).toContain("two columns");
  });

  test("shares of everything keep what they are and stand on one another", async () => {
    const rows = [
      ["sun", 2012, 1, 10],
      ["rain", 2012, 3, 30],
      ["sun", 2013, 2, 20],
      ["rain", 2013, 4, 40],
    ];
    const drawing = await drawn(shares(rows), "");
    expect(
      cellsOf(drawing)
        .slice(1)
        .map((cells) => cells[2]),
    ).toEqual(["10", "30", "20", "40"]);
    expect(JSON.stringify(drawing.specification)).toContain('"stack":"zero"');
  });

  test("a running total stands alone, not beside what it adds up", async () => {
    const table = makeTable(
      [
        date("month(date)", { label: "Month", timeUnit: TimeUnit.MONTH }),
        number("sum(rain)"),
        number("running(sum(rain))", { label: "Running total of rain" }),
      ],
      [
        ["2020-01-01", 5, 5],
        ["2020-02-01", 4, 9],
        ["2020-03-01", 6, 15],
      ],
    );
    const drawing = await drawn(table, "running total of rain by month");
    expect([drawing.mark, drawing.csv.split("\r\n")[0]]).toEqual([
      "area",
      "Month,Running total of rain",
    ]);
  });

  test("quartiles without ends are boxes without whiskers, and nothing tells of ends", async () => {
    const names = ["quantile 0.25(p)", "quantile 0.5(p)", "quantile 0.75(p)"];
    const table = makeTable(
      [text("origin"), ...names.map((name) => number(name))],
      [["A", 2, 3, 4]],
    );
    const drawing = await drawn(table, "");
    expect(drawing.mark).toBe("box");
    expect(drawing.csv).toBe("Origin,Lower quartile,Median,Upper quartile\r\nA,2,3,4\r\n");
    expect(drawing.alternativeText).toContain("A: median 3, the middle half from 2 to 4.");
    expect(drawing.marks).toContain("median 3, middle half 2 to 4");
  });

  test("a lowest and a highest are told apart even where the column's own name says both", async () => {
    const table = makeTable(
      [text("month", { ordered: true }), number("min(temp_max)"), number("max(temp_max)")],
      months.map((month, i) => [month, i, 20 - i]),
    );
    expect((await drawn(table, "min and max temp_max per month")).mark).toBe("range");
  });

  test("numbers of one answer that share no unit are not compared", async () => {
    const table = makeTable([number("correlation"), whole("pairs")], [[0.9, 1461]]);
    expect(cellsOf(await drawn(table, "")).slice(1)).toHaveLength(1);
  });
});

const wishes: readonly [MarkName, string, Table][] = [
  ["bar", "as bars", pairs(3, 4)],
  ["bar", "stacked bars", pairs(3, 4)],
  ["bar", "horizontal bars", names],
  ["line", "als Linie", timed],
  ["area", "als Flächendiagramm", timed],
  ["point", "scatter plot", raw],
  ["histogram", "histogram of weight", raw],
  ["box", "box plot of weight by group", raw],
  ["heatmap", "als Heatmap", pairs(3, 4)],
  ["pie", "Kreisdiagramm", names],
  ["donut", "as a donut", names],
  ["dot", "dot plot", names],
  ["range", "range plot", ends],
];

describe("a mark that is asked for", () => {
  test.each(wishes)("%s: %s", async (mark, wish, table) => {
    const drawing = await drawn(table, wish);
    expect(drawing.mark).toBe(mark);
    checkPlaces(drawing);
  });

  test.each<[MarkName, string, Table, string]>([
    ["bar", "as bars", pairs(5, 4), "kind"],
    ["line", "als Linie", timed, "stock"],
    ["area", "als Flächendiagramm", timed, "stock"],
    ["point", "scatter plot", raw, "group"],
    ["histogram", "histogram of weight", raw, "group"],
    ["box", "box plot of weight", raw, "group"],
    ["pie", "Kreisdiagramm", pairs(3, 4), "kind"],
    ["dot", "dot plot", pairs(3, 4), "kind"],
  ])("%s: %s, in small multiples", async (mark, wish, table, column) => {
    const split = await drawn(table, wish, `one chart per ${column}`);
    expect(split.mark).toBe(mark);
    expect(split.specification).toHaveProperty("facet");
    checkPlaces(split);
  });

  test("an area of several lines stands on what is below, and lacks nothing", async () => {
    const gap = makeTable(
      [whole("year", { timeUnit: TimeUnit.YEAR }), text("kind"), whole("count(*)")],
      [
        [2019, "x", 3],
        [2019, "y", 4],
        [2020, "x", 5],
        [2021, "x", 1],
        [2021, "y", 2],
      ],
    );
    const { specification, csv } = await drawn(gap, "as an area");
    const { data } = specification as { data: { values: { base: number; top: number }[] } };
    expect(data.values.map(({ base, top }) => [base, top])).toEqual([
      [0, 3],
      [3, 7],
      [0, 5],
      [5, 5],
      [0, 1],
      [1, 3],
    ]);
    expect(csv.trim().split("\r\n")).toHaveLength(6);
  });
});

/** Every figure of the CSV has its place, inside the picture, with words and a number. */
function checkPlaces(drawing: Drawing): void {
  const { width, height, marks } = fromJsonString(ChartMarksSchema, drawing.marks);
  expect(marks).toHaveLength(cellsOf(drawing).length - 1);
  for (const mark of marks) {
    expect(mark.x).toBeGreaterThanOrEqual(0);
    expect(mark.y).toBeGreaterThanOrEqual(0);
    expect(mark.x + mark.width).toBeLessThanOrEqual(width);
    expect(mark.y + mark.height).toBeLessThanOrEqual(height);
    expect(mark.value).toMatch(/\d/);
  }
}

describe("the place of a figure is that of its mark", () => {
  test("bars: their boxes start where the bars do, and are as long as their values", async () => {
    const { marks } = fromJsonString(
      ChartMarksSchema,
      (await drawn(names, "horizontal bars")).marks,
    );
    expect(marks.map((mark) => [mark.label, mark.value])).toEqual([
      ["b", "5"],
      ["a", "3"],
      ["c", "1"],
    ]);
    const [b, a, c] = marks;
    expect((b?.width ?? 0) / (c?.width ?? 1)).toBeCloseTo(5, 0);
    expect((a?.width ?? 0) / (c?.width ?? 1)).toBeCloseTo(3, 0);
    expect(new Set(marks.map((mark) => Math.round(mark.x))).size).toBe(1);
  });

  test("points have no size, and stand higher for more", async () => {
    const drawing = await drawn(running, "");
    const { marks } = fromJsonString(ChartMarksSchema, drawing.marks);
    expect(marks.every((mark) => mark.width === 0 && mark.height === 0)).toBe(true);
    expect(marks[0]?.y).toBeGreaterThan(marks.at(-1)?.y ?? 0);
    expect(marks.at(-1)).toMatchObject({ label: "February 9, 2020", value: "1,521 mm" });
  });

  test("of very many figures the first two thousand", async () => {
    const table = makeTable(
      [number("a"), number("b")],
      many(10_000).map((i) => [(i * 7919) % 1000, (i * 104729) % 977]),
    );
    const drawing = await drawn(table, "");
    expect(fromJsonString(ChartMarksSchema, drawing.marks).marks).toHaveLength(2000);
    expect(drawing.alternativeText).toContain("2,000 of 10,000 points");
  });
});

test("the picture for dark ground has other colours and the same shapes", async () => {
  const { svg, svgDark } = await drawn(pairs(6, 8), "");
  const colourless = (text: string) => text.replace(/"(#[0-9a-f]{6}|rgb\([^)]*\))"/g, '""');
  expect(colourless(svgDark)).toBe(colourless(svg));
  expect(svg).toContain('fill="#ffffff"');
  expect(svgDark).toContain('fill="#161b20"');
  expect(svgDark).not.toMatch(/"(#ffffff|#14191f|#eaf2f8)"/);
});

test("a name that looks like a colour of the picture stays a name on dark ground", async () => {
  const table = makeTable(
    [text("n"), number("v")],
    [
      ['東 fill="#2f6f9f"', 1],
      ["#2f6f9f", 2],
    ],
  );
  const { svgDark } = await drawn(table, "");
  expect(svgDark).toContain('data-text="#2f6f9f"');
  expect(svgDark).toContain('東 fill="#2f6f9f"');
});

test("the CSV quotes what would break it, and keeps the noise of fractions out", async () => {
  const table = makeTable(
    [text('na"me'), number("v", { unit: "€" })],
    [
      ["a,b", 0.1 + 0.2],
      ['say "x"', 1],
      ["two\nlines", 2],
    ],
  );
  const { csv } = await drawn(table, "");
  expect(csv).toBe('"Na""me",V (€)\r\n"a,b",0.3\r\n"say ""x""",1\r\n"two\nlines",2\r\n');
});

test("counts of the same place add up, other numbers are averaged, and the chart says which", async () => {
  const rows = [
    ["a", "x", 1],
    ["a", "y", 5],
    ["b", "x", 2],
    ["b", "y", 2],
  ];
  const counts = makeTable([text("n"), text("m"), whole("count(*)", { label: "Count" })], rows);
  const summed = await drawn(counts, "as a pie by n");
  expect(cellsOf(summed).slice(1)).toEqual([
    ["a", "6"],
    ["b", "4"],
  ]);
  expect(summed.alternativeText).toContain("Total of Count for each N");
  const sizes = makeTable([text("n"), text("m"), number("size")], rows);
  const means = await drawn(sizes, "as a pie by n");
  expect(cellsOf(means).slice(1)).toEqual([
    ["a", "3"],
    ["b", "2"],
  ]);
});

test("quarters and months are written as the language does", async () => {
  const quarters = makeTable(
    [date("quarter", { timeUnit: TimeUnit.QUARTER }), number("v")],
    many(4).map((i) => [`2020-${String(3 * i + 1).padStart(2, "0")}-01`, i]),
  );
  expect((await drawn(quarters, "als Linie")).alternativeText).toContain("4. Quartal 2020");
  expect((await drawn(quarters, "as a line")).alternativeText).toContain("Q4 2020");
});
