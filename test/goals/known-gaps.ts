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
  "Who started in 1625?": "a column of years that is called start is not read as one",
  "How many matches ended with an away score of 0 in May 2014?":
    '"of 0" is not read as equal to zero',
  "Draw a histogram of the values": "one column of decimal commas is read as two columns",
};
