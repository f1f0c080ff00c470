/** Chance that can be repeated (mulberry32): the same seed draws the same again. */
export interface Chance {
  /** From 0, below `below`. */
  index(below: number): number;
  of<T>(from: readonly T[]): T;
  /** True in so many of 100 draws. */
  percent(share: number): boolean;
}

export function chanceOf(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const index = (below: number) => Math.floor(next() * below);
  return {
    index,
    of: (from) => from[index(from.length)]!,
    percent: (share) => next() * 100 < share,
  };
}
