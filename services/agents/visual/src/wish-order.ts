// How many marks a wish asks for, and in which order.

import type { Heard } from "./heard.ts";
import type { Limit, Sort } from "./wish.ts";

const NEAR = 2;
const COUNT_MAX = 1000;
const COUNT_USUAL = 10;

/** "Top 5", "nur die fünf kleinsten", "only 3"; null for "all of them". */
export function readLimit(heard: Heard): Limit | null | undefined {
  const { words, language } = heard;
  const top = heard.places("top");
  const bottom = heard.places("bottom");
  const only = heard.places("only");
  for (const [at, word] of words.entries()) {
    const count = countOf(word, language.wish.numbers);
    if (count === null) continue;
    const near = (places: readonly number[]) =>
      places.some((place) => Math.abs(place - at) <= NEAR);
    const after = only.some((place) => at > place && at - place <= NEAR);
    if (near(bottom)) return { count, end: "bottom" };
    if (near(top) || after) return { count, end: "top" };
  }
  const alone = only.some((place) => top.some((at) => at > place && at - place <= NEAR));
  if (alone) return { count: COUNT_USUAL, end: "top" };
  return heard.says("all") ? null : undefined;
}

function countOf(word: string, numbers: readonly string[]): number | null {
  if (/^\d{1,4}$/.test(word)) {
    const count = Number(word);
    return count >= 1 && count <= COUNT_MAX ? count : null;
  }
  const at = numbers.indexOf(word);
  return at < 0 ? null : at + 1;
}

/** "Sort by name", "absteigend", "largest first"; the value where nothing else is named. */
export function readSort(heard: Heard): Sort | undefined {
  const { mentions } = heard;
  const [sorting] = heard.places("sort");
  if (heard.says("givenOrder")) return { by: "given", descending: false };
  const rising = heard.says("ascending");
  const falling = heard.says("descending");
  const named = heard.says("alphabetical") || (sorting !== undefined && heard.says("byName"));
  const mentioned = mentions.find(
    ({ positions }) => sorting !== undefined && Math.min(...positions) > sorting,
  );
  const key = mentioned?.field.kind;
  const byName = named || (key !== undefined && key !== "measure" && !heard.says("byValue"));
  if (byName) return { by: "name", descending: falling };
  if (sorting === undefined && !rising && !falling) return undefined;
  return { by: "value", descending: !rising };
}
