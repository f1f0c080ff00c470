import { describe, expect, test } from "vitest";

import { coloursOf, DARK, LIGHT } from "./theme.ts";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

// Full colour blindness after Machado, Oliveira and Fernandes (2009), in linear RGB.
const SEEN_AS: Readonly<Record<string, Matrix>> = {
  everyone: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopes: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopes: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [r, g, b]: Triple): Triple {
  const row = ([x, y, z]: Triple) => Math.min(1, Math.max(0, x * r + y * g + z * b));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function leastDistance(colours: readonly string[], matrix: Matrix): number {
  const places = colours.map((hex) => oklab(times(matrix, linear(hex))));
  const distances = places.flatMap((a, i) =>
    places.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

function contrast(a: string, b: string): number {
  const light = (hex: string) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return high / low;
}

const themes = { light: LIGHT, dark: DARK };

describe.each(Object.entries(SEEN_AS))("as %s see them", (_, matrix) => {
  test.each(Object.entries(themes))("on %s ground eight colours stay apart", (_ground, theme) => {
    expect(leastDistance(theme.palette.slice(0, 4), matrix)).toBeGreaterThan(0.11);
    expect(leastDistance(theme.palette, matrix)).toBeGreaterThan(0.06);
  });
});

test("the measure would notice colours that some people cannot tell apart", () => {
  const redAndGreen = ["#b04040", "#6a7a20"];
  expect(leastDistance(redAndGreen, SEEN_AS.deuteranopes as Matrix)).toBeLessThan(0.06);
});

describe.each(Object.entries(themes))("on %s ground", (_, theme) => {
  test("marks and texts stand out", () => {
    for (const colour of theme.palette) expect(contrast(colour, theme.ground)).toBeGreaterThan(3);
    expect(contrast(theme.text, theme.ground)).toBeGreaterThan(4.5);
    expect(contrast(theme.textSoft, theme.ground)).toBeGreaterThan(4.5);
  });

  test("a number can be read in a cell of every step", () => {
    for (const [i, colour] of theme.steps.entries()) {
      const text = i >= 4 ? theme.onStrong : theme.onWeak;
      expect(contrast(colour, text), `step ${i}`).toBeGreaterThan(4.5);
    }
    for (const [i, colour] of theme.sides.entries()) {
      const text = i === 0 || i === 6 ? theme.onStrong : theme.onWeak;
      expect(contrast(colour, text), `side ${i}`).toBeGreaterThan(4.5);
    }
  });

  test("each colour has one role, so that the other ground can exchange it", () => {
    const colours = coloursOf(theme);
    expect(new Set(colours).size).toBe(colours.length);
    expect(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour))).toBe(true);
  });
});

test("both grounds have the same roles", () => {
  expect(coloursOf(DARK)).toHaveLength(coloursOf(LIGHT).length);
});
