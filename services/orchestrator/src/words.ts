/** What the planner knows of German and English: enough to tell them apart and to compare words. */
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as german } from "@orama/stemmers/german";

export type Language = "de" | "en";

const small = {
  de: words(
    "der die das den dem des ein eine einen einem einer eines und oder ist sind war waren wie was wer wo wann welcher " +
      "welche welches welchen mir mich mein ich wir uns es sie er zeig zeige zeigen gib sag sage bitte mit ohne von vom aus " +
      "für nach im in am an als auf über unter zwischen pro je jeder jede jedes alle diese dieser dieses nicht kein keine zu zum zur " +
      "hat haben hatte gab viele viel am meisten höchsten niedrigsten statt stattdessen lieber nur jetzt mal doch",
  ),
  en: words(
    "the a an of and or is are was were be how what who where when which me my i we us it they show give tell please with " +
      "without from for by per in on at as to over under between each every all this that these those not no has have had " +
      "many much most highest lowest do does did there instead rather only now just",
  ),
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Words that carry meaning and tell the language of a goal that has no small ones: "Mittelwert?" */
const telling = {
  de: words(
    "summe mittelwert durchschnitt anzahl gesamt insgesamt verteilung anteil häufigkeit zeilen spalten monat jahr tag " +
      "woche quartal wochentag größte kleinste höchste niedrigste diagramm balken linie säulen beschreibe sortiere zähle",
  ),
  en: words(
    "sum mean average number count total distribution share rows columns month year day week quarter weekday largest " +
      "smallest highest lowest chart bars line describe sort",
  ),
};

/** The language that more of the small words belong to; `otherwise` when nothing decides. */
export function languageOf(text: string, otherwise: Language = "en"): Language {
  const found = wordsOf(text);
  const count = (sets: Record<Language, ReadonlySet<string>>, language: Language) =>
    found.filter((word) => sets[language].has(word)).length;
  const german = count(small, "de") + (/[äöüß]/i.test(text) ? 1 : 0);
  const english = count(small, "en");
  if (german !== english) return german > english ? "de" : "en";
  const [told, said] = [count(telling, "de"), count(telling, "en")];
  if (told !== said) return told > said ? "de" : "en";
  return found.some(isGermanCompound) ? "de" : otherwise;
}

/** „Gesamtumsatz“, „Monatsverlauf“: words that only German puts together so. */
const isGermanCompound = (word: string) =>
  word.length >= 9 &&
  /^(gesamt|durchschnitts|monats|jahres|tages|wochen|quartals|höchst|tiefst|mindest|spitzen)|(anzahl|umsatz|verlauf|anteil|wachstum|verteilung|summe|schnitt|wert|zahl|menge|preis|kosten|gewinn|veränderung|entwicklung|vergleich|übersicht)$/.test(
    word,
  );

const joining = { de: words("und aber auch jetzt nun nur"), en: words("and but also now only") };
const asking = {
  de: words("wie was wer wo wann welche welcher welches welchen welchem warum"),
  en: words("how what who where when which why"),
};

/** "and per year?": goes on from what was asked before, and asks no question of its own. */
export function goesOn(text: string, language: Language): boolean {
  const said = wordsOf(text);
  return joining[language].has(said[0] ?? "") && !said.some((word) => asking[language].has(word));
}

/** Words that carry meaning, as stems of the language. */
export function stemsOf(text: string, language: Language): string[] {
  const stem = language === "de" ? german : english;
  return wordsOf(text)
    .filter((word) => !small[language].has(word) && word.length > 1)
    .map((word) => stem(word));
}

/**
 * What in the text names a noun: an English word or its plural, a German word or compound of it, or
 * several words in a row. Undefined: nothing does.
 */
export function names(text: string, noun: { en: string[]; de: string[] }): string | undefined {
  const said = wordsOf(text).map((word) => ({ word, en: english(word), de: german(word) }));
  const patterns = [
    ...noun.en.map((name) => ({ parts: partsOf(name), is: isEnglish })),
    ...noun.de.map((name) => ({ parts: partsOf(name), is: isGerman })),
  ];
  for (const index of said.keys()) {
    const found = patterns.find(({ parts, is }) =>
      parts.every((part, at) => said[index + at] && is(said[index + at]!, part)),
    );
    if (!found) continue;
    const words = said.slice(index, index + found.parts.length).map(({ word }) => word);
    return words.join(" ");
  }
  return undefined;
}

interface Stemmed {
  readonly word: string;
  readonly en: string;
  readonly de: string;
}

const isEnglish = (said: Stemmed, name: Stemmed) => said.en === name.en;
const isGerman = (said: Stemmed, name: Stemmed) =>
  said.de === name.de || ["", "e", "en"].some((end) => said.word.endsWith(name.word + end));

// Nouns come from contracts, so there are few of them, and each goal asks for all.
const nouns = new Map<string, readonly Stemmed[]>();

function partsOf(name: string): readonly Stemmed[] {
  let parts = nouns.get(name);
  if (!parts) {
    parts = name.split(" ").map((word) => ({ word, en: english(word), de: german(word) }));
    nouns.set(name, parts);
  }
  return parts;
}
