/**
 * "and per year?" after "mean rain per month": which phrases of the question before give way to those
 * of the one that goes on from it, and which of these borrow from them. Pure.
 */
import type { Body, ColumnChoice, Part, PartKind } from "../language/parts.ts";
import type { Column } from "../read/profile.ts";
import { isFilter } from "./conditions.ts";

export interface Continued {
  /** Phrases of the question before that still hold. */
  readonly kept: ReadonlySet<Part>;
  /** What stands in the place of one of them, and is said of the same things. */
  readonly replaced: ReadonlyMap<Part, Part>;
  /** Whatever else is said now, in its order. */
  readonly added: readonly Part[];
}

/** What says what is computed and ranked, rather than of which rows. */
const calculating: readonly PartKind[] = [
  ...(["measure", "mention", "extreme", "which", "limit", "first", "nth", "order"] as const),
  ...([
    "derive",
    "previous",
    "over-time",
    "relate",
    "versus",
    "ratio",
    "list",
    "distinct",
  ] as const),
  ...(["having", "outliers", "duplicates", "missing-cells", "describe", "contrast"] as const),
  ...(["than", "extent", "per-row"] as const),
];
const grouping: readonly PartKind[] = ["group", "bins", "over-time"];

/** Kinds of phrases that give way to each; a filter's, by its column. */
const instead: Readonly<Partial<Record<PartKind, readonly PartKind[]>>> = {
  group: grouping,
  bins: grouping,
  which: ["which", ...grouping],
  measure: calculating.filter((kind) => kind !== "over-time" && kind !== "having"),
  extreme: ["extreme", "limit", "first", "nth", "order"],
  limit: ["limit", "first", "nth"],
  first: ["limit", "first", "nth"],
  nth: ["limit", "first", "nth"],
  order: ["order"],
  derive: ["derive", "previous"],
  previous: ["previous"],
  having: ["having"],
  "over-time": ["over-time"],
};
for (const kind of calculating) {
  const whole = /^(relate|versus|ratio|list|outliers|duplicates|describe|contrast|than|extent)$/;
  if (whole.test(kind) || kind === "missing-cells")
    Object.assign(instead, { [kind]: [...calculating, ...grouping] });
}

/** @returns undefined where what is said now asks for something that was not said before, either. */
export function continued(
  before: readonly Part[],
  now: readonly Part[],
  adds: boolean,
): Continued | undefined {
  const kept = new Set(before);
  const replaced = new Map<Part, Part>();
  const added: Part[] = [];
  for (const part of now) {
    const body = borrowed(part.body, before);
    if (!body) return undefined;
    const gone = before.filter((other) => givesWay(other, body, adds));
    const like = gone.find((other) => !replaced.has(other) && isLike(other, { ...part, body }));
    for (const other of gone) kept.delete(other);
    if (like) replaced.set(like, { ...part, body, start: like.start, end: like.end });
    else added.push({ ...part, body });
  }
  return { kept, replaced, added };
}

/** How many phrases take the place of one like them: "rain" after "snow" is the weather, and no amount. */
export function alike(before: readonly Part[], now: readonly Part[]): number {
  return now.filter((part) => before.some((other) => isLike(other, part))).length;
}

function isLike(before: Part, part: Part): boolean {
  if (isFilter(part)) return isFilter(before) && givesWay(before, part.body, false);
  const place = placeOf(part.body);
  return place !== undefined && place === placeOf(before.body);
}

function placeOf(body: Body): string | undefined {
  if (body.kind === "measure" || body.kind === "mention")
    return body.columns.length > 0 ? "figure" : undefined;
  if (body.kind === "group" || body.kind === "which") return "group";
  return body.kind === "extreme" ? "extreme" : undefined;
}

type BodyOf<K extends PartKind> = Extract<Body, { kind: K }>;

const first = <K extends PartKind>(parts: readonly Part[], kind: K): BodyOf<K> | undefined =>
  parts.find(({ body }) => body.kind === kind)?.body as BodyOf<K> | undefined;

/** "the median": of what was asked before; "and the temperature": its mean, if that was asked. */
function borrowed(body: Body, before: readonly Part[]): Body | undefined {
  const measure = first(before, "measure");
  const extreme = first(before, "extreme");
  if (body.kind === "measure" && body.columns.length === 0 && body.asked === undefined) {
    const columns = [...(measure?.columns ?? []), ...(first(before, "mention")?.columns ?? [])];
    if (columns.length > 0) return { ...body, columns };
    return body.aggregates.join() === "count" ? body : undefined;
  }
  if (body.kind === "mention" && !body.level) {
    if (body.columns.every(isText)) return { kind: "group", by: body.columns.map(groupOf) };
    if (measure && measure.columns.length > 0) return { ...measure, columns: body.columns };
    const [column, other] = body.columns;
    if (extreme && !measure && column && !other) {
      const { concepts: _, ...rest } = extreme;
      return { ...rest, column };
    }
  }
  const named = (one: BodyOf<"extreme">) => one.column ?? one.concepts ?? one.count;
  if (body.kind === "extreme" && !named(body) && extreme)
    return { ...extreme, direction: body.direction };
  if (body.kind === "limit" && body.number !== undefined && !body.direction && extreme)
    return { ...extreme, number: body.number };
  if (
    body.kind === "group" &&
    body.by.length === 1 &&
    typeof first(before, "which")?.of === "object"
  )
    return { kind: "which", of: body.by[0]! };
  return body;
}

const isText = ({ matches }: ColumnChoice) => matches.every(({ column }) => column.type === "text");
const groupOf = (column: ColumnChoice) => ({ column, words: column.words });

function givesWay(before: Part, body: Body, adds: boolean): boolean {
  const { kind } = before.body;
  if (isFilter({ ...before, body })) {
    const columns = columnsOf(body);
    if (isFilter(before))
      return overlaps(columnsOf(before.body), columns) || sameTime(before.body, body);
    // Of one of the groups, there are no others to be put beside it.
    return (
      before.body.kind === "group" &&
      before.body.by.every(({ column }) => column && overlaps(columnsIn(column), columns))
    );
  }
  if (body.kind === "mention") return kind === "mention" || (kind === "measure" && !body.level);
  const group = kind === "group" || kind === "measure" || kind === "mention";
  if (adds && group && (body.kind === "group" || body.kind === "measure")) return false;
  return instead[body.kind]?.includes(kind) ?? false;
}

const sameTime = (a: Body, b: Body) =>
  a.kind === "period" && b.kind === "period" && !a.column === !b.column;

const columnsIn = ({ matches }: ColumnChoice) => matches.map(({ column }) => column);

function columnsOf(body: Body): Column[] {
  if (body.kind === "values")
    return body.values.flatMap((forms) => forms.map(({ column }) => column));
  const { column } = body as { column?: ColumnChoice | readonly string[] };
  return column && "matches" in column ? columnsIn(column) : [];
}

const overlaps = (a: readonly Column[], b: readonly Column[]) =>
  a.some((column) => b.includes(column));
