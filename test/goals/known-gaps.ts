/**
 * Goals that a person may rightly ask and that Keiko does not understand yet, with what is missing.
 * The test asserts that each is refused: a gap is never filled with a wrong answer. Once one is
 * answered, it leaves this list.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  "Wie viele Tage hatten ein temp_min unter 0, und wie tief war der tiefste Wert von temp_min?":
    "„wie tief“ is not read as a question for a low figure",
  "Von wann bis wann reichen die Daten (Year)?":
    "a range of dates is not asked for by „von wann bis wann“",
  "Welches Auto beschleunigt am langsamsten?":
    "a verb is not led back to its column, and slow is not the far end of acceleration",
  "Please rank the ten poorest countries by income":
    '"poorest" and "rank … by" are not read together',
  "Is gas related to miles? Show the correlation coefficient":
    '"related to" is not read as a correlation',
  "When did the index peak?": '"peak" is not read as the highest, nor the index as the price',
  "Welches Bakterium braucht am meisten Neomycin?": "„Bakterium“ is not read as Bacteria",
  "number of flights per month from LAX to any destination starting with S":
    '"from" is not read as origin',
  "Maximale Distanz und mittlere Distanz der Flüge ab SFO": "„ab“ is not read as origin",
  "List the five strongest earthquakes by mag": "the five strongest of each kind instead of all",
  "how many people were aged 20 to 30?": '"aged 20 to 30" is not read as a range of age',
  "Anzahl der Personen pro Tag": "„Personen“ is not read as the rows",
  "Medianes Alter der Männer, die nicht Black waren":
    "„Männer“ and „nicht Black“ together pick a value that nobody named",
  "In wie vielen Monaten war nonfarm_change negativ?": "„negativ“ is not read as below zero",
  "Who started in 1625?": "a column of years that is called start is not read as one",
  "Welche Namen haben einen start vor 1650?":
    "a column of years that is called start is not read as one",
  "how many monarchs started after 1700":
    "a column of years that is called start is not read as one",
  "Wie viele Spiele gab es 2015 in der Deutschen Bundesliga?": "„Spiele“ is not read as the rows",
  "Anzahl Spiele pro Monat in der Serie A im Jahr 2016 als Balken":
    "„Spiele“ is not read as the rows",
  "How many matches ended with an away score of 0 in May 2014?":
    '"of 0" is not read as equal to zero',
  "Grüezi, könnten Sie mir bitte sagen, wieviel Stück Bagel in Köln verkauft wurden?":
    "a Swiss greeting is not passed over, nor „Stück“ read as a quantity",
  "total price of the cancelled bookings": '"bookings" is taken for an order',
  "Durchschnittspreis pro Gast, teuerste zuerst": "„teuerste zuerst“ is not read as an order",
  "90. Perzentil vom Messwert": "one column of decimal commas is read as two columns",
  "Draw a histogram of the values": "one column of decimal commas is read as two columns",
};
