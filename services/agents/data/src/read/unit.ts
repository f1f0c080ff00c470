/**
 * Takes the unit out of a column's name: "Weight_in_lbs" is a weight in lbs, "Beak Length (mm)" a
 * beak length in mm. What is left is what people call the column.
 */
const units: Readonly<Record<string, string>> = {
  mm: "mm",
  cm: "cm",
  m: "m",
  km: "km",
  in: "in",
  inch: "in",
  inches: "in",
  ft: "ft",
  feet: "ft",
  mi: "mi",
  mg: "mg",
  g: "g",
  kg: "kg",
  t: "t",
  lb: "lb",
  lbs: "lb",
  pounds: "lb",
  oz: "oz",
  l: "l",
  ml: "ml",
  hl: "hl",
  s: "s",
  sec: "s",
  secs: "s",
  seconds: "s",
  ms: "ms",
  min: "min",
  mins: "min",
  minutes: "min",
  minuten: "min",
  h: "h",
  hrs: "h",
  hours: "h",
  stunden: "h",
  days: "d",
  tage: "d",
  c: "°C",
  celsius: "°C",
  "°c": "°C",
  f: "°F",
  fahrenheit: "°F",
  "°f": "°F",
  k: "K",
  kelvin: "K",
  pct: "%",
  percent: "%",
  prozent: "%",
  perc: "%",
  "%": "%",
  usd: "$",
  $: "$",
  dollars: "$",
  eur: "€",
  "€": "€",
  euro: "€",
  gbp: "£",
  "£": "£",
  chf: "CHF",
  kw: "kW",
  kwh: "kWh",
  mwh: "MWh",
  w: "W",
  hp: "hp",
  ps: "PS",
  v: "V",
  a: "A",
  hz: "Hz",
  kmh: "km/h",
  "km/h": "km/h",
  mph: "mph",
  "m/s": "m/s",
  knots: "kn",
  kn: "kn",
  hpa: "hPa",
  mbar: "mbar",
  ppm: "ppm",
  db: "dB",
  px: "px",
  kb: "kB",
  mb: "MB",
  gb: "GB",
};

/** Units that are also words or letters, so that only brackets or "in" make them units. */
const doubtful = new Set(["in", "min", "m", "s", "t", "l", "h", "c", "f", "k", "w", "v", "a", "g"]);

/** The unit that a word or sign stands for; undefined: it is none. */
export const knownUnit = (word: string): string | undefined => units[word.toLowerCase()];

export interface NamedUnit {
  /** The name without its unit. */
  readonly bare: string;
  /** What one unit is; empty: the name says none. */
  readonly unit: string;
}

export function unitOfName(name: string): NamedUnit {
  const bracketed = /^(.*\S)\s*[([]([^)\]]{1,12})[)\]]\s*$/.exec(name);
  if (bracketed) {
    const unit = units[bracketed[2]!.trim().toLowerCase()];
    return { bare: bracketed[1]!, unit: unit ?? bracketed[2]!.trim() };
  }
  const introduced = /^(.*[^\s_])[\s_]+in[\s_]+(\S{1,12})$/i.exec(name);
  const known = introduced && units[introduced[2]!.toLowerCase()];
  if (introduced && known) return { bare: introduced[1]!, unit: known };
  const last = /^(.*[^\s_-])[\s_-]+([^\s_-]{1,12})$/.exec(name);
  const ending = last?.[2]?.toLowerCase() ?? "";
  if (last && units[ending] && (!doubtful.has(ending) || isMinutes(last[1]!, ending))) {
    return { bare: last[1]!, unit: units[ending] };
  }
  return { bare: name, unit: "" };
}

/** "temp_min" is a minimum, "Running Time min" a number of minutes. */
function isMinutes(bare: string, ending: string): boolean {
  return ending === "min" && /(time|duration|runtime|length|dauer|zeit|laufzeit)$/i.test(bare);
}
