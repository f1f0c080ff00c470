/** What is meant when it is not said. Everything taken from here is shown as assumed. */
import type { Aggregate } from "../language/lexicon.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { conceptsOf, isFlowColumn, isTemporal } from "./columns.ts";

/**
 * The usual figure of a column, and what else could be meant: amounts are summed, levels averaged.
 * Over months of several years even amounts are averaged, because their sum would grow with the years.
 */
export function defaultAggregate(
  column: Column,
  vocabulary: Vocabulary,
  cyclic: boolean,
): [aggregate: Aggregate, others: Aggregate[]] {
  // A table of single sales holds several rows per day: their mean says nothing about a weekday.
  const sums = isFlowColumn(column, vocabulary) && !(cyclic && !isLedger(vocabulary));
  return sums ? ["sum", ["mean"]] : ["mean", ["sum"]];
}

/** Rows are single events, several a day, as in a book of sales; else each moment has its row. */
export function isLedger({ profile }: Vocabulary): boolean {
  const { columns, row_count } = profile;
  const dates = columns.filter(isTemporal);
  return dates.length > 0 && dates.every(({ distinct }) => distinct < row_count * 0.9);
}

/** Numbers that name a row. The index of a stock exchange is a price. */
const isKey = (concepts: ReadonlySet<string>) =>
  ["id", "code"].some((concept) => concepts.has(concept)) ||
  (concepts.has("index") && !concepts.has("price"));

/** The column of numbers that is neither a time nor a key, where there is one only. */
export function singleFigure(vocabulary: Vocabulary): Column | undefined {
  const keys = keysOf(vocabulary);
  const figures = vocabulary.profile.columns.filter(
    (column) =>
      isNumeric(column.type) &&
      !isTemporal(column) &&
      !keys?.includes(column) &&
      !isKey(conceptsOf(column, vocabulary)),
  );
  if (figures.length === 2) {
    // A share beside a count says the same of it once more.
    const isShare = (column: Column) => conceptsOf(column, vocabulary).has("share");
    const [count, other] = figures.filter((column) => !isShare(column));
    if (count && !other && conceptsOf(count, vocabulary).has("count")) return count;
  }
  return figures.length === 1 ? figures[0] : undefined;
}

/**
 * The columns whose combinations each have one row, as in a table of sources by years: what is
 * counted there is in a column, and the rows themselves count nothing.
 */
export function keysOf({ profile }: Vocabulary): readonly Column[] | undefined {
  const { columns, row_count } = profile;
  const kinds = columns.filter(
    (column) =>
      column.distinct > 1 &&
      column.missing === 0 &&
      (column.type === "text" ||
        isTemporal(column) ||
        (column.type === "integer" && column.distinct <= 120)),
  );
  for (const a of kinds) {
    for (const b of kinds.slice(kinds.indexOf(a) + 1)) {
      if (a.distinct * b.distinct === row_count && isEvery(a, b)) return [a, b];
      for (const c of kinds.slice(kinds.indexOf(b) + 1))
        if (a.distinct * b.distinct * c.distinct === row_count && isEvery(a, b, c))
          return [a, b, c];
    }
  }
  return undefined;
}

/** Days of places are rows that may be counted; years of sources are not. */
const isEvery = (...columns: readonly Column[]) =>
  columns.some(isTemporal) && !columns.some(isDaily);

/** Moments that follow each other by days rather than by months. */
function isDaily({ type, min, max, distinct }: Column): boolean {
  if (type !== "date" && type !== "time") return false;
  return (Date.parse(String(max)) - Date.parse(String(min))) / distinct < 5 * 86_400_000;
}

/** The column by which people call a row: a name or title, else the text with most different values. */
export function labelColumn(vocabulary: Vocabulary): Column | undefined {
  const texts = vocabulary.profile.columns.filter(({ type }) => type === "text");
  const naming = texts.filter((column) => {
    const concepts = conceptsOf(column, vocabulary);
    return concepts.has("name") || concepts.has("title");
  });
  const mostDifferent = (columns: readonly Column[]) =>
    [...columns].sort((a, b) => b.distinct - a.distinct)[0];
  return mostDifferent(naming) ?? mostDifferent(texts);
}

/** Words that mean the rows of a table, whatever it is about. */
export const rowWords =
  /\b(rows?|records?|entries|observations?|zeilen?|datens[aä]tze?|eintr[aä]ge?n?|einträgen?|beobachtungen?|routes?|connections?|strecken?|verbindung(en)?)\b/i;
