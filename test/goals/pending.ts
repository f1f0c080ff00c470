/** Goals with a wrong answer as yet; the tests leave them out, and `score.ts` counts them. */
export const pending: Readonly<Record<string, string>> = {
  "Summe 2020": "answered in English",
  "Mittelwert?": "one column of decimal commas is read as two columns",
  "Standardabweichung der Messwerte": "one column of decimal commas is read as two columns",
  "Gibt es Ausreisser?": "one column of decimal commas is read as two columns",
  "Wie viele Messwerte liegen zwischen 12 und 13?":
    "one column of decimal commas is read as two columns",
  "median and range of Messwert": "one column of decimal commas is read as two columns",
  "Wie viele Spalten hat die Tabelle?":
    "answered as a task, but AnswerQuestion asked directly counts the rows",
  "Gib mir die Namen der Piloten": "the refusal names „Namen“ and not „Piloten“",
  "Who was responsible for the riots?": 'the refusal does not name "responsible"',
};
