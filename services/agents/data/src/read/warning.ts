import type { Said } from "../failure.ts";

/** What was odd while reading, in both languages: it is found when nobody has asked anything yet. */
export type Warning = Said;

/** Values in a list that stays readable: the first ten. */
export function firstFew(values: readonly (string | number)[]): string {
  return values.slice(0, 10).join(", ") + (values.length > 10 ? ", …" : "");
}
