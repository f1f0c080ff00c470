/** Goals as German speakers put them who know the table and nothing of the grammar. */
import {
  countPer,
  deviation,
  distinct,
  growth,
  inOrder,
  key,
  line,
  meanPer,
  missing,
  monthOf,
  of,
  pairs,
  shares,
  size,
  steps,
  sumPer,
  where,
  winner,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, median, min, monthsDe, numbers, perGroup, sum, top } from "../source.ts";
import { figureOf, is, numberIn, rowsIn, textIn, topRows, year } from "./strangers.ts";

const sales = asking("umsatz.csv");
const wide = asking("breit.csv");
const measured = asking("messwerte.csv");
const bookings = asking("messy-dates.csv");
const survey = asking("survey-100.csv");
const cars = asking("cars.json");
const movies = asking("movies.json");
const penguins = asking("penguins.json");
const seattle = asking("seattle-weather.csv");
const stocks = asking("stocks.csv");
const strikes = asking("birdstrikes.csv");
const disasters = asking("disasters.csv");
const countries = asking("gapminder.json");
const industries = asking("unemployment-across-industries.json");
const barley = asking("barley.json");
const iowa = asking("iowa-electricity.csv");
const jobs = asking("jobs.json");
const airports = asking("airports.csv");
const riots = asking("la-riots.csv");
const people = asking("lookup_people.csv");
const temperature = asking("global-temp.csv");
const football = asking("football.json");

const monthName = (column: string) => (row: Parameters<ReturnType<typeof key>>[0]) =>
  monthsDe[Number(monthOf(column)(row).slice(5)) - 1]!;

