/** What was odd while reading, in both languages: it is found when nobody has asked anything yet. */
export interface Warning {
  readonly en: string;
  readonly de: string;
}

/** Values in a list that stays readable: the first ten. */
export function firstFew(values: readonly (string | number)[]): string {
  return values.slice(0, 10).join(", ") + (values.length > 10 ? ", …" : "");
}
