/** "when was the temperature first above 0.5": a comparison apart from the column that it is of. Pure. */
import type { ColumnChoice, Part } from "../language/parts.ts";
import { isAgeOf, oldest } from "../language/readings-filters.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { isNumber } from "./choice.ts";
import { type Clause, type PartOf, withParts } from "./clauses.ts";
import { singleFigure } from "./defaults.ts";

/**
 * "how much does it rain on average", "how many people … in total": a calculation said apart from the
 * amount that is asked for is how the amount is to be calculated, and no second figure.
 */
export function withCalculation(clause: Clause): Clause {
  const measures = clause.of("measure");
  const [apart, second] = measures.filter(
    ({ body }) =>
      body.columns.length === 0 && !body.unit && !body.asked && usual.test(body.aggregates.join()),
  );
  const [people] = measures.filter(({ body }) => body.asked === "persons");
  if (people) return withoutSums(clause, people);
  const [amount, other] = measures.filter(
    ({ body, words }) => body.columns.length > 0 && amounts.test(words),
  );
  if (!apart || second || !amount || other) return clause;
  const { aggregates } = apart.body;
  return withParts(
    clause,
    clause.parts.flatMap((part): Part[] => {
      if (part === apart) return [];
      return [part === amount ? { ...amount, body: { ...amount.body, aggregates } } : part];
    }),
  );
}

const usual = /^(mean|median|sum)$/;
const amounts = /^(how much|how many|wie ?viele?)\b/i;

/** People are counted by a sum already. */
const withoutSums = (clause: Clause, people: Part): Clause =>
  withParts(
    clause,
    clause.parts.flatMap((part): Part[] => {
      const { body } = part;
      if (part === people || body.kind !== "measure" || body.aggregates.join() !== "sum")
        return [part];
      const { columns } = body;
      return columns.length === 0 ? [] : [{ ...part, body: { kind: "mention", columns } }];
    }),
  );

/** The only figure that the clause names, else the only one that the table has, is what is compared. */
export function withLoose(clause: Clause, vocabulary: Vocabulary): Clause {
  const [loose, other] = clause.of("compare").filter(({ body }) => body.loose);
  if (!loose || other) return clause;
  const aged = ageOfThese(clause, loose, vocabulary);
  if (aged) return compared(clause, loose, aged);
  const [named, second] = clause
    .of("mention")
    .filter(({ body }) => body.columns.some(isNumber) && !body.level);
  const figures = clause.of("measure").some(({ body }) => body.columns.length > 0);
  if (second || (named?.body.columns.length ?? 1) > 1 || (figures && !named)) return clause;
  const [said] = named?.body.columns ?? [];
  // "what share of the people was under 20": they are still who is counted.
  const age = said && isAgeOf(said, loose.body.number, vocabulary) ? ageOf(vocabulary) : undefined;
  const column = age ?? said ?? onlyOne(vocabulary, loose.words);
  if (!column) return clause;
  return compared(clause, loose, column, age ? undefined : named);
}

/** The comparison is of this column; what only named the column is part of it now. */
const compared = (
  clause: Clause,
  loose: PartOf<"compare">,
  column: ColumnChoice,
  named?: Part,
): Clause =>
  withParts(
    clause,
    clause.parts.flatMap((part): Part[] => {
      if (part === loose) return [{ ...loose, body: { ...loose.body, column, loose: false } }];
      return part === named ? [] : [part];
    }),
  );

/** "the income of women over 60": said of people, a number is how old they are. */
function ageOfThese(
  { parts }: Clause,
  loose: PartOf<"compare">,
  vocabulary: Vocabulary,
): ColumnChoice | undefined {
  const before = parts[parts.indexOf(loose) - 1];
  if (before?.body.kind !== "values" || before.end !== loose.start) return undefined;
  const people = before.body.values
    .flat()
    .every(({ column }) =>
      vocabulary.forms.some((form) => form.column === column && form.concepts.has("gender")),
    );
  return people && !loose.body.unit && loose.body.number <= oldest ? ageOf(vocabulary) : undefined;
}

function ageOf({ forms }: Vocabulary): ColumnChoice | undefined {
  const matches = forms
    .filter(({ concepts }) => concepts.has("age"))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  return matches.length === 1 ? { matches, words: "", matched_by: "synonym" } : undefined;
}

function onlyOne(vocabulary: Vocabulary, words: string): ColumnChoice | undefined {
  const column = singleFigure(vocabulary);
  return column && { matches: [{ column, coverage: 1, covered: 1 }], words, matched_by: "synonym" };
}
