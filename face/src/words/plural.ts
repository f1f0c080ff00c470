/** The word for one, or for any other count: both languages need no third. */
export const plural = (count: number, one: string, many: string): string =>
  count === 1 ? one : many;
