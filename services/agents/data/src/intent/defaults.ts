/** What is meant when it is not said. Everything taken from here is shown as assumed. */
import type { Aggregate } from "../language/lexicon.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { Column } from "../read/profile.ts";
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
