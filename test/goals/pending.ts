/** Goals with a wrong answer as yet, and why; the tests leave them out, and `score.ts` counts them. */
export const pending: Readonly<Record<string, string>> = {};
