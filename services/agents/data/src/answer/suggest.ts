/** Questions that this table can answer: made from its columns, and tried on the parser before said. */
import { isRunningNumber } from "../intent/choice.ts";
import { isFlowColumn, isTemporal } from "../intent/columns.ts";
import type { Language } from "../language/lexicon.ts";
import { parse } from "../language/parse.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { DataLimits } from "../limits.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { wordsOf } from "./words.ts";

/**
 * @param near columns that the person spoke of, to be asked about first
 * @returns at most `count` questions, different in kind where the table allows
 */
export function suggestQuestions(
  vocabulary: Vocabulary,
  language: Language,
  count: number,
  limits: DataLimits,
  near: readonly string[] = [],
): string[] {
  const found: string[] = [];
  for (const question of candidates(vocabulary, language, near)) {
    if (found.length >= count) break;
    if (found.includes(question)) continue;
    if (parse(question, vocabulary, limits).ok) found.push(question);
  }
  return found;
}

function* candidates(vocabulary: Vocabulary, language: Language, near: readonly string[]) {
  const { questions } = wordsOf(language);
  const { columns, row_count } = vocabulary.profile;
  const spoken = (column: Column) => (near.includes(column.name) ? 0 : 1);
  const sorted = [...columns].sort((a, b) => spoken(a) - spoken(b));
  const numbers = sorted.filter(
    (column) => isNumeric(column.type) && !column.is_year && !isCode(column, vocabulary),
  );
  const groups = sorted.filter(
    ({ type, distinct }) =>
      type === "text" && distinct > 1 && distinct <= Math.min(50, row_count / 2),
  );
  const fine = columns.some(
    ({ type, distinct }) => (type === "date" || type === "time") && distinct > 12,
  );
  const yearly = columns.some(isTemporal);
  const [number, second = number] = numbers.map(({ bare }) => bare);
  const [group] = groups.map(({ bare }) => bare);
  if (number && fine) yield questions.meanPerMonth(number);
  if (number && group) yield questions.meanBy(number, group);
  const flow = numbers.find((column) => isFlowColumn(column, vocabulary));
  const [x, y] = numbers;
  if (flow && group) yield questions.shareBy(flow.bare, group);
  if (x && y) yield questions.correlation(x.bare, y.bare);
  if (flow && yearly) yield questions.growthPerYear(flow.bare);
  if (second && yearly) yield questions.meanPerYear(second);
  if (number) yield questions.outliers(number);
  if (group) yield questions.countBy(group);
  if (group && second) yield questions.whichHighest(group, second);
  for (const column of numbers) yield questions.highest(column.bare);
  for (const column of numbers) yield questions.mean(column.name);
  yield questions.countAll;
  yield questions.describe;
}

/** Numbers that name things: nobody asks for their mean. */
function isCode(column: Column, vocabulary: Vocabulary): boolean {
  if (isRunningNumber(column) || /(nummer|nr|id|no)\.?$/i.test(column.bare)) return true;
  const concepts = vocabulary.forms.find((form) => form.column === column)?.concepts;
  if (!concepts) return false;
  return ["id", "code", "cluster", "group", "latitude", "longitude"].some((concept) =>
    concepts.has(concept),
  );
}
