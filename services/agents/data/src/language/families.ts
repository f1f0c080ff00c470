/** Texts that begin with the same word: "Fords" are the cars whose name begins with "ford". */
import { base, type Term } from "./terms.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

const membersMin = 2;
const lengthMin = 3;

/** The column and the word that several of its texts begin with; undefined: none or more than one. */
export function familyOf(word: string, { values }: Vocabulary) {
  for (const first of [word, word.replace(/['’]?s$/, "")]) {
    if (first.length < lengthMin) continue;
    const forms = (values.get(`=${first}`) ?? []).filter(({ words }) => words[0] === first);
    const [member] = forms;
    if (!member) continue;
    const columns = new Set(forms.map(({ column }) => column));
    // A text that is just the word is meant by it, and not those that go on.
    if (forms.some(({ words }) => words.length === 1) || columns.size > 1) return undefined;
    if (forms.length >= membersMin) return { column: member.column, first };
  }
  return undefined;
}

/** @param known the word says something else as well */
export function familyTerms(
  token: Token,
  at: number,
  vocabulary: Vocabulary,
  known: boolean,
): Term[] {
  if (known || token.kind !== "word" || !/^\p{Lu}/u.test(token.text)) return [];
  const family = familyOf(token.folded, vocabulary);
  if (!family) return [];
  const columns = [{ column: family.column, coverage: 1, covered: 1 }];
  return [
    { ...base(at, at + 1, "part of value"), kind: "family", arg: `${family.first} `, columns },
  ];
}
