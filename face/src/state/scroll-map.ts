// Browsers cap the height of an element at some ten million pixels, which a million rows exceed.
// So the box that scrolls is at most this high, and the place in the list is kept apart from its
// scroll position: small movements are taken one to one, so that rows move with the finger; large
// ones (the scroll bar, End) by proportion.

export const heightMax = 6_000_000;

export interface ScrollPlace {
  /** Scroll position of the box, in pixels. */
  top: number;
  /** Pixels of the list above the upper edge of the window, had it its full height. */
  place: number;
}

export interface ScrollSizes {
  /** Height of the list, had it its full height. */
  full: number;
  /** Height of the window onto it. */
  view: number;
}

export const boxHeight = ({ full }: ScrollSizes): number => Math.min(full, heightMax);

/** Where one is after the box has scrolled to `top`. */
export function scrolled(before: ScrollPlace, top: number, sizes: ScrollSizes): ScrollPlace {
  const { full, view } = sizes;
  const most = Math.max(0, full - view);
  if (full <= heightMax) return { top, place: Math.min(top, most) };
  const step = top - before.top;
  const place = Math.abs(step) <= view * 2 ? before.place + step : top * ratioOf(sizes);
  return { top, place: Math.max(0, Math.min(most, place)) };
}

/** The scroll position that fits the place; setting it moves no row. */
export const settled = (place: number, sizes: ScrollSizes): ScrollPlace => ({
  place,
  top: sizes.full <= heightMax ? place : place / ratioOf(sizes),
});

const ratioOf = (sizes: ScrollSizes): number =>
  Math.max(0, sizes.full - sizes.view) / Math.max(1, boxHeight(sizes) - sizes.view);
