// Changes in words, each on top of what was said before: what they do to the chart, what they say of
// it, and what is refused. The examples of the contract are among them.

import { readFileSync } from "node:fs";
import { getOption } from "@bufbuild/protobuf";
import { ColumnType, type Table, TimeUnit } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { method } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { VisualService } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";
import { describe, expect, test } from "vitest";

import type { Drawing } from "./draw-chart.ts";
import { languageOf } from "./language/language.ts";
import { profileTable } from "./profile.ts";
import { ask, cellsOf, drawn } from "./testing/draw.ts";
import { makeTable, number, text } from "./testing/tables.ts";
import { readWish, saysNothing } from "./wish.ts";

const YEAR = { type: ColumnType.INTEGER, timeUnit: TimeUnit.YEAR };

/** Days of each kind of weather in each year. */
function weather(): Table {
  const rows = [2012, 2013, 2014, 2015].flatMap((year, i) => [
    ["sun", year, 100 + 10 * i],
    ["rain", year, 180 - 12 * i],
    ["snow", year, 20 - 5 * i],
  ]);
  const days = { name: "count(*)", label: "Days", type: ColumnType.INTEGER };
  return makeTable([text("weather"), { name: "year", label: "Year", ...YEAR }, days], rows);
}

function cities(): Table {
  const rows = Array.from({ length: 30 }, (_, i) => [`City ${i + 1}`, 1000 - 31 * i]);
  return makeTable([text("city", { label: "City" }), number("people", { label: "People" })], rows);
}

/** The lines of the CSV, without its head. */
const lines = (drawing: Drawing) => cellsOf(drawing).slice(1);

