// The line above a chart.

import type { Choice } from "./choose.ts";
import type { Language } from "./language/language.ts";
import type { Field, Profile } from "./profile.ts";

const LETTERS_MAX = 300;
const COMPUTED = /^(count|pairs|points)$|\(.*\)$/i;

/** As asked; else the table's own, unless it is a file's name or says no more than the column. */
export function titleOf(choice: Choice, profile: Profile, language: Language): string {
  return (choice.title ?? made(choice, profile, language)).slice(0, LETTERS_MAX);
}

function made({ mark, x, values, series, panel }: Choice, profile: Profile, language: Language) {
  const { title } = language.say;
  const given = profile.title.trim();
  const says = given.toLowerCase() !== values[0].label.toLowerCase();
  // The title of an answer names all its figures; a chart of only some needs one of its own.
  const whole = profile.fields.every(
    (field) => field.kind !== "measure" || values.includes(field) || !COMPUTED.test(field.name),
  );
  if (whole && given !== "" && says && !/\.[a-z0-9]{1,8}$/i.test(given)) return capital(given);
  const five = mark === "box" && values.length === 5;
  const value =
    values.length > 1 && x !== null && !five
      ? (commonLabel(values) ?? listed(values, language))
      : five
        ? (commonLabel(values) ?? title.distribution(values[2]?.label ?? ""))
        : values[0].label;
  const groups = [series, panel].filter((field) => field !== null).map((field) => field.label);
  if (mark === "histogram") return title.distribution(value);
  if (x === null) return mark === "box" ? title.distribution(value) : listed(values, language);
  if (mark === "point" && x.kind !== "category") return title.against(value, x.label);
  if ((mark === "line" || mark === "area") && x.kind === "time" && groups.length === 0)
    return title.overTime(value);
  return title.by(value, language.join([x.label, ...groups].map(language.say.inside)));
}

function listed(values: readonly Field[], language: Language): string {
  return language.join(values.map((value) => value.label));
}

/** The words that all labels share: "Temperature" of "Highest temperature" and "Temperature low". */
export function commonLabel(values: readonly Field[]): string | null {
  const words = (label: string): string[] => label.match(/[\p{L}\p{N}&/'’.-]+/gu) ?? [];
  const [first, ...others] = values;
  const shared = words(first?.label ?? "").filter((word) =>
    others.every(({ label }) => words(label).some((w) => w.toLowerCase() === word.toLowerCase())),
  );
  return shared.some((word) => /\p{L}{4,}/u.test(word)) ? capital(shared.join(" ")) : null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
