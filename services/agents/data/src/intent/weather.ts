/** "how often did it rain": the rows that say so, where rows are counted. Pure. */
import type { Body, Part } from "../language/parts.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { isNumeric } from "../read/profile.ts";
import { type Clause, withParts } from "./clauses.ts";

const verbs: readonly (readonly [said: RegExp, value: string, column: string])[] = [
  [/^(geregnet|regnete?|rain(ed|s|ing)?)$/i, "rain", "precipitation"],
  [/^(geschneit|schneite?|snow(ed|s|ing)?)$/i, "snow", "snow"],
];

/** A verb of the weather beside a count: the rows with that weather, else those with an amount of it. */
export function withWeather(clause: Clause, vocabulary: Vocabulary): Clause {
  const counts = clause
    .of("measure")
    .some(({ body }) => body.aggregates.every((each) => /^(count|distinct)$/.test(each)));
  // "how much did it rain" asks for the amount.
  const amount = clause.of("measure").some(({ words }) => /^(wie ?viel|how much)$/i.test(words));
  if (!counts || amount || clause.of("extreme").length > 0) return clause;
  return withParts(
    clause,
    clause.parts.map((part): Part => {
      const verb = verbs.find(([said]) => said.test(part.words));
      const body = verb && part.body.kind === "mention" ? conditionOf(verb, vocabulary) : undefined;
      return body ? { ...part, body } : part;
    }),
  );
}

function conditionOf(
  [, value, concept]: (typeof verbs)[number],
  vocabulary: Vocabulary,
): Body | undefined {
  const forms = vocabulary.value_concepts.get(value);
  if (forms) return { kind: "values", values: [forms], negated: false, together: true };
  const matches = vocabulary.forms
    .filter(({ concepts, column }) => concepts.has(concept) && isNumeric(column.type))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  if (matches.length === 0) return undefined;
  const column = { matches, words: concept, matched_by: "synonym" };
  return { kind: "compare", column, operator: ">", number: 0 };
}
