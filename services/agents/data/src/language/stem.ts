/**
 * Brings inflected words together. Snowball for nouns and verbs; a lighter rule for German words of
 * the lexicon, because Snowball takes "höchste" for "hoch" and a superlative is another question.
 */
import stemmers from "snowball-stemmers";
import type { Language } from "./lexicon.ts";
import { fold } from "./tokens.ts";

const snowball = {
  de: stemmers.newStemmer("german"),
  en: stemmers.newStemmer("english"),
};

const remembered = new Map<string, string>();
const rememberedMax = 20_000;

/** No language has longer words; stemming takes time with the square of the length. */
export const wordLengthMax = 50;

/** The stem of a folded word. */
export function stem(word: string, language: Language): string {
  if (word.length > wordLengthMax) return word;
  const key = `${language}${word}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= rememberedMax) remembered.clear();
  const found = snowball[language].stem(word);
  remembered.set(key, found);
  return found;
}

const germanEndings = ["ern", "em", "en", "er", "es", "e", "n", "s"];

/** Takes only the ending of declension off, so that positive, comparative and superlative differ. */
export function lightStem(word: string, language: Language): string {
  if (language === "en") return stem(word, "en");
  if (word.length < 4) return word;
  for (const ending of germanEndings) {
    if (word.endsWith(ending) && word.length - ending.length >= 3) {
      return word.slice(0, -ending.length);
    }
  }
  return word;
}

/**
 * Snowball makes "kur" of "Kurs" and "kurs" of "Kurses": the genitive of a word that ends in s.
 * @returns the stem without "es"; the stem itself where there is none.
 */
export function genitiveStem(word: string): string {
  return word.length > 5 && word.endsWith("ses") ? stem(word.slice(0, -2), "de") : stem(word, "de");
}

/** "hoechste" as "höchste", for keyboards without umlauts; the same word when there is nothing to change. */
export function withUmlauts(word: string): string {
  if (!/[aou]e/.test(word)) return word;
  return word
    .replace(/ae/g, "ä")
    .replace(/oe/g, "ö")
    .replace(/(?<![qaeä])ue/g, "ü");
}

const rememberedKeys = new Map<string, readonly string[]>();

/** Keys under which a word of a name, a value or a question is found in either language. */
export function wordKeys(word: string): readonly string[] {
  const folded = fold(word);
  const known = rememberedKeys.get(folded);
  if (known !== undefined) return known;
  const keys = new Set([`=${folded}`, `de:${stem(folded, "de")}`, `en:${stem(folded, "en")}`]);
  keys.add(`de:${genitiveStem(folded)}`);
  const umlauts = withUmlauts(folded);
  if (umlauts !== folded) keys.add(`de:${stem(umlauts, "de")}`);
  if (rememberedKeys.size >= rememberedMax) rememberedKeys.clear();
  const found = [...keys];
  rememberedKeys.set(folded, found);
  return found;
}

/** Splits a name into words: "Miles_per_Gallon", "lifeExpect", "temp-max 2". */
export function nameWords(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{M}\d%$€]+/u)
    .filter((word) => word !== "");
}
