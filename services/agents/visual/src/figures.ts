// What each figure of a picture stands for, in words: said when somebody points at it.

import { formatCount } from "./format.ts";
import type { Language } from "./language/language.ts";
import { placeOf, up, write } from "./marks/told.ts";
import { hasWhiskers, type Picture } from "./picture.ts";

export interface Figure {
  readonly label: string;
  readonly value: string;
}

const LETTERS_MAX = 300;

/** In the order in which the data of the specification numbers them. */
export function figuresOf(picture: Picture, language: Language): Figure[] {
  const { bins, points, x, y } = picture;
  const cut = (text: string) =>
    text.length > LETTERS_MAX ? `${text.slice(0, LETTERS_MAX - 1)}…` : text;
  if (bins.length > 0) {
    return bins.map(({ from, to, count, panel }) => {
      const range = language.say.fromTo(write(from, x, language), write(to, x, language));
      const label = panel === "" ? range : `${panel}, ${range}`;
      return { label: cut(label), value: formatCount(count, language) };
    });
  }
  return points.map((point) => {
    const label = cut(placeOf(point, picture, language));
    const say = (value: number) => write(value, y, language);
    if (point.five) {
      const [low, lower, median, upper, high] = point.five;
      if (!hasWhiskers(picture))
        return { label, value: cut(language.say.three(say(median), say(lower), say(upper))) };
      const text = language.say.five(say(median), say(lower), say(upper), say(low), say(high));
      return { label, value: cut(text) };
    }
    if (point.low !== undefined)
      return { label, value: cut(language.say.fromTo(say(point.low), say(point.y))) };
    return { label, value: cut(up(point, picture, language)) };
  });
}