describe("a change works on the chart before it", () => {
  test("another mark keeps everything else that was said", async () => {
    const bars = await drawn(weather(), "als Balken, ohne snow", "gestapelt");
    expect(bars.mark).toBe("bar");
    const area = await drawn(weather(), "als Balken, ohne snow", "gestapelt", "als Fläche");
    expect(area.mark).toBe("area");
    expect(new Set(lines(area).map(([, kind]) => kind))).toEqual(new Set(["sun", "rain"]));
    expect(area.reason).toBe("Jetzt als Flächendiagramm.");
  });

  test("the largest, the smallest, in words and digits, and all of them again", async () => {
    const five = await drawn(cities(), "bars", "only the top 5");
    expect(lines(five).map(([city]) => city)).toEqual([
      "City 1",
      "City 2",
      "City 3",
      "City 4",
      "City 5",
    ]);
    expect(five.reason).toBe("Now only the 5 largest.");
    const three = await drawn(cities(), "als Balken", "nur die drei kleinsten");
    expect(new Set(lines(three).map(([city]) => city))).toEqual(
      new Set(["City 28", "City 29", "City 30"]),
    );
    const all = await drawn(cities(), "bars", "only the top 5", "show all of them again");
    expect(lines(all)).toHaveLength(30);
    expect(all.reason).toBe("Now with all of them again.");
  });

  test("order: by name, by value, and turned round", async () => {
    const first = async (wish: string) =>
      lines(await drawn(cities(), "top 4 as bars", wish))[0]?.[0];
    expect(await first("sort by name, descending")).toBe("City 4");
    expect(await first("sort by value, ascending")).toBe("City 4");
    expect(await first("alphabetically")).toBe("City 1");
    expect(await first("absteigend sortiert")).toBe("City 1");
  });

  test("values are left out, or chosen, and only as they are called", async () => {
    const total = async (...wishes: string[]) =>
      lines(await drawn(weather(), "bars", ...wishes)).reduce(
        (n, cells) => n + Number(cells.at(-1)),
        0,
      );
    const [sun, rain, snow] = [460, 648, 50];
    expect(await total("without sun and snow")).toBe(rain);
    expect(await total("without sun", "ohne snow")).toBe(rain);
    expect(await total("only sun and rain")).toBe(sun + rain);
    expect(await total("only sun", "all of them")).toBe(sun + rain + snow);
    expect((await drawn(weather(), "bars", "only sun")).alternativeText).toContain("Only sun.");
    expect(await ask(weather(), "bars", "without hail")).toHaveProperty("unknown");
  });

  test("what stays keeps its colour", async () => {
    const colourOf = ({ specification }: Drawing, name: string) => {
      const text = JSON.stringify(specification);
      const found = /"scale":\{"domain":(\["[^\]]*\]),"range":(\["#[^\]]*\])/.exec(text);
      const [domain, range] = [1, 2].map((i) => JSON.parse(found?.[i] ?? "[]") as string[]);
      return range?.[domain?.indexOf(name) ?? -1];
    };
    const all = await drawn(weather(), "bars");
    const some = await drawn(weather(), "bars", "without sun");
    expect(colourOf(some, "snow")).toMatch(/^#/);
    expect(colourOf(some, "snow")).toBe(colourOf(all, "snow"));
    expect(colourOf(all, "snow")).not.toBe(colourOf(all, "sun"));
  });

  test("stacked, as shares, side by side", async () => {
    const shares = await drawn(weather(), "bars", "as shares of 100 percent");
    const sums = Map.groupBy(lines(shares), ([year]) => year);
    for (const rows of sums.values()) {
      expect(rows.reduce((sum, cells) => sum + Number(cells[2]), 0)).toBeCloseTo(100);
    }
    const back = await drawn(weather(), "bars", "as shares of 100 percent", "side by side");
    expect(lines(back)[0]?.[2]).toBe("100");
    const heat = await drawn(weather(), "heat map", "stacked instead");
    expect(heat.mark).toBe("bar");
    expect((await drawn(weather(), "as a line", "lieber gestapelt")).mark).toBe("area");
  });

  test("small multiples by a column, and one chart again", async () => {
    const split = await drawn(weather(), "as a line", "small multiples by weather");
    expect(split.reason).toBe("Now one chart for each weather.");
    expect(split.specification).toMatchObject({
      facet: { field: "panel", sort: ["sun", "rain", "snow"] },
    });
    const one = await drawn(weather(), "as a line", "small multiples by weather", "in one chart");
    expect(one.specification).not.toHaveProperty("facet");
  });

  test("scale, axes, orientation, zero, numbers, title, colour", async () => {
    const spec = async (...wishes: string[]) =>
      JSON.stringify((await drawn(weather(), "as a line", ...wishes)).specification);
    expect(await spec("log scale")).toContain('"type":"log"');
    expect(await spec("log scale", "back to a linear scale")).not.toContain('"type":"log"');
    const swapped = await drawn(weather(), "heat map", "swap the axes");
    const straight = await drawn(weather(), "heat map", "swap the axes", "swap the axes");
    expect(swapped.csv).not.toBe(straight.csv);
    expect(straight.csv).toBe((await drawn(weather(), "heat map")).csv);
    const titled = await drawn(weather(), "bars", 'title "Wet years, as a pie"');
    expect([titled.title, titled.mark]).toEqual(["Wet years, as a pie", "bar"]);
    const lying = await drawn(weather(), "bars", "horizontal");
    expect(lying.specification.height).not.toBe(
      (await drawn(weather(), "bars")).specification.height,
    );
    const bare = await drawn(cities(), "bars", "hide the numbers");
    expect(bare.svg).not.toContain('data-text="1,000" ');
    expect((await drawn(cities(), "bars")).svg).toContain('data-text="969"');
    expect(bare.svg).not.toContain('data-text="969"');
  });

  test("a trend line runs through points and along one line, and goes again", async () => {
    const table = makeTable(
      [number("power"), number("weight")],
      Array.from({ length: 40 }, (_, i) => [i, 3 * i + (i % 5)]),
    );
    const dashed = (drawing: Drawing) =>
      JSON.stringify(drawing.specification).includes("strokeDash");
    expect(dashed(await drawn(table, ""))).toBe(false);
    expect(dashed(await drawn(table, "", "with a trend line"))).toBe(true);
    expect(dashed(await drawn(table, "", "with a trend line", "without the trend line"))).toBe(
      false,
    );
  });
});

test("a number of groups that the table has already limits nothing else", async () => {
  const { csv } = await drawn(weather(), "days by year for the 3 largest as bars");
  expect(csv.trim().split("\r\n")).toHaveLength(13);
  const asked = await drawn(weather(), "days by year as bars", "only the top 3");
  expect(asked.csv.trim().split("\r\n")).toHaveLength(10);
});

describe("what cannot be done is said", () => {
  test.each(["what a lovely day", "mach es schöner", "thank you"])(
    "words that change nothing: %s",
    async (words) => {
      const outcome = await ask(weather(), "bars", words);
      if (!("unknown" in outcome)) throw new Error("was understood");
      expect(outcome.unknown.suggestions.length).toBeGreaterThan(0);
      expect(outcome.unknown.remedy).not.toBe("");
    },
  );

  test.each([
    [cities, "as a line", "order"],
    [cities, "as a scatter plot", "two columns of numbers"],
    [cities, "small multiples", "two columns of groups"],
    [cities, "stacked", "two columns of groups"],
    [weather, "as a range plot", "lowest and a highest"],
    [() => timed(), "swap the axes", "keeps its direction"],
    [() => timed(), "show the numbers", "room"],
    [cities, "do not start at zero", "measure from zero"],
    [() => signed(), "as a pie", "none of them negative"],
    [() => signed(), "log scale", "zero or negative"],
  ])("figures that do not allow it: %#", async (table, wish, why) => {
    const outcome = await ask(table(), table === cities ? "bars" : "", wish);
    if (!("refusal" in outcome)) throw new Error("was drawn");
    expect(outcome.refusal.message).toContain(why);
    expect(outcome.refusal.field).toBe("wish");
  });

  test("the name of a column that is shown already", async () => {
    expect(await ask(weather(), "bars", "by weather")).toHaveProperty("unknown");
  });

  test("a form that is not drawn here is named, and what stands in for it", async () => {
    expect((await drawn(cities(), "bars", "as a treemap and only the top 9")).reason).toContain(
      "instead of a treemap",
    );
  });

  test("nothing would be left", async () => {
    const outcome = await ask(weather(), "bars", "without sun and rain and snow");
    expect(outcome).toMatchObject({ refusal: { field: "wish" } });
  });

  test("a first wish that the figures deny is drawn otherwise, with the reason", async () => {
    const { mark, reason, warning } = await drawn(signed(), "as bars on a log scale");
    expect(mark).toBe("bar");
    expect(`${reason} ${warning}`).toContain("zero or negative");
  });
});

function timed(): Table {
  const rows = Array.from({ length: 40 }, (_, i) => [1980 + i, 5 + (i % 7)]);
  return makeTable([{ name: "year", ...YEAR }, number("rain")], rows);
}

function signed(): Table {
  return makeTable(
    [text("region"), number("profit")],
    [
      ["N", 3],
      ["S", -2],
      ["W", 0],
    ],
  );
}

describe("poor charts are drawn, with a warning and a wish that makes a better one", () => {
  test.each([
    [cities, "as a pie", "30 slices", "bar"],
    [cities, "bars on a log scale", "zero has no logarithm", "dot"],
    [() => temperatures(), "stacked bars", "adds up to no whole", "bar"],
  ])("%#", async (table, wish, why, better) => {
    const { warning, suggestions } = await drawn(table(), wish);
    expect(warning).toContain(why);
    const [first = ""] = suggestions;
    const again = await drawn(table(), wish, first);
    expect(again.mark).toBe(better);
    expect(again.warning).toBe("");
  });

  test("a pie of three slices is fine", async () => {
    const { warning, suggestions } = await drawn(cities(), "as a pie", "only the top 3");
    expect([warning, suggestions]).toEqual(["", []]);
  });
});

function temperatures(): Table {
  const mean = number("mean(temperature)", { unit: "°C" });
  const rows = ["A", "B"].flatMap((a) => ["x", "y"].map((b, i) => [a, b, 10 + i]));
  return makeTable([text("place"), text("hour"), mean], rows);
}

const skill = (name: "drawChart" | "changeChart") =>
  getOption(VisualService.method[name], method).skill;

describe("every word of the contract's examples changes something that is known", () => {
  const profile = profileTable(weather(), (name) => name);
  const { examplesDe = [], examplesEn = [] } = skill("changeChart") ?? {};
  test.each([
    ...examplesDe.map((example) => ["de", example] as const),
    ...examplesEn.map((example) => ["en", example] as const),
  ])("%s: %s", (code, example) => {
    expect(saysNothing(readWish(example, profile, languageOf(code, "")))).toBe(false);
  });

  test("a sentence about something else does not", () => {
    expect(saysNothing(readWish("how are things", profile, languageOf("en", "")))).toBe(true);
  });

  test("and every suggestion of the sentences is made of words that the examples hold", () => {
    const wanted = { de: examplesDe, en: examplesEn };
    for (const [code, examples] of Object.entries(wanted)) {
      const known = new Set(examples.flatMap((example) => example.toLowerCase().match(/\p{L}+/gu)));
      const { ask: asks } = languageOf(code, "").say;
      const texts = [
        asks.grouped,
        asks.linear,
        asks.panels,
        asks.top(5),
        asks.mark("bar"),
        asks.mark("dot"),
      ];
      const words = texts.flatMap((one) => one.toLowerCase().match(/\p{L}+/gu) ?? []);
      expect(words.filter((word) => !known.has(word))).toEqual([]);
    }
  });
});

test("the README names every file that decides something", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  for (const file of ["choose.ts", "wish.ts", "kept.ts", "scene.ts", "darken.ts", "gather.ts"]) {
    expect(readme, file).toContain(file);
  }
});
