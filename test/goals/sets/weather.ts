/** Weather, day by day and hour by hour. */
import {
  best,
  both,
  countPer,
  difference,
  key,
  line,
  meanPer,
  monthOf,
  of,
  outliers,
  pairs,
  quantile,
  steps,
  sumPer,
  where,
  winner,
  year,
  yearOf,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import {
  max,
  mean,
  median,
  min,
  monthsDe,
  monthsEn,
  numbers,
  perGroup,
  type SourceRow,
} from "../source.ts";

const seattle = asking("seattle-weather.csv");
const cities = asking("weather.csv");
const hours = asking("seattle-weather-hourly-normals.csv");

const monthDe = (row: SourceRow) => monthsDe[Number(String(row.date).slice(5, 7)) - 1]!;
const monthEn = (row: SourceRow) => monthsEn[Number(String(row.date).slice(5, 7)) - 1]!;
const inCity = (city: string) => (row: SourceRow) => row.location === city;

export const weatherGoals: readonly Goal[] = [
  seattle.de(
    "Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm und sag mir, welcher Monat der nasseste ist",
    (rows) => ({ ...best(meanPer(rows, monthDe, "precipitation")), rows: 12 }),
  ),
  seattle.en(
    "Show me the mean precipitation per month as a bar chart and tell me which month is the wettest",
    (rows) => ({ ...best(meanPer(rows, monthEn, "precipitation")), rows: 12 }),
  ),
  seattle.en("What was the highest wind speed in December 2013?", (rows) => ({
    figures: [of("wind", max)(where(rows, (row) => monthOf("date")(row) === "2013-12"))],
  })),
  seattle.de("Wie viele Regentage gab es im Jahr 2014?", (rows) => ({
    figures: [where(rows, (row) => year(row) === "2014" && row.weather === "rain").length],
  })),
  seattle.en("how many days had more than 20 mm of rain?", (rows) => ({
    figures: [where(rows, (row) => Number(row.precipitation) > 20).length],
  })),
  seattle.de("Gesamtniederschlag je Jahr", (rows) => ({
    groups: sumPer(rows, yearOf("date"), "precipitation"),
    rows: 4,
  })),
  seattle.de("An welchem Tag war es am heißesten?", (rows) => ({
    figures: [of("temp_max", max)(rows)],
  })),
  seattle.en("median temp_min for each kind of weather", (rows) => ({
    groups: perGroup(rows, key("weather"), of("temp_min", median)),
    rows: 5,
  })),
  seattle.de("Zeichne die Temperatur im Verlauf als Linie", () => ({
    rows: 1461,
    columns: ["date", "temp_max", "temp_min"],
  })),
  seattle.en("average temp_max per month in 2013", (rows) => ({
    groups: meanPer(
      where(rows, (row) => year(row) === "2013"),
      monthOf("date"),
      "temp_max",
    ),
    rows: 12,
  })),
  seattle.en("what % of days were sunny?", (rows) => ({
    figures: [where(rows, (row) => row.weather === "sun").length / rows.length],
    share: true,
  })),
  seattle.de("Wie stark hängen temp_max und temp_min zusammen?", (rows) => ({
    figures: [line(pairs(rows, "temp_max", "temp_min")).correlation],
  })),
  seattle.en("Find outliers in wind", (rows) => ({
    said: [outliers(numbers(rows, "wind")).length],
  })),
  seattle.de(
    "Wie viele Tage hatten ein temp_min unter 0, und wie tief war der tiefste Wert von temp_min?",
    (rows) => ({
      figures: [where(rows, (row) => Number(row.temp_min) < 0).length, of("temp_min", min)(rows)],
    }),
  ),
  seattle.de(
    "Um wie viel hat sich der Jahresniederschlag jeweils gegenüber dem Vorjahr verändert?",
    (rows) => ({
      groups: steps(sumPer(rows, yearOf("date"), "precipitation"), difference),
    }),
  ),
  cities.en("compare the average temp_max in Seattle and New York", (rows) => ({
    groups: meanPer(rows, key("location"), "temp_max"),
    rows: 2,
  })),
  cities.de("Wie oft hat es in New York geschneit?", (rows) => ({
    figures: [where(where(rows, inCity("New York")), (row) => row.weather === "snow").length],
  })),
  cities.en("What was the coldest day in New York?", (rows) => {
    const days = where(rows, inCity("New York"));
    return [{ figures: [of("temp_min", min)(days)] }, { figures: [of("temp_max", min)(days)] }];
  }),
  cities.de("Regenmenge pro Jahr und Ort", (rows) => ({
    groups: sumPer(rows, both(yearOf("date"), key("location")), "precipitation"),
    rows: 8,
  })),
  cities.en("number of foggy days per location in 2014", (rows) => ({
    groups: countPer(
      where(rows, (row) => year(row) === "2014" && row.weather === "fog"),
      key("location"),
    ),
  })),
  cities.de("Durchschnittlicher Wind in Seattle im Januar", (rows) => ({
    figures: [
      of("wind", mean)(where(where(rows, inCity("Seattle")), (row) => monthEn(row) === "January")),
    ],
  })),
  cities.en("Pls give me the 95th percentile of precipitation in New York", (rows) => ({
    figures: [quantile(numbers(where(rows, inCity("New York")), "precipitation"), 0.95)],
  })),
  cities.de("Wie viele Tage in Seattle hatten Regen oder Nebel?", (rows) => ({
    figures: [
      where(
        where(rows, inCity("Seattle")),
        ({ weather: kind }) => kind === "rain" || kind === "fog",
      ).length,
    ],
  })),
  hours.en("average temperature by hour of the day as a line chart", (rows) => ({
    groups: meanPer(rows, (row) => String(Number(String(row.date).slice(11, 13))), "temperature"),
    rows: 24,
  })),
  hours.de("Zu welcher Stunde ist der Wind im Schnitt am stärksten?", (rows) => {
    const groups = meanPer(rows, (row) => String(Number(String(row.date).slice(11, 13))), "wind");
    return { figures: winner(groups).figures! };
  }),
  hours.de("Höchster Luftdruck (pressure) pro Quartal", (rows) => {
    const quarter = (row: SourceRow) => Math.ceil(Number(String(row.date).slice(5, 7)) / 3);
    const highest = of("pressure", max);
    return [
      {
        groups: perGroup(
          rows,
          (row) => `2010-${String(quarter(row) * 3 - 2).padStart(2, "0")}-01`,
          highest,
        ),
      },
      { groups: perGroup(rows, (row) => `Q${quarter(row)}`, highest) },
      { groups: perGroup(rows, (row) => `${quarter(row)}. Quartal`, highest) },
    ];
  }),
];

const cannot = refusing("seattle-weather.csv");
const cannotCities = refusing("weather.csv");

export const weatherRefused: readonly RefusedGoal[] = [
  cannot.en("What will the weather be tomorrow?", "tomorrow"),
  cannot.de("Wie hoch war der Gewinn pro Monat?", "Gewinn", "precipitation"),
  cannot.de("Lösche alle Tage mit Regen", "Lösche"),
  cannot.en("mean precipitation per month in Berlin", "Berlin"),
  cannot.en("How much did it rain in 2031?", "2031"),
  cannotCities.en("average humidity by location", "humidity"),
  cannotCities.de("Wie wird das Wetter nächste Woche in Paris?"),
];
