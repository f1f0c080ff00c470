/**
 * Which words may stand aside: they carry a sentence and are no figure, group or condition of this
 * table. Where they could be one, they stay, so that the question is refused rather than cut short.
 */
import type { Tagged, Term } from "./terms.ts";

/** What counts, ranks or groups the next noun: "how many people" is no question without people. */
const asksFor = /^(question|aggregate|extreme|superlative|per|not|quantile|distinct|end|limit)$/;
const small = /^(filler|of|all)$/;

const names = ({ kind }: Term) => kind === "column" || kind === "value" || kind === "rows";

/** Meanings of the same words that say as little. */
const idle =
  /^(light|tail|persons|figure|filler|frame|same|list|be|have|of|from|with|during|and|by|to|symbol|said)$/;

/** @returns the word can be left out here, and is then named as left out. */
export function standsAside(tagged: Tagged, { kind, start, end }: Term): boolean {
  // „unterschieden“ may carry a sentence, and „Unterschied“ has the same stem.
  const others = tagged.terms[start]!.filter((term) => term.end === end && !names(term));
  if (others.some((term) => !idle.test(term.kind))) return false;
  if (tagged.terms[start]!.some(names) && kind !== "tail") return false;
  if (kind === "tail") return followsColumn(tagged, start);
  return kind !== "persons" || !isAskedFor(tagged, start);
}

/** "disaster type": what has a type is a column, so that its type is the column. */
function followsColumn({ terms }: Tagged, at: number): boolean {
  return terms.slice(0, at).some((here) => here.some((term) => names(term) && term.end === at));
}

function isAskedFor({ terms }: Tagged, at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const reaching = terms[before]!.filter(({ kind, end }) => asksFor.test(kind) && end <= at);
    if (reaching.length > 0) return true;
    if (!terms[before]!.some(({ kind }) => small.test(kind))) return false;
  }
  return false;
}
