import { expect, test } from "vitest";
import { boxHeight, heightMax, scrolled, settled } from "./scroll-map.ts";

const short = { full: 10_000, view: 500 };
const long = { full: 33_000_000, view: 500 };

test("a list that fits scrolls as it is", () => {
  expect(boxHeight(short)).toBe(10_000);
  expect(scrolled({ top: 0, place: 0 }, 4000, short)).toEqual({ top: 4000, place: 4000 });
  expect(settled(4000, short).top).toBe(4000);
});

test("in a list that does not fit a finger moves rows one to one", () => {
  expect(boxHeight(long)).toBe(heightMax);
  expect(scrolled({ top: 1000, place: 9000 }, 1100, long).place).toBe(9100);
});

test("and the bar reaches every row, the last one too", () => {
  const end = scrolled({ top: 0, place: 0 }, heightMax - long.view, long);
  expect(end.place).toBeCloseTo(long.full - long.view, 3);
  expect(scrolled(end, 0, long).place).toBe(0);
});

test("putting the bar where it belongs moves no row", () => {
  const at = { top: 1100, place: 9100 };
  const after = settled(at.place, long);
  expect(after.place).toBe(9100);
  expect(scrolled(after, after.top, long).place).toBe(9100);
});