export const strangersGerman: readonly Goal[] = [
  sales.de("Sag mal, welche Filiale hat 2025 am meisten eingenommen?", (rows) =>
    winner(sumPer(where(rows, year("Datum", "2025")), key("Filiale"), "Umsatz")),
  ),
  sales.de("Ich würde gern wissen, wie sich der Umsatz auf die Produkte verteilt.", (rows) => [
    { groups: sumPer(rows, key("Produkt"), "Umsatz") },
    { groups: shares(sumPer(rows, key("Produkt"), "Umsatz")), share: true },
  ]),
  sales.de(
    "Um wie viel Prozent ist der Umsatz von 2024 auf 2025 gestiegen bzw. gefallen?",
    (rows) => {
      const years = sumPer(rows, yearOf("Datum"), "Umsatz");
      return { said: [growth(years["2025"]!, years["2024"]!)], share: true, change: true };
    },
  ),
  sales.de("Verkaufte Menge Tee je Filiale, größte zuerst", (rows) => {
    const groups = sumPer(where(rows, is("Produkt", "Tee")), key("Filiale"), "Menge");
    return { groups, series: Object.values(top(groups, 9)) };
  }),
  sales.de("Was war der umsatzstärkste Tag überhaupt?", (rows) => {
    const [[day = "", most = 0] = []] = Object.entries(
      top(
        perGroup(rows, (row) => textIn(row, "Datum"), of("Umsatz", sum)),
        1,
      ),
    );
    return {
      figures: [most],
      names: [[day, day.split("-").reverse().join("."), "16. September 2025"]],
    };
  }),
  sales.de("Wie teuer war ein Bagel im Schnitt, also Umsatz geteilt durch Menge?", (rows) => {
    const bagels = where(rows, is("Produkt", "Bagel"));
    return { figures: [of("Umsatz", sum)(bagels) / of("Menge", sum)(bagels)] };
  }),
  sales.de("Wieviele Verkäufe von Kaffee gab's in Leipzig?", (rows) => [
    { figures: [rowsIn(rows, { Produkt: "Kaffee", Filiale: "Leipzig" }).length] },
    { figures: [of("Menge", sum)(rowsIn(rows, { Produkt: "Kaffee", Filiale: "Leipzig" }))] },
  ]),
  sales.de("Wie sieht die Entwicklung des Umsatzes Monat für Monat aus?", (rows) => ({
    groups: sumPer(rows, monthOf("Datum"), "Umsatz"),
  })),
  wide.de("Welches Bundesland liegt 2019 an der Spitze?", (rows) =>
    winner(figureOf(rows, "Bundesland", "2019")),
  ),
  wide.de("Wie stark ist Tirol zwischen 2015 und 2019 gewachsen?", (rows) => {
    const [tirol] = where(rows, is("Bundesland", "Tirol"));
    const [before, after] = [numberIn(tirol!, "2015"), numberIn(tirol!, "2019")];
    return [{ said: [after - before] }, { said: [growth(after, before)], share: true }];
  }),
  measured.de("Wie groß ist die Streuung der Messwerte?", (rows) => {
    const values = numbers(rows, "Messwert");
    return [
      { figures: [deviation(values, "sample")] },
      { figures: [deviation(values, "population")] },
    ];
  }),
  measured.de("kleinster und größter gemessener Wert", (rows) => ({
    figures: [of("Messwert", min)(rows), of("Messwert", max)(rows)],
  })),
  bookings.de("Wie viele Buchungen wurden storniert?", (rows) => ({
    figures: [size(where(rows, is("Status", "cancelled")))],
  })),
  bookings.de("Wie lange bleiben die Gäste durchschnittlich, in Nächten?", (rows) => ({
    figures: [of("Nights", mean)(rows)],
  })),
  survey.de("Wie alt sind die Befragten im Mittel, getrennt nach Land?", (rows) => ({
    groups: meanPer(rows, key("country"), "age"),
  })),
  survey.de("Bei wie vielen Personen fehlt das Einkommen?", (rows) => ({
    figures: [size(where(rows, missing("income_eur")))],
  })),
  survey.de("Verdienen Männer mehr als Frauen?", (rows) => {
    const groups = meanPer(rows, key("gender"), "income_eur");
    return { said: [groups.male!, groups.female!] };
  }),
  cars.de("Ich suche das sparsamste Auto – welches ist das?", (rows) => ({
    names: topRows(rows, "Name", "Miles_per_Gallon", 1).map(([name]) => name),
    figures: [of("Miles_per_Gallon", max)(rows)],
  })),
  cars.de("Wieviel PS haben japanische Autos durchschnittlich?", (rows) => ({
    figures: [of("Horsepower", mean)(where(rows, is("Origin", "Japan")))],
  })),
  cars.de("Gibt es einen Zusammenhang zwischen Gewicht und Verbrauch?", (rows) => ({
    said: [line(pairs(rows, "Weight_in_lbs", "Miles_per_Gallon")).correlation],
  })),
  cars.de("Wie verteilen sich die Autos auf die Anzahl der Zylinder?", (rows) => [
    { groups: countPer(rows, key("Cylinders")) },
    { groups: shares(countPer(rows, key("Cylinders"))), share: true },
  ]),
  cars.de("Zeig mir alle Autos mit mehr als 200 PS, sortiert nach Leistung absteigend", (rows) => ({
    rows: size(where(rows, (row) => numberIn(row, "Horsepower") > 200)),
    series: numbers(rows, "Horsepower")
      .filter((power) => power > 200)
      .sort((a, b) => b - a),
  })),
  movies.de("Welcher Regisseur hat die meisten Filme gedreht?", (rows) =>
    winner(
      countPer(
        where(rows, (row) => row.Director !== null),
        key("Director"),
      ),
    ),
  ),
  movies.de("Bei wie vielen Filmen steht kein Regisseur dabei?", (rows) => ({
    figures: [size(where(rows, missing("Director")))],
  })),
  movies.de("Wie hoch ist das mittlere Produktionsbudget von Komödien?", (rows) => ({
    figures: [of("Production Budget", mean)(where(rows, is("Major Genre", "Comedy")))],
  })),
  penguins.de("Wie viele Pinguine leben auf den einzelnen Inseln?", (rows) => ({
    groups: countPer(rows, key("Island")),
  })),
  penguins.de("Welche Art ist im Durchschnitt am schwersten und wie schwer ist sie?", (rows) =>
    winner(meanPer(rows, key("Species"), "Body Mass (g)")),
  ),
  penguins.de("Prozentualer Anteil der Weibchen", (rows) => [
    { figures: [size(where(rows, is("Sex", "FEMALE"))) / rows.length], share: true },
    {
      figures: [
        size(where(rows, is("Sex", "FEMALE"))) /
          size(where(rows, (row) => row.Sex === "FEMALE" || row.Sex === "MALE")),
      ],
      share: true,
    },
    {
      figures: [
        size(where(rows, is("Sex", "FEMALE"))) / size(where(rows, (row) => row.Sex !== null)),
      ],
      share: true,
    },
  ]),
  seattle.de("In welchem Jahr hat es am meisten geregnet?", (rows) =>
    winner(sumPer(rows, yearOf("date"), "precipitation")),
  ),
  seattle.de("Wie viele Schneetage gab es im Jahr 2012?", (rows) => ({
    figures: [size(where(where(rows, year("date", "2012")), is("weather", "snow")))],
  })),
  seattle.de("Durchschnittliche Höchsttemperatur je Monat, bitte als Liniendiagramm", (rows) => [
    { groups: meanPer(rows, monthName("date"), "temp_max") },
    { groups: meanPer(rows, monthOf("date"), "temp_max") },
  ]),
  stocks.de("Was ist der höchste Kurs, den Apple je hatte?", (rows) => ({
    figures: [of("price", max)(where(rows, is("symbol", "AAPL")))],
  })),
  stocks.de("Mittlerer Aktienkurs pro Symbol auf zwei Nachkommastellen", (rows) => ({
    groups: meanPer(rows, key("symbol"), "price"),
  })),
  strikes.de("Welche Fluggesellschaft war am häufigsten betroffen?", (rows) =>
    winner(countPer(rows, key("Aircraft Airline Operator"))),
  ),
  strikes.de("Was haben die Vogelschläge insgesamt gekostet?", (rows) => ({
    figures: [of("Cost Total $", sum)(rows)],
  })),
  disasters.de("Wie viele Menschen sind 2010 bei Erdbeben ums Leben gekommen?", (rows) => ({
    figures: [of("Deaths", sum)(rowsIn(rows, { Entity: "Earthquake", Year: 2010 }))],
  })),
  disasters.de("In welchem Jahr starben die meisten Menschen durch Dürren?", (rows) =>
    winner(figureOf(where(rows, is("Entity", "Drought")), "Year", "Deaths")),
  ),
  countries.de("Wie hat sich die Lebenserwartung in Japan seit 1955 entwickelt?", (rows) => {
    const japan = figureOf(where(rows, is("country", "Japan")), "year", "life_expect");
    const [[, first] = ["", 0]] = inOrder(japan);
    const [, last] = inOrder(japan).at(-1)!;
    return [
      { groups: japan },
      { said: [last - first] },
      { said: [growth(last, first)], share: true },
    ];
  }),
  countries.de("Welches Land hatte 1980 die zweithöchste Bevölkerung?", (rows) => {
    const then = figureOf(where(rows, is("year", 1980)), "country", "pop");
    const [, second] = Object.entries(top(then, 2));
    return { names: [second![0]], figures: [second![1]] };
  }),
  industries.de("Wie viele Arbeitslose gab es im Dezember 2009 in der Finanzbranche?", (rows) => ({
    figures: [of("count", sum)(rowsIn(rows, { series: "Finance", year: 2009, month: 12 }))],
  })),
  barley.de("Welche Sorte liefert den höchsten Ertrag im Schnitt?", (rows) =>
    winner(meanPer(rows, key("variety"), "yield")),
  ),
  barley.de("War der Ertrag 1932 schlechter als 1931?", (rows) => {
    const years = meanPer(rows, key("year"), "yield");
    const total = sumPer(rows, key("year"), "yield");
    return [
      { said: [years["1931"]!, years["1932"]!] },
      { said: [total["1931"]!, total["1932"]!] },
      { said: [years["1932"]! - years["1931"]!], change: true },
      { said: [total["1932"]! - total["1931"]!], change: true },
    ];
  }),
  iowa.de("Erzeugung nach Energiequelle im letzten Jahr der Daten", (rows) => ({
    groups: sumPer(where(rows, year("year", "2017")), key("source"), "net_generation"),
  })),
  iowa.de("Wieviel Strom kam 2010 aus erneuerbaren Energien?", (rows) => ({
    figures: [
      of(
        "net_generation",
        sum,
      )(where(where(rows, year("year", "2010")), is("source", "Renewables"))),
    ],
  })),
  jobs.de("Welche Berufe übten 1950 die meisten Männer aus? Top 3", (rows) => ({
    groups: top(figureOf(rowsIn(rows, { sex: "men", year: 1950 }), "job", "count"), 3),
  })),
  airports.de("Anzahl Flughäfen je Bundesstaat, nur die zehn größten", (rows) => ({
    series: Object.values(top(countPer(rows, key("state")), 10)),
  })),
  riots.de("Wie alt war das jüngste Opfer?", (rows) => ({ figures: [of("age", min)(rows)] })),
  riots.de("Durchschnittsalter der Opfer nach Geschlecht aufgeschlüsselt", (rows) => ({
    groups: meanPer(rows, key("gender"), "age"),
  })),
  people.de("Wer von den Leuten ist der Größte?", (rows) =>
    winner(figureOf(rows, "name", "height")),
  ),
  people.de("Wer ist älter als 40?", (rows) => ({
    groups: figureOf(
      where(rows, (row) => numberIn(row, "age") > 40),
      "name",
      "age",
    ),
    rows: 4,
  })),
  temperature.de("Ab welchem Jahr lag die Temperatur erstmals über 0,5?", (rows) => {
    const [first] = where(rows, (row) => numberIn(row, "temp") > 0.5);
    return { names: [textIn(first!, "year")] };
  }),
  football.de("Wie viele Tore schießt die Heimmannschaft im Schnitt?", (rows) => ({
    figures: [of("home_score", mean)(rows)],
  })),
  cars.de("Welche Spalten haben fehlende Werte, und wie viele?", (rows) => ({
    groups: {
      Miles_per_Gallon: size(where(rows, missing("Miles_per_Gallon"))),
      Horsepower: size(where(rows, missing("Horsepower"))),
    },
    rows: 9,
  })),
  sales.de("Median des Umsatzes, pro Jahr betrachtet", (rows) => ({
    groups: perGroup(rows, yearOf("Datum"), of("Umsatz", median)),
  })),
  stocks.de("Wie viele verschiedene Aktien kommen in der Tabelle vor?", (rows) => ({
    figures: [distinct(rows, "symbol")],
  })),
  sales.de("Wie hat sich der Umsatz der Filiale Köln von Jahr zu Jahr verändert?", (rows) => {
    const years = sumPer(where(rows, is("Filiale", "Köln")), yearOf("Datum"), "Umsatz");
    const change = steps(years, (now, before) => now - before)["2025"]!;
    return [
      { groups: { 2025: change }, change: true },
      { groups: { 2025: growth(years["2025"]!, years["2024"]!) }, share: true, change: true },
    ];
  }),
];

export const strangersGermanRefused: readonly RefusedGoal[] = [
  refusing("umsatz.csv").de("Wie viel Gewinn hat die Filiale Köln gemacht?", "Gewinn"),
  refusing("umsatz.csv").de("Lösche alle Zeilen mit Tee", "Lösche"),
  refusing("cars.json").de("Welches Auto hat den größten Kofferraum?", "Kofferraum"),
  refusing("seattle-weather.csv").de("Wie wird das Wetter morgen?", "morgen"),
  refusing("penguins.json").de("Wie alt werden Pinguine auf Biscoe?", "alt"),
  refusing("movies.json").de("Welcher Film hat die beste Filmmusik?", "Filmmusik"),
  refusing("stocks.csv").de("Welche der Aktien soll ich jetzt kaufen?", "soll ich"),
  refusing("la-riots.csv").de("Wie viele Täter wurden verurteilt?", "Täter"),
];
