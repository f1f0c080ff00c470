/**
 * Numbers as people write them in tables: with decimal comma or point, groups of thousands, a
 * currency or a unit before or after, in brackets or with a trailing sign where they are negative. Pure.
 */
import { identifier, literal } from "../intent/quote.ts";
import { knownUnit } from "./unit.ts";
import { type Candidate, type Reading, share_min } from "./values.ts";
import type { Warning } from "./warning.ts";

/** How the file as a whole writes decimals. */
export type DecimalSign = "comma" | "point";

const styles: Readonly<Record<string, { number: string; comma: boolean }>> = {
  english: { number: "(?:\\d+|\\d{1,3}(?:,\\d{3})+)(?:\\.\\d+)?|\\.\\d+", comma: false },
  german: { number: "(?:\\d+|\\d{1,3}(?:\\.\\d{3})+)(?:,\\d+)?", comma: true },
  spaced: { number: "\\d{1,3}(?:[ '’\u00a0\u202f]\\d{3})+(?:\\.\\d+)?", comma: false },
  spacedComma: { number: "\\d{1,3}(?:[ '’\u00a0\u202f]\\d{3})+(?:,\\d+)?", comma: true },
};

/** The style of the file goes first; a single column may have the other one, as coordinates do. */
const order: Readonly<Record<DecimalSign, readonly string[]>> = {
  comma: ["german", "spacedComma", "english", "spaced"],
  point: ["english", "spaced", "german", "spacedComma"],
};

const currencies: Readonly<Record<string, string>> = {
  ...{ $: "$", "€": "€", "£": "£", "¥": "¥", USD: "$", EUR: "€", GBP: "£", JPY: "¥" },
  ...{ CHF: "CHF", US$: "$", Euro: "€", EURO: "€" },
};
const currency = "US\\$|[$€£¥]|USD|EUR|GBP|JPY|CHF|Euro|EURO";
const sign = "[-+−–]";
/** A unit that is a single letter stands apart: "12 m", while "12a" is a house number. */
const unit = "%|°[CF]?|[A-Za-zµ][A-Za-z/µ²³]{1,5}|\\s[A-Za-z]";

const whole = (number: string) =>
  `^\\(?\\s*${sign}?\\s*(?:(?:${currency})\\s*)?${sign}?\\s*(?:${number})\\s*(?:${currency}|${unit})?\\s*-?\\)?$`;

/** Undefined: they are not numbers, or not of one kind. `notes` says what is worth knowing. */
export function findNumber(
  name: string,
  present: readonly string[],
  { decimals }: { readonly decimals: DecimalSign },
  notes: Warning[],
): Candidate | undefined {
  const candidates = order[decimals].flatMap((style) => {
    const { number, comma } = styles[style]!;
    const pattern = new RegExp(whole(number));
    const fitting = present.filter((text) => pattern.test(text));
    // "1.234" alone proves nothing: where the file writes points it is a small number.
    if (decimals === "point" && comma && !fitting.some((text) => /,\d/.test(text))) return [];
    return [{ number, comma, fitting }];
  });
  const most = Math.max(0, ...candidates.map(({ fitting }) => fitting.length));
  const best = candidates.find(({ fitting }) => fitting.length === most);
  if (!best || most < present.length * share_min) return undefined;
  const kinds = new Set(best.fitting.map(unitIn).filter((found) => found !== ""));
  if ([...kinds].some((kind) => kind === undefined)) return undefined;
  if (kinds.size > 1) {
    notes.push(mixed(name, [...kinds] as string[]));
    return undefined;
  }
  const [only] = kinds;
  const expression = numberSql(whole(best.number), best.comma);
  const reading: Reading = {
    ...{ type: "number", plain: false, expression },
    ...(only ? { unit: only } : {}),
  };
  return { reading, share: most / present.length };
}

/** Its currency or unit; empty: none; undefined: a word that is no unit. */
function unitIn(text: string): string | undefined {
  const found = new RegExp(`${currency}|%|°[CF]?|[A-Za-zµ][A-Za-z/µ²³]*`).exec(text)?.[0];
  return found === undefined ? "" : (currencies[found] ?? knownUnit(found));
}

/** Converts what fits the pattern, and gives NULL for anything else. */
const numberSql = (pattern: string, comma: boolean) => (column: string) => {
  const text = `trim(${identifier(column)}::VARCHAR)`;
  const digits = `regexp_replace(${text}, ${literal(comma ? "[^0-9,]" : "[^0-9.]")}, '', 'g')`;
  const pointed = comma ? `replace(${digits}, ',', '.')` : digits;
  const negative = `regexp_matches(${text}, '^\\(|[-−–]')`;
  const value = `CASE WHEN ${negative} THEN -1 ELSE 1 END * try_cast(${pointed} AS DOUBLE)`;
  return `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN ${value} END`;
};

function mixed(name: string, kinds: readonly string[]): Warning {
  const list = [...kinds].sort().join(", ");
  return {
    en: `"${name}" holds amounts in ${list}; they are not added up and stay texts.`,
    de: `„${name}“ enthält Beträge in ${list}; sie werden nicht verrechnet und bleiben Texte.`,
  };
}

/**
 * Whether a file writes decimal commas, judged over all its columns. Where only numbers such as
 * "1.234" are there, which both ways allow, semicolons between cells speak for commas.
 */
export function decimalSignOf(
  columns: readonly (readonly string[])[],
  delimiter: string,
): { sign: DecimalSign; unsure: string | undefined } {
  let commas = 0;
  let points = 0;
  let unsure: string | undefined;
  const decorated = new RegExp(`^(?:${currency})\\s*|\\s*(?:${currency}|${unit})$`, "g");
  for (const texts of columns) {
    for (const text of texts) {
      const bare = text.trim().replace(decorated, "");
      if (/^[-+−]?\d+(\.\d{3})*,\d+$/.test(bare) && !/^[-+−]?\d{1,3},\d{3}$/.test(bare)) commas++;
      else if (/^[-+−]?\d{1,3}(\.\d{3})+$/.test(bare)) unsure ??= bare;
      else if (/^[-+−]?\d+\.\d+$/.test(bare)) points++;
    }
  }
  if (commas === 0 && points === 0 && unsure) {
    return { sign: delimiter === ";" ? "comma" : "point", unsure };
  }
  return { sign: commas > points ? "comma" : "point", unsure: undefined };
}
