/** "… and how heavy is it?": a figure of what the clause before has found. */
import type { Vocabulary } from "../language/vocabulary.ts";
import { isNumber } from "./choice.ts";
import type { Clause } from "./clauses.ts";
import { oneNumber, timeColumn } from "./columns.ts";
import { defaultAggregate } from "./defaults.ts";
import { addMeasure } from "./draft.ts";
import type { Intent } from "./intent.ts";
import type { Understood } from "./understood.ts";

/** @returns the intent before with the figure in it; undefined: the clause is a question of its own. */
export function aboutIt(
  clause: Clause,
  last: Intent | undefined,
  vocabulary: Vocabulary,
  understood: Understood,
): Intent | undefined {
  const when = whenItWas(clause, last, vocabulary, understood);
  if (when) return when;
  const idle = /^(mention|same|list|all)$/;
  const [mention, other] = clause.of("mention");
  const then = clause.of("same").some(({ words }) => thatTime.test(words));
  if (
    !(mention?.body.level || then) ||
    !mention ||
    other ||
    clause.parts.some(({ body }) => !idle.test(body.kind))
  )
    return undefined;
  const [choice, second] = mention.body.columns;
  if (!choice || second || !isNumber(choice)) return undefined;
  if (last?.kind === "rows" && last.purpose === "rank") {
    // "the hottest day, and how warm was it": as its maximum says, by which it was found.
    const ranked = last.order?.by === "column" ? last.columns[last.order.index] : undefined;
    const found = choice.matches.find((match) => match.column === ranked)?.column;
    const column = found ?? oneNumber(choice, vocabulary);
    understood.note("measure", choice, { columns: [column] });
    return { ...last, columns: [...new Set([...last.columns, column])] };
  }
  if (last?.kind !== "aggregate" || last.picks.length + (last.limit ?? 0) === 0) return undefined;
  // How windy the windiest month was, is said with it already.
  const same = last.measures.some((measure) =>
    choice.matches.some(({ column }) => column === measure.column),
  );
  if (same) return last;
  const column = oneNumber(choice, vocabulary);
  const wraps = last.dimensions.some((d) => d.kind === "time" && d.cyclic);
  const measure = { aggregate: defaultAggregate(column, vocabulary, wraps)[0], column };
  understood.note("measure", choice, { columns: [column] });
  understood.assumed("measure", { measure }, []);
  const measures = [...last.measures];
  addMeasure(measures, measure);
  return { ...last, measures };
}

/** "what were wages at that time": of the row that was found. */
const thatTime = /^(at that time|at the time|back then)$/i;

/** "which stock reached the highest price, and when": the row that has it, with its time. */
function whenItWas(
  { parts }: Clause,
  last: Intent | undefined,
  vocabulary: Vocabulary,
  understood: Understood,
): Intent | undefined {
  const [part, other] = parts.filter(({ body }) => body.kind !== "same");
  if (part?.body.kind !== "which" || part.body.of !== "when" || other) return undefined;
  if (last?.kind !== "aggregate" || last.limit !== undefined || last.having) return undefined;
  const [pick, second] = last.picks;
  const [measure, more] = last.measures;
  const [group, side] = last.dimensions;
  if (!pick || second || more || side || group?.kind !== "column" || !measure?.column)
    return undefined;
  if (measure.aggregate !== pick.direction) return undefined;
  const time = timeColumn(vocabulary, understood, part.words);
  if (time === group.column) return undefined;
  const columns = [group.column, time, measure.column];
  const direction = pick.direction === "max" ? "descending" : "ascending";
  const order = { by: "column", index: 2, direction } as const;
  const known = { kind: "missing", column: measure.column, negated: true } as const;
  return {
    kind: "rows",
    columns,
    where: [...last.where, known],
    order,
    ties: true,
    purpose: "rank",
  };
}
