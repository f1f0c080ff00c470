// What a change did, in one sentence, and why one was not made.

import type { Choice, Refusal } from "./choose.ts";
import type { Language } from "./language/language.ts";
import type { Wish } from "./wish.ts";

/** One clause for each thing that was asked for and is so now. */
export function sayChange(now: Wish, after: Choice, before: Choice, language: Language): string {
  const { change, markNames } = language.say;
  const clauses = [
    ...(after.mark !== before.mark || now.mark ? [change.mark(markNames[after.mark])] : []),
    ...(now.arrangement ? [change[now.arrangement]] : []),
    ...(now.scale ? [after.log ? change.log : change.linear] : []),
    ...(now.sort ? [change.sort(now.sort)] : []),
    ...(now.limit ? [change.limit(now.limit)] : []),
    ...(now.limit === null ? [change.all] : []),
    ...(now.orientation ? [change[now.orientation]] : []),
    ...(now.swap ? [change.swap] : []),
    ...(now.trend === undefined ? [] : [now.trend ? change.trend : change.noTrend]),
    ...(after.panel ? (now.panels ? [change.panels(after.panel.label)] : []) : []),
    ...(now.panels === null ? [change.onePanel] : []),
    ...(now.colour ? [change.colour(now.colour.label)] : []),
    ...(now.colour === null ? [change.noColour] : []),
    ...(now.without ? [change.without(language.join(now.without.map((pick) => pick.text)))] : []),
    ...(now.only ? [change.only(language.join(now.only.map((pick) => pick.text)))] : []),
    ...(now.zero === undefined ? [] : [now.zero ? change.zero : change.noZero]),
    ...(now.numbers === undefined ? [] : [now.numbers ? change.numbers : change.noNumbers]),
    ...(now.title ? [change.title(now.title)] : []),
  ];
  const shown = after.values.map((field) => field.label).join(", ");
  const columns = [after.x?.label ?? "", after.series?.label ?? ""].filter((text) => text !== "");
  const told = clauses.length > 0 ? clauses : [change.columns(shown, language.join(columns))];
  const instead = now.instead && language.say.reason.instead(now.instead, markNames[after.mark]);
  return instead ? `${instead} ${change.sentence(told)}` : change.sentence(told);
}

export const refuseChange = {
  /** No word of it says anything that can be changed. */
  unknown(language: Language): Refusal {
    const { unknown, suggestions } = language.say.refusal;
    return { ...unknown, field: "wish", metadata: {}, suggestions: [...suggestions.change] };
  },
  /** The figures of the chart do not allow it. */
  denied({ what, why }: NonNullable<Choice["denied"]>, language: Language): Refusal {
    const { refusal } = language.say;
    return {
      ...refusal.denied(what, why),
      field: "wish",
      metadata: { what, why },
      suggestions: [...refusal.suggestions.change],
    };
  },
  /** Nothing is left to draw: every row was taken out. */
  empty(refusal: Refusal, language: Language): Refusal {
    const { nothingLeft, suggestions } = language.say.refusal;
    return { ...refusal, ...nothingLeft, field: "wish", suggestions: [...suggestions.change] };
  },
};
