/** Goals with a wrong answer as yet; the tests leave them out, and `score.ts` counts them. */
export const pending: Readonly<Record<string, string>> = {
  "Wie viele verschiedene Regisseure (Director) kommen vor?":
    "counts the directors of each director, as the column in brackets makes a group",
  "which region has the most people?": "takes the largest country of a region instead of the sum",
  "how many gram-negative bacteria are there": "counts per bacterium instead of all",
  "Top 10 Flughäfen nach Anzahl der Vogelschläge": "„Vogelschläge“ is not read as the rows",
  "Wie viele Flughäfen gibt es in TX und CA?": "„in“ is taken for the state IN",
  "how many airports have International in their name?":
    "looks for a name that is International, not for one that contains it",
  "Wieviele Flughäfen liegen nicht in den USA?": "„in“ is taken for the state IN",
  "Zeige alle Flughäfen in HI, sortiert nach name": "„in“ is taken for the state IN",
  "List the five strongest earthquakes by mag": "the five strongest of each kind instead of all",
  "In which month was construction at its lowest?":
    "a month of the year instead of the month itself",
  "Wie hoch war die durchschnittliche Rate in Construction von 2005 bis 2007?":
    "„von 2005 bis 2007“ takes only 2005",
  "In what month was disease highest?": "a month of the year instead of the month itself",
  "Umsatz mit Tee und Kakao zusammen im ersten Quartal 2024": "„zusammen“ is passed over",
  "Summe 2020": "answered in English",
  "Mittelwert?": "one column of decimal commas is read as two columns",
  "Standardabweichung der Messwerte": "one column of decimal commas is read as two columns",
  "Gibt es Ausreisser?": "one column of decimal commas is read as two columns",
  "Wie viele Messwerte liegen zwischen 12 und 13?":
    "one column of decimal commas is read as two columns",
  "median and range of Messwert": "one column of decimal commas is read as two columns",
  "How many respondents are older than 50?": "the mean of a number that only names a person",
  "Wie viele Spalten hat die Tabelle?":
    "answered as a task, but AnswerQuestion asked directly counts the rows",
  "What percentage of the respondents is female?": "adds up a number that only names a person",
  "Gib mir die Namen der Piloten": "the refusal names „Namen“ and not „Piloten“",
};
