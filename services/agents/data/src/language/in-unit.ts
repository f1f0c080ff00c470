/** „Leistung in PS“, "length of stay in nights": a column named a second time, by what it counts in. Pure. */
import type { Column } from "../read/profile.ts";
import type { Term } from "./terms.ts";
import type { Token } from "./tokens.ts";

type Terms = readonly (readonly Term[])[];

/** The terms with the second name left out. */
export function withoutUnits(tokens: readonly Token[], terms: Terms): Terms {
  const left = terms.map((here) => [...here]);
  for (let at = 1; at < tokens.length - 1; at++) {
    if (tokens[at]!.folded !== "in") continue;
    const named = columnsOf(
      terms.slice(0, at).flatMap((each) => each.filter(({ end }) => end === at)),
    );
    const [again] = terms[at + 1]!.filter(({ kind }) => kind === "column");
    if (!again || columnsOf(terms[at + 1]!).join() !== named.join() || named.length !== 1) continue;
    left[at] = [{ ...again, kind: "filler", arg: "", start: at }];
  }
  return left;
}

const columnsOf = (terms: readonly Term[]): string[] => {
  const columns = terms.flatMap(({ columns: found = [] }) => found.map(({ column }) => column));
  return [...new Set<Column>(columns)].map(({ name }) => name).sort();
};
