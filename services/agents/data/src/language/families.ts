/** Texts that begin with the same word: "Fords" are the cars whose name begins with "ford". */
import { base, type Term } from "./terms.ts";
import type { Token } from "./tokens.ts";
import { titlesMin, type Vocabulary } from "./vocabulary.ts";

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
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
  known: boolean,
): Term[] {
  const token = tokens[at]!;
  if (known || token.kind !== "word") return [];
  if (!/^\p{Lu}/u.test(token.text) && !/^\p{Ll}{4,}s$/u.test(token.text)) return [];
  const family = familyOf(token.folded, vocabulary);
  if (!family) return [];
  const columns = [{ column: family.column, coverage: 1, covered: 1 }];
  const { first, end } = longest(tokens, at, family, vocabulary);
  // Of titles, one word that several begin with is not what they are called: "Star" is no series.
  if (
    end === at + 1 &&
    family.column.values.length > titlesMin &&
    /^\p{Lu}/u.test(next(tokens, at))
  )
    return [];
  return [
    {
      ...base(at, end, "part of value"),
      kind: "family",
      arg: end > at + 1 ? first : `${first} `,
      columns,
    },
  ];
}

/**
 * "Star Trek movies": where several texts begin so, more than the one that is called just so is meant.
 * Stands for itself only before a word in the plural.
 */
export function seriesTerms(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
  known: boolean,
): Term[] {
  const { kind, text, folded } = tokens[at]!;
  if (known || kind !== "word" || !/^\p{Lu}/u.test(text)) return [];
  const forms = (vocabulary.values.get(`=${folded}`) ?? []).filter(
    ({ words }) => words[0] === folded,
  );
  const [member] = forms;
  if (!member || member.column.values.length <= titlesMin) return [];
  const { first, end } = longest(tokens, at, { column: member.column, first: folded }, vocabulary);
  const called = forms.some(({ words }) => words.join(" ") === first);
  const plural = /(s|filme|titel)$/.test(tokens[end]?.folded ?? "");
  if (end < at + 2 || !called || !plural) return [];
  const columns = [{ column: member.column, coverage: 1, covered: 1 }];
  return [{ ...base(at, end, "value"), kind: "family", arg: first, columns }];
}

const next = (tokens: readonly Token[], at: number) => tokens[at + 1]?.text ?? "";

/** "Star Wars": as many words, each with a capital, as several texts begin with. */
function longest(
  tokens: readonly Token[],
  at: number,
  { column, first }: NonNullable<ReturnType<typeof familyOf>>,
  { values }: Vocabulary,
) {
  const forms = (values.get(`=${first}`) ?? []).filter((form) => form.column === column);
  let found = { first, end: at + 1 };
  for (let end = at + 2; end <= tokens.length; end++) {
    if (!/^\p{Lu}/u.test(tokens[end - 1]!.text)) break;
    const words = [first, ...tokens.slice(at + 1, end).map(({ folded }) => folded)];
    const members = forms.filter((form) =>
      words.every((word, index) => form.words[index] === word),
    );
    if (members.length < membersMin) break;
    found = { first: words.join(" "), end };
  }
  return found;
}
