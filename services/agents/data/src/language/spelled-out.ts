/** Ways of writing that leave words out, written so that each word stands by itself. Pure. */
import { joinedVerbs } from "./separable.ts";

const headMax = 60;

/** "Laufzeit: Mittelwert und Median", „Höchst- und Tiefstkurs“, „zweithöchste“, "store by store", "length - mean". */
export function spelledOut(question: string): string {
  const homes = question.replace(/\b(?:is|are|was|were) home to\b/giu, "has");
  const apart = homes.replace(/\b(who|what|where|when|how)s\b/giu, "$1 is");
  const plain = apart
    // "25th, 50th and 75th percentile"
    .replace(/\b(\d+)(?:st|nd|rd|th)(?=(?:\s*,\s*|\s+(?:and|to)\s+)\d+(?:st|nd|rd|th)\b)/giu, "$1")
    .replace(/\b(\d+)(?:st|nd|rd|th)(?=\s+percentiles?\b)/giu, "$1")
    .replace(/\bminus (?=\d)/giu, "-");
  const stepped = plain.replace(
    /\b(fünf|zehn|zwanzig|hundert)(?:er|jahres)-?schritt(e|en)\b/giu,
    (_, word: string, end: string) => `${steps[word.toLowerCase()]}er-Schritt${end}`,
  );
  const ranked = stepped
    .replace(/\bwhere (?:does|do|did) (.+?) (?:rank|stand)\b/iu, "what rank has $1")
    .replace(
      /\bwo (?:steht|stehen|stand|liegt) (.+?) (?=(?:nach|beim?|bei der) )/iu,
      "welchen Rang hat $1 ",
    );
  const ordinal = joinedVerbs(eachByEach(ranked)).replace(
    /\b(zweit|dritt|viert|fünft)(?=\p{L}+st(e[nmrs]?)?\b)/giu,
    "$1 ",
  );
  const dashed = ordinal.replace(/(?<=\p{L}) [-–—] (?=\p{L})/u, ": ");
  const halves = dashed.replace(/(\p{L}{3,})-(?=\s+(?:und|oder|and|or)\s)/giu, "$1");
  const colon = halves.indexOf(": ");
  const heading = colon > 0 && colon <= headMax && !/[.?!;:]/.test(halves.slice(0, colon));
  return heading ? `${halves.slice(0, colon)}${halves.slice(colon + 1)}` : halves;
}

const steps: Readonly<Record<string, number>> = { fünf: 5, zehn: 10, zwanzig: 20, hundert: 100 };

/** „Filiale für Filiale“, "product by product": each of them. Steps of time have words of their own. */
function eachByEach(question: string): string {
  const twice = /(?<!\p{L})(\p{L}{3,}) (für|um|nach|by|after|for) \1(?!\p{L})/giu;
  return question.replace(twice, (whole, word: string, between: string) => {
    if (ownMeaning.test(word)) return whole;
    return /^(by|after|for)$/i.test(between) ? `per ${word}` : `pro ${word}`;
  });
}

/** What stands so in the lexicon, or says how and not by what. */
const ownMeaning =
  /^(years?|quarters?|months?|weeks?|days?|hours?|jahr|quartal|monat|woche|tag|stunde|side|step|bit|one|two|word|little|schritt|stück|wort|eins|zug)$/iu;
