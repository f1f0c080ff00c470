/** "when was the temperature first above 0.5": a comparison apart from the column that it is of. Pure. */
import type { ColumnChoice, Part } from "../language/parts.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { isNumber } from "./choice.ts";
import { type Clause, withParts } from "./clauses.ts";
import { singleFigure } from "./defaults.ts";

/** The only figure that the clause names, else the only one that the table has, is what is compared. */
export function withLoose(clause: Clause, vocabulary: Vocabulary): Clause {
  const [loose, other] = clause.of("compare").filter(({ body }) => body.loose);
  if (!loose || other) return clause;
  const [named, second] = clause
    .of("mention")
    .filter(({ body }) => body.columns.some(isNumber) && !body.level);
  const figures = clause.of("measure").some(({ body }) => body.columns.length > 0);
  if (second || (named?.body.columns.length ?? 1) > 1 || (figures && !named)) return clause;
  const column = named?.body.columns[0] ?? onlyOne(vocabulary, loose.words);
  if (!column) return clause;
  const parts = clause.parts.flatMap((part): Part[] => {
    if (part === loose) return [{ ...loose, body: { ...loose.body, column, loose: false } }];
    return part === named ? [] : [part];
  });
  return withParts(clause, parts);
}

function onlyOne(vocabulary: Vocabulary, words: string): ColumnChoice | undefined {
  const column = singleFigure(vocabulary);
  return column && { matches: [{ column, coverage: 1, covered: 1 }], words, matched_by: "synonym" };
}
