/**
 * Goals that a person may rightly ask and that Keiko does not understand yet, with what is missing.
 * The test asserts that each is refused: a gap is never filled with a wrong answer. Once one is
 * answered, it leaves this list.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  "Welches Auto beschleunigt am langsamsten?":
    "a verb is not led back to its column, and slow is not the far end of acceleration",
  "Durchschnitsalter nach Bildungsabschluss, absteigend sortiert":
    "a slip inside a compound is not put right",
  "Which 5 cars turn out to be the fastest accelerating ones?":
    "fast is the low end of this acceleration, which no table says",
  "longest it rained in one day, i.e. the max precipitation, and when was that?":
    '"i.e." puts a question in other words',
  "Which industry is hit hardest by unemployment, judging by the mean rate?":
    '"hardest" speaks of no column',
  "How many games ended in a draw with zero goals each, i.e. home score 0 and away score 0?":
    '"i.e." puts a question in other words',
  "In which month did most soldiers die of disease?": '"soldiers" is no word of the table',
  "how does the number of movies break down by decade of... no wait, just by rating":
    "a person who changes their mind",
  "How much does yield vary (std dev) between varieties?": "a figure in brackets after a verb",
  "what's the ratio of CO2 in 2015 to CO2 in 1965?": "two figures are not divided by each other",
  "Wie viele Bagel sind in Leipzig insgesamt über den Tresen gegangen?":
    "„über den Tresen gehen“ is not known as a way to say that something is sold",
  "How many died of disease in total, and what was the worst month's figure?":
    '"died of" is not led to the column disease, nor "worst" to its highest figure',
  "Bei wie vielen Spielen hat die Auswärtsmannschaft mehr Tore geschossen als die Heimmannschaft?":
    "two columns of one row are not compared with each other",
  "Was hat Weizen zwischen 1700 und 1800 im Durchschnitt gekostet?":
    "a verb of price is not led to a column that is called by what is sold",
  "How many different airports do these flights start from?":
    'airports are not seen to be what "origin" holds',
  "By how many miles a year has driving gone up on average?":
    "the mean of changes is not told from the change of means",
  "From where to where do the most flights go, and how many?":
    '"from where to where" is not read as both columns',
  "Welches Bundesland hatte 2021 die wenigsten Nächtigungen?":
    "nothing in the table says what its figures count",
  "Wie viele starben insgesamt an Krankheiten und wie viele an Wunden?":
    "to die of something is not led to the column that counts its dead",
  "linear trend of miles over the years, how many more miles each year?":
    "a trend is not asked for a second time in other words",
  "Wie viele Soldaten starben insgesamt durch disease und wie viele durch wounds?":
    "who died is not led to the columns that count the dead",
  "Before I start: how many missing values are there in each column?":
    "a preface in words that say nothing here is not told from a condition",
  "Average trading volume per quarter in 2008":
    '"trading" is no word of the table, nor known to say nothing beside a volume',
  "Welches Bundesland hatte 2024 die wenigsten Nächtigungen?":
    "nothing in the table says what its figures count",
  "Wie viele Übernachtungen gab es insgesamt 2019 und wie viele 2020?":
    "nothing in the table says what its figures count",
  "Wie viele Soldaten sind 1855 an Krankheiten (disease) gestorben?":
    "who died is not led to the columns that count the dead",
};
