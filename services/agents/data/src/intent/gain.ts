/** "which stock rose the most": of each group, what it has at the last moment less what it had at the first. */
import type { ColumnChoice } from "../language/parts.ts";
import { isNumber } from "./choice.ts";
import { isTemporal, numbersOf, oneColumn, timeColumn } from "./columns.ts";
import { singleFigure } from "./defaults.ts";
import type { Draft } from "./draft.ts";
import type { Dimension, Intent, Measure } from "./intent.ts";
import { refuse } from "./problem.ts";

const grown = /^(change|difference)$/;
const falls =
  /^(fell|fall|fallen|drop\p{L}*|declin\p{L}*|decreas\p{L}*|drop|shrank|shrunk|sank|gesunken|gefallen|abgenommen|zurückgegangen|geschrumpft)$/iu;

export function gainOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, used, understood, filters } = draft;
  const [derive, other] = clause.of("derive").filter(({ body }) => grown.test(body.how));
  const [extreme, second] = clause.of("extreme");
  const [which] = clause.of("which");
  if (!derive || other || !extreme || second || typeof which?.body.of !== "object")
    return undefined;
  const { body } = extreme;
  if (body.column || body.concepts || body.count || body.good || which.body.of.unit)
    return undefined;
  const idle = /^(derive|extreme|which|mention|all|same|rows|period|values|list)$/;
  if (clause.parts.some((part) => !idle.test(part.body.kind))) return undefined;
  const [figure, more] = clause.of("mention").flatMap((part) => part.body.columns);
  if (more || (figure && !isNumber(figure))) return undefined;
  const column = figureOf(figure, draft);
  const group = oneColumn(which.body.of.column!, ({ type }) => type === "text");
  const time = timeColumn(vocabulary, understood, derive.words);
  if (!column || group.type !== "text" || !isOnePerMoment(draft, group, time)) return undefined;
  for (const part of [derive, extreme, which, ...clause.of("mention")]) used.add(part);
  const down = derive.words.split(/\s+/).some((word) => falls.test(word));
  const max = (body.direction === "max") !== down;
  const dimension: Dimension = { kind: "column", column: group };
  const measure: Measure = { aggregate: "gain", column, by: time };
  understood.note("measure", derive, { measure });
  understood.note("group", which, { dimension });
  return {
    ...{ kind: "aggregate", measures: [measure], dimensions: [dimension], where: filters.where },
    picks: body.number === undefined ? [{ measure: 0, direction: max ? "max" : "min" }] : [],
    ...(body.number === undefined ? {} : { limit: body.number }),
    order: { by: "measure", index: 0, direction: max ? "descending" : "ascending" },
  };
}

function figureOf(figure: ColumnChoice | undefined, { vocabulary, clause }: Draft) {
  if (!figure) return singleFigure(vocabulary);
  const [column, other] = numbersOf(figure, vocabulary);
  if (other) refuse({ kind: "no-measure", words: clause.parts[0]!.words });
  return column;
}

/** Each group has one row at a moment, else its last figure would be any of them. */
const isOnePerMoment = (
  { vocabulary: { profile } }: Draft,
  group: { readonly distinct: number },
  time: Parameters<typeof isTemporal>[0] & { readonly distinct: number },
) => isTemporal(time) && group.distinct * time.distinct >= profile.row_count;
