/**
 * Goals that a person may rightly ask and that Keiko does not understand yet, with what is missing.
 * The test asserts that each is refused: a gap is never filled with a wrong answer. Once one is
 * answered, it leaves this list.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  "what % of days were sunny?": "the sign % is not read as a share",
  "Wie stark hängen temp_max und temp_min zusammen?":
    "„hängen zusammen“ is not read as a correlation",
  "Wie viele Tage hatten ein temp_min unter 0, und wie tief war der tiefste Wert von temp_min?":
    "„wie tief“ is not read as a question for a low figure",
  "Pls give me the 95th percentile of precipitation in New York": '"pls" is not read as please',
  "Höchster Luftdruck (pressure) pro Quartal":
    "a column in brackets after its German name is one word too many",
  "Von wann bis wann reichen die Daten (Year)?":
    "a range of dates is not asked for by „von wann bis wann“",
  "Welches Auto beschleunigt am langsamsten?":
    "a verb is not led back to its column, and slow is not the far end of acceleration",
  "Wie viele unterschiedliche Automodelle (Name) gibt es?":
    "„unterschiedliche“ next to a column in brackets is not read",
  "Wie viele Filme beginnen mit „The“?":
    "„beginnen mit“ does not look for a text without its column",
  "Please rank the ten poorest countries by income":
    '"poorest" and "rank … by" are not read together',
  "Wieviele Länder haben mehr als 100 Mio. Einwohner?":
    "„100 Mio.“ is not read as one number, nor Einwohner as population",
  "Is gas related to miles? Show the correlation coefficient":
    '"related to" is not read as a correlation',
  "When did the index peak?": '"peak" is not read as the highest, nor the index as the price',
  "Is there a linear trend in price over time? Give me the R²": '"R²" in a question is not read',
  "Welche Sorte brachte im Schnitt den höchsten Ertrag?": "„brachte“ is not read as having",
  "Lineare Steigung der wages über die Jahre": "„lineare Steigung“ is not read as a trend",
  "Welches Bakterium braucht am meisten Neomycin?": "„Bakterium“ is not read as Bacteria",
  "strikes per year, drawn as a line chart": '"drawn as" is not read as a wish for a chart',
  "average speed in knots during approach": "the unit in the middle of a column's name is not read",
  "Anteil je Time of day in Prozent": "„in Prozent“ after a share without a figure is not read",
  "What percentage of all strikes caused substantial damage?":
    '"caused" is taken for a question why',
  "Wie viele Einträge haben keine Geschwindigkeit (Speed IAS)?":
    "a column in brackets after its German name is one word too many",
  "number of flights per month from LAX to any destination starting with S":
    '"from" is not read as origin',
  "Maximale Distanz und mittlere Distanz der Flüge ab SFO": "„ab“ is not read as origin",
  "Group distance into bins of 500 miles and count the flights":
    '"group … into bins of" is not read as bins',
  "Anzahl der Jahre mit mehr als 100'000 Toten bei All natural disasters":
    "the Swiss 100'000 is not read as one number",
  "average age of the victims by race": '"victims" is not read as the rows',
  "how many people were aged 20 to 30?": '"aged 20 to 30" is not read as a range of age',
  "Anzahl der Personen pro Tag": "„Personen“ is not read as the rows",
  "Zähle nach type und gender": "„zähle“ is not read as a count",
  "Oldest victim in Koreatown?": '"victim" is not read as the row',
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
  "Wie hat sich der Umsatz von 2024 auf 2025 verändert?":
    "a change from one year to another is not read",
  "Wie viele verschiedene Produkte verkaufen wir?": "„verkaufen“ is taken for an order",
  "Grüezi, könnten Sie mir bitte sagen, wieviel Stück Bagel in Köln verkauft wurden?":
    "a Swiss greeting is not passed over, nor „Stück“ read as a quantity",
  "total price of the cancelled bookings": '"bookings" is taken for an order',
  "Any duplicate rows in this sheet?": '"sheet" is not read as the table',
  "Wie viele Buchungen haben ein Arrival nach dem 15. Juni 2025?":
    "„Buchungen“ is not read as the rows, though a column is called Booking",
  "Anzahl Buchungen je Monat nach „Booked on“":
    "„Buchungen“ is not read as the rows, though a column is called Booking",
  "Durchschnittspreis pro Gast, teuerste zuerst": "„teuerste zuerst“ is not read as an order",
  "90. Perzentil vom Messwert": "one column of decimal commas is read as two columns",
  "Draw a histogram of the values": "one column of decimal commas is read as two columns",
  "median income in EUR by education": "the unit apart from its column is not read",
  "Wie viele Befragte haben kein income_eur angegeben?":
    "„Befragte“ is not read as the rows, nor „angegeben“ as not missing",
};
