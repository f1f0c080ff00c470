// A cell as the name of a category or series, in the words of the language.

import { formatNumber, formatTime, numberStyle } from "./format.ts";
import type { Language } from "./language/language.ts";
import type { Field, Value } from "./profile.ts";

export function textOf(value: Value, field: Field, language: Language): string {
  const { say } = language;
  if (value === null || value === "") return say.missing;
  if (typeof value === "boolean") return say.truth[value ? 1 : 0];
  if (typeof value === "string") return value;
  if (field.kind !== "time")
    return formatNumber(value, numberStyle([value], language, "largest"), language);
  return field.number ? String(value) : formatTime(value, field.grain ?? "day", language);
}
