/** How two columns go together: correlation, and the straight line through points. */
import type { ColumnChoice } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import type { Clause } from "./clauses.ts";
import {
  conceptsOf,
  isFlowColumn,
  isTemporal,
  oneColumn,
  oneNumber,
  timeColumn,
} from "./columns.ts";
import type { Draft } from "./draft.ts";
import { addDimension, stepOf } from "./groups.ts";
import type { Intent } from "./intent.ts";
import { refuse } from "./problem.ts";

type Relation = Extract<Intent, { kind: "relation" }>;

export function relationOf(draft: Draft): Intent | undefined {
  const { clause, used } = draft;
  const [part] = clause.of("relate");
  if (!part) return undefined;
  for (const each of clause.of("relate")) used.add(each);
  // A cloud of points is drawn from its points, with a line through them or their r in the sentence.
  const cloud = clause.of("chart").some(({ body }) => body.mark === "scatter");
  const clouded =
    cloud || clause.of("versus").some(({ words }) => /scatter|streu|punkt/i.test(words));
  const pair = clause.parts.flatMap(({ body }) =>
    body.kind === "mention" || body.kind === "versus" ? body.columns : [],
  );
  if (clouded && pair.length >= 2) return undefined;
  for (const kind of ["chart", "over-time"] as const)
    for (const each of clause.of(kind)) used.add(each);
  return part.body.how === "trend" ? trendOf(draft, part.words) : correlationOf(draft, part.words);
}

/** "is there a relationship between": the cloud of points, and how strong it is. */
export function strengthOf(clause: Clause, intent: Intent): Intent | undefined {
  const asked =
    clause.of("chart").some(({ body }) => body.mark === "scatter relation") ||
    clause.of("versus").some(({ body }) => body.relation) ||
    clause.of("relate").some(({ body }) => body.how === "correlation");
  return asked ? strengthOfRows(intent) : undefined;
}

/** "… Show the correlation coefficient": of the two that were just spoken of. */
export function asksStrengthAgain({ parts }: Clause, last: Intent): boolean {
  const only = parts.every(({ body }) => /^(relate|list|same|chart)$/.test(body.kind));
  const asked = parts.some(({ body }) => body.kind === "relate" && body.how === "correlation");
  const told = last.kind === "relation" && last.how === "correlation";
  return only && asked && (told || strengthOfRows(last) !== undefined);
}

/** How strong what a cloud of points shows is. */
export function strengthOfRows(intent: Intent): Intent | undefined {
  if (intent.kind !== "rows" || intent.purpose !== "scatter") return undefined;
  const [y, x, other] = intent.columns;
  const numbers = [y, x].every((column) => column && isNumeric(column.type) && !column.is_year);
  if (!y || !x || other || !numbers) return undefined;
  return { kind: "relation", how: "correlation", y, x, dimensions: [], where: intent.where };
}

function correlationOf(draft: Draft, words: string): Relation {
  const choices = columnsSaid(draft);
  const [y, x, third] = choices.flatMap((choice) => numbersOrTime(choice, draft));
  if (!y || !x || third || y === x) return refuse({ kind: "no-measure", words });
  for (const part of draft.clause.of("group")) {
    for (const by of part.body.by) if (!isPlain(by.column)) addDimension(draft, by, part);
    draft.used.add(part);
  }
  draft.understood.note("measure", { words, matched_by: "lexicon" }, { columns: [y, x] });
  const { dimensions, filters } = draft;
  return { kind: "relation", how: "correlation", y, x, dimensions, where: filters.where };
}

/** A course over time, unless a second column of numbers says over what. */
function trendOf(draft: Draft, words: string): Relation {
  const { clause, vocabulary, understood, filters, used } = draft;
  const said = columnsSaid(draft).flatMap((choice) => numbersOrTime(choice, draft));
  // "… how much is that a year?": the slope itself, and nothing that is counted.
  const asks = clause
    .of("measure")
    .filter(({ body }) => body.columns.length === 0 && /^how-/.test(body.asked ?? ""));
  for (const part of asks) used.add(part);
  const measure = clause.of("measure").find((part) => !asks.includes(part));
  const figures = measure?.body.columns.map((choice) => oneNumber(choice, vocabulary)) ?? [];
  const numbers = [...figures, ...said.filter((column) => !isTemporal(column))];
  const [y = onlyFigure(draft, words), x, third] = numbers;
  if (third || (measure && x)) return refuse({ kind: "no-measure", words });
  const units = clause.of("group").flatMap(({ body }) => body.by);
  for (const part of clause.of("group")) {
    for (const by of part.body.by) {
      if (by.unit === undefined && !isPlain(by.column)) addDimension(draft, by, part);
    }
    used.add(part);
  }
  const dimensions = draft.dimensions.filter((dimension) => !isTemporal(dimension.column));
  const base = { kind: "relation", how: "trend", y, dimensions, where: filters.where } as const;
  understood.note("measure", { words, matched_by: "lexicon" }, { columns: x ? [y, x] : [y] });
  if (x) return { ...base, x };
  const named = said.find(isTemporal);
  const time = named ?? timeColumn(vocabulary, understood, words);
  if (measure) used.add(measure);
  const unit =
    units.find((by) => by.unit !== undefined)?.unit ?? (time.is_year ? "year" : stepOf(time));
  const aggregate = measure?.body.aggregates[0];
  const repeated = time.distinct < vocabulary.profile.row_count * 0.9;
  // Single sales say nothing about how sales grow; their sum per period does.
  if (aggregate === undefined && !(isFlowColumn(y, vocabulary) && repeated))
    return { ...base, x: time };
  const points = { aggregate: aggregate ?? "sum", unit } as const;
  if (!aggregate) understood.assumed("measure", { measure: { aggregate: "sum", column: y } }, []);
  return { ...base, x: time, points };
}

/** Columns that are spoken of, in the order in which they are. */
function columnsSaid({ clause, used }: Draft): ColumnChoice[] {
  const found: ColumnChoice[] = [];
  for (const part of clause.parts) {
    if (part.body.kind === "mention" || part.body.kind === "versus") {
      used.add(part);
      found.push(...part.body.columns);
    } else if (part.body.kind === "measure" && /\bzusammen$/i.test(part.words)) {
      // „hängen A und B zusammen“ adds nothing up.
      used.add(part);
      found.push(...part.body.columns);
    } else if (part.body.kind === "group") {
      found.push(...part.body.by.flatMap(({ column }) => (isPlain(column) ? [column!] : [])));
    }
  }
  return found;
}

/** "weight by horsepower": a number after "by" is the other column, not a group. */
const isPlain = (choice: ColumnChoice | undefined) => choice !== undefined && isNumber(choice);

function numbersOrTime(choice: ColumnChoice, { vocabulary }: Draft): Column[] {
  if (isNumber(choice)) return [oneNumber(choice, vocabulary)];
  const column = oneColumn(choice, isTemporal);
  return isTemporal(column) ? [column] : refuse({ kind: "not-numbers", column });
}

/** The only figure that there is, when none is named. */
function onlyFigure({ vocabulary, understood }: Draft, words: string): Column {
  const figures = vocabulary.profile.columns.filter(
    (column) =>
      isNumeric(column.type) && !isTemporal(column) && !conceptsOf(column, vocabulary).has("id"),
  );
  const [only, other] = figures;
  if (!only || other) return refuse({ kind: "no-measure", words });
  understood.assumed("measure", { columns: [only] }, []);
  return only;
}
