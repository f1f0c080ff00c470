/** What is counted, and by what: rows, pieces, people, or what each row says how many there are of. */
import type { ColumnChoice } from "../language/parts.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import type { PartOf } from "./clauses.ts";
import { conceptsOf, isTemporal } from "./columns.ts";
import { keysOf, rowWords, singleFigure } from "./defaults.ts";
import { addMeasure, type Draft } from "./draft.ts";
import type { Measure } from "./intent.ts";
import { refuse } from "./problem.ts";

export interface Mention {
  readonly part: PartOf<"mention">;
  readonly choice: ColumnChoice;
}

export const sold = /^(verkauft\p{L}*|sold)$/iu;

/** "how many bagels were sold": a book of sales says how many in each of its rows. */
export function piecesSold(draft: Draft, numbers: readonly Mention[]): Measure | undefined {
  const { clause, vocabulary, filters, understood, measures, used } = draft;
  const [asked, total, third] = clause.of("measure");
  // „insgesamt verkauft“ adds up what was sold, in pieces as well.
  const soldInAll =
    total?.body.aggregates.join() === "sum" &&
    total.body.columns.length === 1 &&
    sold.test(total.body.columns[0]!.words);
  const other = third ?? (soldInAll ? undefined : total);
  const [column, second] = vocabulary.forms
    .filter(({ concepts, column: { type } }) => concepts.has("quantity") && isNumeric(type))
    .map((form) => form.column);
  const told =
    (numbers.length > 0 || soldInAll) && numbers.every(({ choice }) => sold.test(choice.words));
  const plain = asked && !other && asked.body.columns.length === 0 && !asked.body.unit;
  const some = filters.where.some(({ kind }) => kind === "one-of");
  if (!told || !plain || !some || !column || second) return undefined;
  const measure: Measure = { aggregate: "sum", column };
  addMeasure(measures, measure);
  understood.note("measure", asked, { measure });
  for (const part of [...clause.of("measure"), ...numbers.map((mention) => mention.part)])
    used.add(part);
  return measure;
}

/** Where nothing else is said, people are the population. */
export function peopleOf({ vocabulary, clause }: Draft): Pick<Mention, "choice"> | undefined {
  const matches = vocabulary.forms
    .filter(({ concepts, column }) => concepts.has("population") && isNumeric(column.type))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  const words = clause.parts[0]?.words ?? "";
  return matches.length === 1 ? { choice: { matches, words, matched_by: "synonym" } } : undefined;
}

const peopleConcepts = [
  "deaths",
  "birth",
  "population",
  "people",
  "employment",
  "employee",
  "count",
];

export const countsPeople = (column: Column, vocabulary: Vocabulary) =>
  peopleConcepts.some((concept) => conceptsOf(column, vocabulary).has(concept));

/** Rows that only hold figures are counted where they are asked for as rows. */
export function countOfRows(vocabulary: Vocabulary, words: string): Measure {
  const column = onlyCount(vocabulary);
  if (column && !rowWords.test(words)) return { aggregate: "sum", column };
  return countOfKeys(vocabulary, words);
}

/** The count that each row of a table holds, where that is all that it holds. */
function onlyCount({ forms }: Vocabulary): Column | undefined {
  const figures = forms.filter(({ column }) => isNumeric(column.type) && !isTemporal(column));
  const [only, other] = figures;
  return only && !other && only.column.bare.toLowerCase() === "count" ? only.column : undefined;
}

function countOfKeys(vocabulary: Vocabulary, words: string): Measure {
  if (!keysOf(vocabulary) || rowWords.test(words)) return { aggregate: "count" };
  const column = singleFigure(vocabulary) ?? refuse({ kind: "no-measure", words });
  return { aggregate: "sum", column };
}
