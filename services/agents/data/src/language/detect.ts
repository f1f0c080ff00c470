/** Which of the two languages a question is in, by the words that each language alone knows. */
import type { Language } from "./lexicon.ts";
import { phrasesOf } from "./phrases.ts";
import { lightStem, stem } from "./stem.ts";
import { fold } from "./tokens.ts";

/** Small words of one language that are never of the other. */
const telling: Readonly<Record<Language, ReadonlySet<string>>> = {
  de: new Set(
    `
      der die das den dem des ein eine einen einer wie viele welche welcher welches und oder ist
      sind war waren hat haben hatte mit nach pro je für von aus im am zum zur über unter
      zwischen seit bis nicht mir zeige zeig gib sag nenne berechne bei wann wer alle diese
      dieser wieviele als vom beim`
      .trim()
      .split(/\s+/),
  ),
  en: new Set(
    `
      the a how many much which what of and or is are was were has have had with by per for from
      over under between since until not me show give tell list when who all this these than
      each every does did do it its their there between compute calculate`
      .trim()
      .split(/\s+/),
  ),
};

/** `otherwise`: where no word tells. */
export function detectLanguage(text: string, otherwise: Language = "en"): Language {
  const words = fold(text).match(/[\p{L}\p{M}]+/gu) ?? [];
  let balance = /[äöüß„]/.test(text.toLowerCase()) ? 2 : 0;
  for (const word of words) {
    if (telling.de.has(word)) balance += 2;
    if (telling.en.has(word)) balance -= 2;
    if (knows("de", word) || isCompound(word)) balance += 1;
    if (knows("en", word)) balance -= 1;
  }
  if (balance === 0) return otherwise;
  return balance > 0 ? "de" : "en";
}

/** "Jahresumsatz": no English word ends with a German one of four letters and more. */
function isCompound(word: string): boolean {
  if (word.length < 9 || knows("en", word)) return false;
  const { concepts, compounds } = phrasesOf("de");
  if (compounds.some(({ part }) => part.length >= 6 && word.endsWith(part))) return true;
  for (let at = 4; at <= word.length - 5; at++)
    if (concepts.has(stem(word.slice(at), "de"))) return true;
  return false;
}

function knows(language: Language, word: string): boolean {
  const { meanings, concepts, qualities, months } = phrasesOf(language);
  const light = lightStem(word, language);
  return meanings.has(light) || qualities.has(light) || months.has(word) || concepts.has(light);
}
