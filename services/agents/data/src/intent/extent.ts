/** "from when to when": the first and the last moment that the rows have. */
import { isTemporal, oneColumn, timeColumn } from "./columns.ts";
import type { Draft } from "./draft.ts";
import type { Intent } from "./intent.ts";

export function extentOf({
  clause,
  vocabulary,
  understood,
  filters,
  used,
}: Draft): Intent | undefined {
  const [part] = clause.of("extent");
  if (!part) return undefined;
  const said = clause.of("mention").flatMap(({ body }) => body.columns);
  const [named] = said.filter(({ matches }) => matches.some(({ column }) => isTemporal(column)));
  const column = named
    ? oneColumn(named, isTemporal)
    : timeColumn(vocabulary, understood, part.words);
  for (const kind of ["extent", "mention", "which", "rows"] as const) {
    for (const each of clause.of(kind)) {
      if (each.body.kind !== "mention" || each.body.columns.every((choice) => choice === named))
        used.add(each);
    }
  }
  const measures = (["min", "max"] as const).map((aggregate) => ({ aggregate, column }));
  for (const measure of measures) understood.note("measure", part, { measure });
  return { kind: "aggregate", measures, dimensions: [], where: filters.where, picks: [] };
}
