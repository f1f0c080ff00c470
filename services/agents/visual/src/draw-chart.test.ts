// Real charts of real data, drawn for good: what the words say is checked against figures computed
// here, and the pictures by their pixels.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ColumnType, type Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";

import { type Drawing, drawChart } from "./draw-chart.ts";
import { loadRenderer, type Renderer } from "./render.ts";
import {
  makeTable,
  meanOf,
  number,
  readCsv,
  readJson,
  seattleMonths,
  text,
} from "./testing/tables.ts";

let renderer: Renderer;
beforeAll(async () => {
  renderer = await loadRenderer();
});

async function draw(table: Table, wish: string, language = ""): Promise<Drawing> {
  const outcome = await drawChart({ table, wishes: [wish], language }, renderer);
  if (!("drawing" in outcome)) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.drawing;
}

/** How many pixels of a region are darker than half. */
async function darkPixels(
  png: Uint8Array,
  region: { left: number; top: number; width: number; height: number },
) {
  const raw = await sharp(png).extract(region).greyscale().raw().toBuffer();
  return raw.filter((value) => value < 128).length;
}

const TITLE = { left: 24, top: 20, width: 600, height: 44 };

describe("mean precipitation per month of Seattle", () => {
  const wish = "Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm";

  test("is a bar chart in German whose words tell the extremes", async () => {
    const rain = readCsv("seattle-weather.csv");
    const mean = (month: number) =>
      meanOf(
        rain
          .filter((d) => Number(d.date?.slice(5, 7)) === month)
          .map((d) => Number(d.precipitation)),
      )
        .toFixed(2)
        .replace(".", ",");
    const drawing = await draw(seattleMonths(), wish);
    expect(drawing.mark).toBe("bar");
    expect(drawing.title).toBe("Mittlerer Niederschlag nach Monat");
    expect(drawing.reason).toBe("Balkendiagramm, wie gewünscht.");
    expect(drawing.alternativeText).toContain(`Am höchsten: November mit ${mean(11)} mm`);
    expect(drawing.alternativeText).toContain(`am niedrigsten: Juli mit ${mean(7)} mm`);
  });

  test("has months in their order, short, and decimal commas", async () => {
    const { svg } = await draw(seattleMonths(), wish);
    const texts = [...svg.matchAll(/data-text="([^"]*)"/g)].map(([, content]) => content);
    const months = "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(" ");
    expect(texts.filter((content) => months.includes(content ?? ""))).toEqual(months);
    expect(texts).toContain("5,35");
  });

  test("is an SVG that screen readers can name and that stays legible at 390 px", async () => {
    const { svg, title, alternativeText } = await draw(seattleMonths(), wish);
    expect(svg).toMatch(/^<svg[^>]* viewBox="0 0 \d+ \d+" role="img"><title>/);
    expect(svg).toContain(`<title>${title}</title><desc>${alternativeText}</desc>`);
    const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
    const sizes = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(20);
    expect((Math.min(...sizes) * 390) / width).toBeGreaterThanOrEqual(9.5);
  });

  test("is a PNG of twice the size in which letters are really drawn", async () => {
    const { svg, png } = await draw(seattleMonths(), wish);
    const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
    expect((await sharp(png).metadata()).width).toBe(2 * width);
    expect(await darkPixels(png, TITLE)).toBeGreaterThan(1500);
    const wordless = svg.replace(/<g[^>]*data-text[\s\S]*?<\/g>/g, "");
    const without = await sharp(Buffer.from(wordless), { density: 144 }).png().toBuffer();
    expect(await darkPixels(without, TITLE)).toBe(0);
  });

  test("needs no font of the machine: no text is left to set", async () => {
    const { svg } = await draw(seattleMonths(), wish);
    expect(svg).not.toContain("<text");
  });

  test("gives the same bytes every time", async () => {
    const once = await draw(seattleMonths(), wish);
    await draw(scatter(), "scatter plot");
    const again = await draw(seattleMonths(), wish);
    expect(again).toEqual(once);
  });
});

function scatter(): Table {
  const penguins = readJson("penguins.json");
  const names = ["Flipper Length (mm)", "Body Mass (g)", "Species"];
  return makeTable(
    [
      number("Flipper Length (mm)", { unit: "mm" }),
      number("Body Mass (g)", { unit: "g" }),
      text("Species"),
    ],
    penguins.map((penguin) => names.map((name) => penguin[name] ?? null)),
  );
}

