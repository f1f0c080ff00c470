/** Ways of writing that leave words out, written so that each word stands by itself. Pure. */
import { joinedVerbs } from "./separable.ts";

const headMax = 60;

/** "Laufzeit: Mittelwert und Median", „Höchst- und Tiefstkurs“, „zweithöchste“, "store by store". */
export function spelledOut(question: string): string {
  const homes = question.replace(/\b(?:is|are|was|were) home to\b/giu, "has");
  const ordinal = joinedVerbs(eachByEach(homes)).replace(
    /\b(zweit|dritt|viert|fünft)(?=\p{L}+st(e[nmrs]?)?\b)/giu,
    "$1 ",
  );
  const halves = ordinal.replace(/(\p{L}{3,})-(?=\s+(?:und|oder|and|or)\s)/giu, "$1");
  const colon = halves.indexOf(": ");
  const heading = colon > 0 && colon <= headMax && !/[.?!;:]/.test(halves.slice(0, colon));
  return heading ? `${halves.slice(0, colon)}${halves.slice(colon + 1)}` : halves;
}

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
