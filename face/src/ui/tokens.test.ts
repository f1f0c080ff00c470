import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const source = join(import.meta.dirname, "..");
const tokens = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

const colours = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

/** Relative luminance by WCAG 2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["ground", "surface", "sunken", "raised", "hover"];
const texts = ["text", "text-soft", "text-faint", "accent"];
const states = [
  "queued",
  "running",
  "waiting",
  "succeeded",
  "failed",
  "refused",
  "cancelled",
  "compensated",
  "skipped",
  "paused",
  "stopping",
];
const pairs = [
  ...[...texts, ...states].flatMap((text) => grounds.map((ground) => [text, ground])),
  ["ground", "waiting"],
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["accent", "accent-soft"],
  ["text", "accent-soft"],
  ["failed", "failed-soft"],
  ["text", "failed-soft"],
  ["refused", "refused-soft"],
  ["text", "refused-soft"],
  ["succeeded", "succeeded-soft"],
  ["running", "running-soft"],
  ["waiting", "waiting-soft"],
  ["compensated", "compensated-soft"],
  ["text", "compensated-soft"],
  ["text", "waiting-soft"],
] as [string, string][];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each(pairs)("%s on %s can be read", (text, ground) => {
    const ratio = contrast(colours.get(text)![theme], colours.get(ground)![theme]);
    expect(ratio).toBeGreaterThanOrEqual(4.5);
  });
});

test("no other file holds a colour", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.(svelte|css)$/.test(path) && !path.endsWith("tokens.css"),
  );
  const found = files.filter((path) =>
    /#[0-9a-f]{3,8}\b(?=[;\s,)])|\b(rgb|hsl|oklch)a?\(/i.test(
      readFileSync(join(source, path), "utf8").replaceAll(/\{#\w+/g, ""),
    ),
  );
  expect(files.length).toBeGreaterThan(30);
  expect(found).toEqual([]);
});
