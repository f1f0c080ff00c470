import type { Language } from "./format.ts";

const germanMarks =
  /[äöüß]|(?:^|\s)(?:wie|welche[rsn]?|was|der|die|das|den|pro|nach|je|mit|zeige?|beschreibe?|und|im|seit)(?=[\s.,?!]|$)/i;

/** Which of the two languages a question is written in: questions carry no mark of their own. */
export const languageOf = (text: string): Language => (germanMarks.test(text) ? "de" : "en");

/** Those in the language; all of them when there are none. */
export function inLanguage(texts: readonly string[], language: Language): string[] {
  const fitting = texts.filter((text) => languageOf(text) === language);
  return fitting.length > 0 ? fitting : [...texts];
}
