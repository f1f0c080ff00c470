// Which values of the columns a wish leaves out ("without sun") or asks for alone ("only rain").

import { type Heard, wordsOf } from "./heard.ts";
import type { Language } from "./language/language.ts";
import type { Profile } from "./profile.ts";
import { textOf } from "./texts.ts";
import type { Pick } from "./wish.ts";

const VALUES_MAX = 5000;
const WORDS_MAX = 12;

interface Picks {
  readonly without: readonly Pick[];
  readonly only: readonly Pick[];
}

/** The values are sought in the table only where the words ask for some. */
export function readPicks(heard: Heard, profile: Profile, language: Language): Picks {
  const without = heard.places("without");
  const only = heard.places("only");
  if (without.length + only.length === 0) return { without: [], only: [] };
  const values = valuesOf(profile, language);
  return {
    without: without.flatMap((at) => namedAfter(heard, at, values)),
    only: only.flatMap((at) => namedAfter(heard, at, values)),
  };
}

/** Values by their words in lower case. */
function valuesOf({ fields, rows }: Profile, language: Language): Map<string, Pick> {
  const values = new Map<string, Pick>();
  for (const field of fields) {
    if (field.kind === "measure" || field.distinct > VALUES_MAX) continue;
    for (const value of new Set(rows.map((row) => row[field.index] ?? null))) {
      const text = textOf(value, field, language);
      const key = wordsOf(text).join(" ");
      if (key !== "" && !values.has(key)) values.set(key, { column: field.index, text });
    }
  }
  return values;
}

/** One value after the other, the longest name each time, with "and" and small words between them. */
function namedAfter({ words, language }: Heard, start: number, values: Map<string, Pick>): Pick[] {
  const skipped = new Set([...language.wish.phrases.and, ...language.wish.common]);
  const found: Pick[] = [];
  let at = start + 1;
  while (at < words.length) {
    const longest = Math.min(WORDS_MAX, words.length - at);
    const length = Array.from({ length: longest }, (_, i) => longest - i).find((n) =>
      values.has(words.slice(at, at + n).join(" ")),
    );
    const pick = length && values.get(words.slice(at, at + length).join(" "));
    if (pick) found.push(pick);
    else if (!skipped.has(words[at] ?? "")) break;
    at += length ?? 1;
  }
  return found;
}
