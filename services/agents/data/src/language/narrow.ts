/**
 * "which airline paid the most for repairs": a word that alone can name several columns, and another
 * elsewhere in the question that belongs to only one of them. Put together, they name it. Pure.
 */
import type { Problem } from "../intent/problem.ts";
import type { Column } from "../read/profile.ts";
import { isModifier } from "./concepts.ts";
import { conceptHits } from "./match-columns.ts";
import { phrasesOf } from "./phrases.ts";
import { lightStem } from "./stem.ts";
import type { Tagged } from "./terms.ts";
import { fold, tokenise } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** @returns the question with the column by its name, and without the word that told which. */
export function narrowed(
  question: string,
  problem: Problem,
  tagged: Tagged,
  vocabulary: Vocabulary,
): string | undefined {
  const { language } = tagged;
  if (problem.kind !== "ambiguous" || problem.words === "") return undefined;
  const at = fold(question).indexOf(fold(problem.words));
  if (at < 0) return undefined;
  const named = new Set(fold(problem.words).split(/\s+/));
  const tokens = tokenise(question, language);
  const telling = tokens.flatMap(({ text, folded, kind }, index) => {
    if (kind !== "word" || named.has(folded) || folded.length < 3) return [];
    const keys = conceptHits(tokens, index)
      .filter(({ end }) => end === index + 1)
      .flatMap((hit) => hit.keys);
    const columns = columnsWith(keys, problem.columns, vocabulary);
    const modifies = keys.some((key) => key.startsWith("c:") && isModifier(key.slice(2)));
    // "in total" is a sum as well, and stays; "worldwide" only tells which column.
    const stays = phrasesOf(language).meanings.has(lightStem(folded, language));
    return columns.length === 1 ? [{ text, column: columns[0]!, modifies, stays }] : [];
  });
  const plain = telling.filter(({ modifies }) => !modifies);
  const [told, other] = plain.length > 0 ? plain : telling;
  if (!told || other) return undefined;
  const before = question.slice(0, at);
  const after = question.slice(at + problem.words.length);
  const without = (text: string) =>
    told.stays ? text : text.replace(new RegExp(`(?<!\\p{L})${told.text}(?!\\p{L})`, "u"), "");
  const kept = isText(problem.words, tagged) ? ` ${problem.words}` : "";
  return `${without(before)}"${told.column.name}"${kept}${without(after)}`.replace(/\s+/g, " ");
}

/** What is ambiguous is a text that several columns have, and not what they are called. */
const isText = (words: string, { tokens, terms }: Tagged) =>
  terms.flat().some(({ kind, start, end }) => {
    const said = tokens.slice(start, end).map(({ text }) => text);
    return kind === "value" && words.endsWith(said.join(" "));
  });

/**
 * "the goals of the home team": another column is named, which shares with one of them what tells them
 * apart. The other column has said what it is there for.
 */
export function narrowedBeside(
  question: string,
  problem: Problem,
  { tokens, terms, language }: Tagged,
  { forms }: Vocabulary,
): string | undefined {
  if (problem.kind !== "ambiguous" || problem.words === "") return undefined;
  const wordsOf = (column: Column) =>
    forms.find((form) => form.column === column)?.words.map(fold) ?? [];
  const named = terms.flat().flatMap(({ kind, start, end, columns = [] }) => {
    const [match, other] = columns;
    if (kind !== "column" || !match || other || match.coverage < 1) return [];
    const words = wordsOf(match.column);
    const sharing = problem.columns.filter((column) =>
      wordsOf(column).some((word) => words.includes(word)),
    );
    const said = [...new Set(tokens.slice(start, end).map(({ text }) => text))].join(" ");
    const apart =
      !problem.columns.includes(match.column) && !fold(problem.words).includes(fold(said));
    const asked = terms[start - 1]?.some(({ kind }) => /^(question|per|each)$/.test(kind)) === true;
    const told = { said, column: sharing[0]!, length: end - start, asked };
    return apart && sharing.length === 1 ? [told] : [];
  });
  const [told] = named.sort((a, b) => b.length - a.length);
  if (!told || named.some(({ column }) => column !== told.column)) return undefined;
  const at = question.indexOf(problem.words);
  if (at < 0 || !question.includes(told.said)) return undefined;
  // A text stays, and what told its column says something of its own.
  if (isText(problem.words, { tokens, terms, language }))
    return question.replace(problem.words, `"${told.column.name}" ${problem.words}`);
  const chosen = question.replace(problem.words, `"${told.column.name}"`);
  // "which team": it is asked for as well.
  if (told.asked) return chosen;
  return chosen.replace(told.said, " ").replace(/\s+/g, " ");
}

function columnsWith(
  keys: readonly string[],
  among: readonly Column[],
  { columns, forms }: Vocabulary,
): Column[] {
  const found = new Set(
    keys.flatMap((key) => (columns.get(key) ?? []).map(({ form }) => forms[form]!.column)),
  );
  return among.filter((column) => found.has(column));
}
