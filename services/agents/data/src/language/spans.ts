/**
 * "who reigned the longest", where a table says from when to when: how long something was is no column
 * of its own, but what lies between two of them. Pure.
 */
import { identifier } from "../intent/quote.ts";
import type { Column, Profile } from "../read/profile.ts";
import { fold } from "./tokens.ts";

/** Names of the first and of the last moment. */
const ends: readonly (readonly [RegExp, RegExp])[] = [
  [/^(start(ed)?|start.?(date|year)|begin|beginn|anfang)$/, /^(end(ed)?|end.?(date|year)|ende)$/],
  [/^(from|since|von|seit)$/, /^(to|until|bis)$/],
  [/^(born|birth|geboren)$/, /^(died|death|gestorben)$/],
  [/^(arrival|check.?in|anreise)$/, /^(departure|check.?out|abreise)$/],
  [/^(opened|founded|built|eröffnet|gegründet|erbaut)$/, /^(closed|dissolved|geschlossen)$/],
];

/** @returns the column of what lies between, in years or in days; undefined: there are no two such columns. */
export function spanOf({ columns, row_count }: Profile): Column | undefined {
  for (const [first, last] of ends) {
    const [start, other] = columns.filter(({ bare }) => first.test(fold(bare)));
    const [end, second] = columns.filter(({ bare }) => last.test(fold(bare)));
    if (!start || !end || other || second) continue;
    const years = start.is_year && end.is_year;
    const dates = start.type === "date" && end.type === "date";
    if (!years && !dates) continue;
    const [from, to] = [identifier(start.name), identifier(end.name)];
    const name = `${end.name} − ${start.name}`;
    return {
      ...{ name, bare: name, type: "integer", unit: years ? "" : "d", is_year: false },
      ...{ missing: Math.max(start.missing, end.missing), distinct: row_count, values: [] },
      ...{ min: undefined, max: undefined, grain: undefined },
      sql: years ? `${to} - ${from}` : `date_diff('day', ${from}, ${to})`,
    };
  }
  return undefined;
}