describe("other charts", () => {
  test("penguins: points in three colours; the words tell the relation", async () => {
    const { mark, alternativeText, specification } = await draw(
      scatter(),
      "body mass vs flipper length",
    );
    expect(mark).toBe("point");
    const pairs = readJson("penguins.json")
      .map((p) => [Number(p["Flipper Length (mm)"]), Number(p["Body Mass (g)"])] as const)
      .filter(([a, b]) => a > 0 && b > 0);
    const [mx, my] = [meanOf(pairs.map(([x]) => x)), meanOf(pairs.map(([, y]) => y))];
    const sum = (f: (x: number, y: number) => number) =>
      pairs.reduce((total, [x, y]) => total + f(x - mx, y - my), 0);
    const r = sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
    expect(alternativeText).toContain(
      `strong relation: as one grows, the other grows too (r = ${r.toFixed(2)})`,
    );
    expect(alternativeText).toContain(`${pairs.length} points`);
    expect(JSON.stringify(specification)).toContain('"domain":["Adelie","Chinstrap","Gentoo"]');
  });

  test("movies: a histogram that counts every value", async () => {
    const ratings = readJson("movies.json").map((movie) => movie["IMDB Rating"] ?? null);
    const known = ratings.filter((rating) => rating !== null).length;
    const table = makeTable(
      [number("IMDB Rating")],
      ratings.map((rating) => [rating]),
      "IMDB rating",
    );
    const { mark, title, alternativeText, specification } = await draw(table, "a histogram");
    expect([mark, title]).toEqual(["histogram", "Distribution of IMDB Rating"]);
    expect(alternativeText).toContain(`${known.toLocaleString("en")} values from 1.4 to 9.2`);
    const { data } = specification as { data: { values: { count: number }[] } };
    expect(data.values.reduce((total, bin) => total + bin.count, 0)).toBe(known);
  });

  test("CO2: a line whose words tell the way", async () => {
    const rows = readCsv("co2-concentration.csv").map((row) => [row.Date ?? "", Number(row.CO2)]);
    const table = makeTable(
      [{ name: "Date", type: ColumnType.DATE }, number("CO2", { unit: "ppm" })],
      rows,
    );
    const { mark, alternativeText, svg } = await draw(table, "CO2 im Zeitverlauf");
    expect(mark).toBe("line");
    expect(alternativeText).toContain(
      "Der Wert steigt von 316 ppm (März 1958) auf 416 ppm (April 2020)",
    );
    expect(svg).toContain('data-text="2000"');
  });

  test("sixty countries: the first fifteen, sorted, and it says so", async () => {
    const rows = readJson("gapminder.json").filter((row) => row.year === 2005);
    const table = makeTable(
      [text("country"), number("life_expect")],
      rows.map((row) => [row.country ?? "", row.life_expect ?? null]),
    );
    const { alternativeText, specification } = await draw(table, "bar chart");
    const { data } = specification as { data: { values: { country: string }[] } };
    const best = rows.sort((a, b) => Number(b.life_expect) - Number(a.life_expect)).slice(0, 15);
    expect(data.values.map((value) => value.country)).toEqual(best.map((row) => row.country));
    expect(alternativeText).toContain(`The 15 highest of ${rows.length}`);
  });

  test("names that are hostile or long stay texts", async () => {
    const nasty = '<script>alert("x")</script> & "quotes" constructor __proto__ [0].a';
    const table = makeTable(
      [text(nasty), number("a.b[0]")],
      [
        [nasty, 3],
        ["__proto__", 2],
        ["constructor", 1],
      ],
    );
    const { svg, specification } = await draw(table, "as bars");
    expect(svg).not.toContain("<script");
    expect(svg).toContain("__proto__");
    expect(JSON.stringify(specification)).not.toContain('"field":"a.b[0]"');
    await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ format: "svg" });
  });

  test("letters that the typeface lacks are left to the fonts of the machine", async () => {
    const table = makeTable(
      [text("city"), number("n")],
      [
        ["東京", 2],
        ["Kiel", 1],
      ],
    );
    const { svg } = await draw(table, "");
    expect(svg.match(/<text/g)?.length).toBe(1);
  });
});

test("a specification that asks for an address gets nothing", async () => {
  let hits = 0;
  const server = createServer((_, response) => {
    hits += 1;
    response.end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`;
  const greedy = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    data: { url },
    mark: "bar",
    encoding: { x: { field: "a", type: "nominal" }, href: { value: url } },
  };
  await renderer.render(greedy, "t", "d").catch(() => undefined);
  server.close();
  expect(hits).toBe(0);
});
