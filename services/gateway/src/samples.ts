/** Files that a newcomer can ask about with one click. They come from npm's vega-datasets. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Sample {
  filename: string;
  goals: { language: "de" | "en"; text: string }[];
}

export const samples: readonly Sample[] = [
  {
    filename: "seattle-weather.csv",
    goals: [
      {
        language: "en",
        text: "Show me the mean precipitation per month as a bar chart and tell me which month is the wettest",
      },
      {
        language: "de",
        text: "Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm und sag mir, welcher Monat der nasseste ist",
      },
    ],
  },
  {
    filename: "cars.json",
    goals: [
      { language: "en", text: "What is the average horsepower by origin, as a bar chart?" },
      {
        language: "de",
        text: "Wie hoch ist die durchschnittliche Horsepower je Origin, als Balkendiagramm?",
      },
    ],
  },
  {
    filename: "co2-concentration.csv",
    goals: [
      { language: "en", text: "Plot the average CO2 per year as a line" },
      { language: "de", text: "Zeichne den mittleren CO2-Wert pro Jahr als Linie" },
    ],
  },
];

const data = join(dirname(fileURLToPath(import.meta.resolve("vega-datasets"))), "../data");

/** Undefined: it is no sample. */
export function samplePath(filename: string): string | undefined {
  const known = samples.some((sample) => sample.filename === filename);
  return known ? join(data, filename) : undefined;
}
