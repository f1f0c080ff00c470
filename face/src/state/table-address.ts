// How a table is looked at, as part of an address: `sort=-price&where=name~contains~a`.

import { Comparison } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import type { RowCondition, RowOrder } from "./row-filter.ts";
import type { RowQuery } from "./row-source.ts";

const names: [Comparison, string][] = [
  [Comparison.CONTAINS, "contains"],
  [Comparison.EQUAL, "is"],
  [Comparison.NOT_EQUAL, "not"],
  [Comparison.LESS, "less"],
  [Comparison.AT_MOST, "most"],
  [Comparison.GREATER, "greater"],
  [Comparison.AT_LEAST, "least"],
  [Comparison.MISSING, "missing"],
  [Comparison.PRESENT, "present"],
];

/** The parameters of the address; none for a table as it came. */
export function writeTableQuery({ conditions, order }: RowQuery): [string, string][] {
  const sort = order && `${order.descending ? "-" : ""}${order.column}`;
  const where = conditions.map(({ column, comparison, value }) => {
    const name = names.find(([one]) => one === comparison)?.[1] ?? "";
    return ["where", `${column}~${name}~${value}`] as [string, string];
  });
  return sort ? [["sort", sort], ...where] : where;
}

/** What is nonsense is left out: an old link still shows the table. */
export function readTableQuery(parameters: URLSearchParams): RowQuery {
  const conditions = parameters.getAll("where").flatMap((text): RowCondition[] => {
    const [, column, name, value] = /^(.+)~([a-z]+)~(.*)$/su.exec(text) ?? [];
    const comparison = names.find(([, known]) => known === name)?.[0];
    return column && comparison ? [{ column, comparison, value: value ?? "" }] : [];
  });
  const sort = parameters.get("sort") ?? "";
  const column = sort.replace(/^-/, "");
  const order: RowOrder | undefined = column
    ? { column, descending: sort.startsWith("-") }
    : undefined;
  return { conditions, order };
}
