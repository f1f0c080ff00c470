/**
 * Goals that a person may rightly ask and that Keiko does not understand yet, with what is missing.
 * The test asserts that each is refused: a gap is never filled with a wrong answer. Once one is
 * answered, it leaves this list.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  "Von wann bis wann reichen die Daten (Year)?":
    "a range of dates is not asked for by „von wann bis wann“",
  "Welches Auto beschleunigt am langsamsten?":
    "a verb is not led back to its column, and slow is not the far end of acceleration",
  "Is gas related to miles? Show the correlation coefficient":
    '"related to" is not read as a correlation',
  "Welches Bakterium braucht am meisten Neomycin?": "„Bakterium“ is not read as Bacteria",
  "Who started in 1625?": "„started“ is no word of the column start",
  "How many matches ended with an away score of 0 in May 2014?":
    '"of 0" is not read as equal to zero',
  "Draw a histogram of the values": "„the values“ names no column, also where there is only one",
  "welches Produkt läuft in München am schlechtesten, gemessen an der verkauften Menge":
    "„gemessen an“ does not name what is ranked by",
  "Wie viel ergibt 2024 über alle Bundesländer zusammen?":
    "„über alle … zusammen“ is not told from a grouping",
  "Durchschnitsalter nach Bildungsabschluss, absteigend sortiert":
    "a slip inside a compound is not put right",
  "Wie viele Teilnehmer haben ihr Einkommen nicht angegeben?":
    "„nicht angegeben“ is not read as missing",
  "Hängen Flossenlänge und Körpergewicht bei den Pinguinen zusammen?":
    "„hängen … zusammen“ is only heard with „wie“ before it",
  "Wie hoch war die Arbeitslosenquote im Bereich Construction maximal, und wann war das?":
    "„maximal“ behind the figure, and what „das“ refers to",
  "Which stock reached the highest price of all, and when?":
    "a second question that asks when of the first",
  "Rank the industries by their average unemployment rate in 2009":
    '"rank" with "by their" is not read as an order',
  "Does the file contain duplicate bookings, and if so how many?":
    "the file itself is not taken for the subject",
  "What was the median wheat price from 1600 through 1700?":
    "the price of wheat is in a column called wheat",
};
