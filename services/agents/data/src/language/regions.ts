/** Countries and continents by their names in both languages, as the platform knows them. */

import type { Language } from "./lexicon.ts";
import { fold } from "./tokens.ts";

const continents = ["002", "009", "019", "142", "150", "021", "013", "005"];
let names: Map<string, string> | undefined;

/** ISO 3166 or UN M.49 code of a folded name; undefined: no such place. */
export function regionOf(name: string): string | undefined {
  names ??= readNames();
  return names.get(name);
}

/** What a place is called in a language. */
export function regionName(code: string, language: Language): string | undefined {
  return new Intl.DisplayNames(language, { type: "region", fallback: "none" }).of(code);
}

function readNames(): Map<string, string> {
  const found = new Map<string, string>();
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = [...letters.flatMap((a) => letters.map((b) => a + b)), ...continents];
  for (const language of ["en", "de"] as const) {
    const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const code of codes) {
      const name = display.of(code);
      if (name !== undefined && !found.has(fold(name))) found.set(fold(name), code);
    }
  }
  return found;
}
