/** Goals with a wrong answer as yet; the tests leave them out, and `score.ts` counts them. */
export const pending: Readonly<Record<string, string>> = {
  "Summe 2020": "answered in English",
  "Mittelwert?": "one column of decimal commas is read as two columns",
};
