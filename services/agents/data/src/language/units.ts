/** Units as people say them after a number, and what one is in another. */

/** Words by unit, in both languages, folded. */
const words: Readonly<Record<string, string>> = {
  "°": "grad, degrees, degree",
  "°C": "celsius, °c",
  "°F": "fahrenheit, °f",
  $: "dollar, dollars, usd, $",
  "€": "euro, euros, eur, €",
  "£": "£, gbp",
  "%": "prozent, percent, %",
  mm: "mm, millimeter, millimetres, millimeters",
  cm: "cm, zentimeter, centimeters, centimetres",
  m: "m, meter, meters, metres",
  km: "km, kilometer, kilometers, kilometres",
  in: "inch, inches, zoll",
  ft: "ft, feet, foot, fuss",
  mi: "miles, meilen",
  mg: "mg, milligramm, milligrams",
  g: "g, gramm, gram, grams",
  kg: "kg, kilo, kilos, kilogramm, kilogram, kilograms",
  t: "t, tonne, tonnen, tons, tonnes",
  lb: "lb, lbs, pound, pounds, pfund",
  oz: "oz, ounces, unzen",
  s: "sekunde, sekunden, second, seconds, sec",
  min: "minute, minutes, minuten, mins",
  h: "stunde, stunden, hour, hours, h",
  kn: "knots, knoten, kn",
  ppm: "ppm",
};

const unitByWord = new Map(
  Object.entries(words).flatMap(([unit, list]) => list.split(", ").map((word) => [word, unit])),
);

/** Sizes of units that measure the same, in a unit of their own. */
const sizes: readonly Readonly<Record<string, number>>[] = [
  { mg: 0.001, g: 1, kg: 1000, t: 1_000_000, lb: 453.59237, oz: 28.349523125 },
  { mm: 0.001, cm: 0.01, m: 1, km: 1000, in: 0.0254, ft: 0.3048, mi: 1609.344 },
  { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 },
];

/** The unit that a folded word or sign means. */
export const unitOfWord = (word: string): string | undefined => unitByWord.get(word);

/** @returns the number in the other unit; undefined: the units measure different things. */
export function converted(value: number, from: string, to: string): number | undefined {
  if (from === to || to === "") return value;
  if (from === "°" && to.startsWith("°")) return value;
  for (const size of sizes) {
    const [a, b] = [size[from], size[to]];
    if (a !== undefined && b !== undefined) return (value * a) / b;
  }
  return undefined;
}
