// Leaves rows out as the wish says: without some values, or with only some.

import type { Language } from "./language/language.ts";
import type { Field, Profile } from "./profile.ts";
import { measureField } from "./profile.ts";
import { textOf } from "./texts.ts";
import type { Pick, Wish } from "./wish.ts";

/** The rows that stay; those of other columns are not asked. */
export function narrow(profile: Profile, { without = [], only = [] }: Wish, language: Language) {
  if (without.length === 0 && only.length === 0) return profile;
  const tell = (row: Profile["rows"][number], field: Field) =>
    textOf(row[field.index] ?? null, field, language);
  const fieldOf = (pick: Pick) => profile.fields[pick.column];
  const wanted = Map.groupBy(only, (pick) => pick.column);
  const rows = profile.rows.filter((row) => {
    const left = without.some((pick) => {
      const field = fieldOf(pick);
      return field !== undefined && tell(row, field) === pick.text;
    });
    const chosen = [...wanted].every(([column, picks]) => {
      const field = profile.fields[column];
      return field === undefined || picks.some((pick) => tell(row, field) === pick.text);
    });
    return chosen && !left;
  });
  return {
    ...profile,
    rows,
    rowCount: profile.rowCount - (profile.rows.length - rows.length),
    fields: profile.fields.map((field) => measureField(field, rows)),
  };
}
