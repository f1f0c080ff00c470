/** What a column is called in sentences, tables and titles. */
import { isModifier } from "../language/concepts.ts";
import type { Language } from "../language/lexicon.ts";
import { lexicons, phrasesOf } from "../language/phrases.ts";
import { nameWords, stem } from "../language/stem.ts";
import { fold } from "../language/tokens.ts";
import { type Column, isNumeric } from "../read/profile.ts";

/**
 * A column keeps the name that its people gave it, spelt as words. Only a figure whose whole name is
 * the plain word for what it holds is called so in the other language, too: precipitation is
 * Niederschlag, but an Entity may be anything.
 */
export function columnLabel(column: Column, language: Language): string {
  const own = spelt(column.bare);
  if (!isNumeric(column.type)) return own;
  const said = conceptsOf(column.bare, language).map((concept) => bestWord(concept, language));
  if (said.length > 0) return said.find((word) => inCapital(own, word)) ?? own;
  const other = language === "de" ? "en" : "de";
  const words = conceptsOf(column.bare, other)
    .filter((concept) => isBestWord(column.bare, concept, other) && !isModifier(concept))
    .flatMap((concept) => bestWord(concept, language) ?? []);
  // A word for several things is a name: nobody can say which of them is meant.
  return new Set(words).size === 1 ? words[0]! : own;
}

/** "temp_max" as "temp max", "lifeExpect" as "life expect"; other names as they are. */
function spelt(name: string): string {
  const words = name.replace(/_+/g, " ").trim();
  const camel = /^\p{Ll}{2,}(\p{Lu}\p{Ll}+)+$/u.test(words);
  const apart = camel ? words.replace(/\p{Lu}/gu, (letter) => ` ${letter.toLowerCase()}`) : words;
  return apart || name;
}

/** German nouns have capitals, whatever the file writes. */
const inCapital = (name: string, word: string | undefined) =>
  word !== undefined && fold(word) === name;

/** The concepts whose word is all of a name. */
function conceptsOf(name: string, language: Language): string[] {
  const stems = nameWords(name).map((word) => stem(fold(word), language));
  return (phrasesOf(language).concepts.get(stems[0] ?? "") ?? [])
    .filter((phrase) => phrase.stems.join(" ") === stems.join(" "))
    .map(({ meaning }) => meaning);
}

const bestWord = (concept: string, language: Language): string | undefined =>
  lexicons[language].concepts[concept]?.split(",")[0]?.trim();

function isBestWord(name: string, concept: string, language: Language): boolean {
  const stems = (text: string) =>
    nameWords(text)
      .map((word) => stem(fold(word), language))
      .join(" ");
  return stems(bestWord(concept, language) ?? "") === stems(name);
}
