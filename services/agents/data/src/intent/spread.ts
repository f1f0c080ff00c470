/** "how is the wind distributed": how many rows lie in each of some equal steps. Pure. */
import type { Part } from "../language/parts.ts";
import { isNumber } from "./choice.ts";
import { type Clause, withParts } from "./clauses.ts";

/** Asked by a verb; the nouns are for charts, which make bins of the values themselves. */
const spread = /^(distributed|verteilt|verteilen)( sich)?$/i;
const others = /^(group|measure|extreme|bins|limit|derive|over-time|versus|which|order)$/;

export function withSpread(clause: Clause): Clause {
  const [chart, second] = clause.of("chart");
  const [mention, other] = clause.of("mention");
  if (!chart || second || !mention || other || !spread.test(chart.words)) return clause;
  const [choice, more] = mention.body.columns;
  if (!choice || more || !isNumber(choice)) return clause;
  if (clause.parts.some(({ body }) => others.test(body.kind))) return clause;
  const gaps = choice.matches.some(({ column }) => column.missing > 0);
  const known: Part = { ...mention, body: { kind: "missing", column: choice, negated: true } };
  return withParts(clause, [
    ...clause.parts.map(
      (part): Part => (part === chart ? { ...chart, body: { kind: "bins" } } : part),
    ),
    ...(gaps ? [known] : []),
  ]);
}
