// What the steps of one real question answer, as messages: the mean precipitation per month of
// Seattle, 2012 to 2015, from the file seattle-weather.csv.

import { create, toJsonString } from "@bufbuild/protobuf";
import {
  ChartSchema,
  ColumnType,
  FileSchema,
  type Table,
  TableSchema,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import {
  AnswerQuestionResponseSchema,
  PartKind,
} from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { DrawChartResponseSchema } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";

const means = [3.76, 3.73, 4.89, 3.13, 1.67, 1.11, 0.39, 1.32, 1.96, 4.06, 5.35, 5.02];

const months = {
  en: "January February March April May June July August September October November December",
  de: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
};

export const text = (value: string) => ({ value: { case: "text" as const, value } });
export const number = (value: number) => ({ value: { case: "number" as const, value } });

export const weatherFile = create(FileSchema, {
  name: `artifacts/${"a".repeat(64)}`,
  filename: "seattle-weather.csv",
  mediaType: "text/csv",
  sizeBytes: 48_219n,
});

export const monthlyTable = (language: "de" | "en"): Table =>
  create(TableSchema, {
    title:
      language === "de"
        ? "Mittelwert von precipitation nach Monat"
        : "Mean of precipitation by month",
    columns: [
      {
        name: "month",
        label: language === "de" ? "Monat" : "Month",
        type: ColumnType.TEXT,
        ordered: true,
      },
      {
        name: "mean(precipitation)",
        label: language === "de" ? "Mittlerer Niederschlag" : "Mean precipitation",
        type: ColumnType.NUMBER,
        unit: "mm",
      },
    ],
    rows: months[language].split(" ").map((month, index) => ({
      cells: [text(month), number(means[index] ?? 0)],
    })),
    rowCount: 12n,
  });

export const sentence = {
  en: "The mean precipitation per month is highest in November with 5.35 mm and lowest in July with 0.39 mm.",
  de: "Der mittlere Niederschlag pro Monat ist im November mit 5,35 mm am höchsten und im Juli mit 0,39 mm am niedrigsten.",
};

export const sql = `SELECT monthname(date) AS "month", avg(precipitation) AS "mean(precipitation)"
FROM source
GROUP BY month(date), monthname(date)
ORDER BY month(date)`;

export const answerJson = (language: "de" | "en"): string =>
  toJsonString(
    AnswerQuestionResponseSchema,
    create(AnswerQuestionResponseSchema, {
      sentence: sentence[language],
      table: monthlyTable(language),
      sql,
      understanding: {
        summary: "mean of precipitation by month of date",
        parts: [
          {
            kind: PartKind.MEASURE,
            words: language === "de" ? "mittleren Niederschlag" : "mean precipitation",
            meaning: "mean of precipitation",
            matchedBy: "synonym",
            alternatives: [
              { meaning: "median of precipitation", question: "median precipitation per month" },
              { meaning: "sum of precipitation", question: "total precipitation per month" },
            ],
          },
          {
            kind: PartKind.GROUP,
            words: language === "de" ? "pro Monat" : "per month",
            meaning: "month of date",
            matchedBy: "name",
          },
        ],
        confidence: 0.85,
        unknownWords: ["please"],
      },
      source: {
        filename: "seattle-weather.csv",
        rowCount: 1461n,
        rowsUsed: 1461n,
        queryTime: { seconds: 0n, nanos: 12_000_000 },
      },
    }),
  );

/** What the step that drew says beside the chart. */
export const drawJson = toJsonString(
  DrawChartResponseSchema,
  create(DrawChartResponseSchema, {
    reason: "One bar for each month, in the order of the year.",
    warning: "Months follow each other; a line shows that better.",
    suggestions: ["as a line"],
  }),
);

export const chart = (language: "de" | "en") =>
  create(ChartSchema, {
    title: language === "de" ? "Mittlerer Niederschlag pro Monat" : "Mean precipitation per month",
    alternativeText: sentence[language],
    mark: "bar",
    svg: picture("b", "image/svg+xml"),
    png: picture("c", "image/png"),
    specification: picture("d", "application/vnd.vegalite+json"),
    svgDark: picture("e", "image/svg+xml"),
    data: picture("f", "text/csv"),
    marks: picture("9", "application/json"),
  });

const picture = (letter: string, mediaType: string) => ({
  name: `artifacts/${letter.repeat(64)}`,
  filename: "",
  mediaType,
  sizeBytes: 1n,
});

/** Where the bars of that chart stand, in a picture of 600 by 300. */
export const chartMarks = {
  width: 600,
  height: 300,
  marks: months.en.split(" ").map((label, index) => ({
    x: index * 50 + 5,
    y: 290 - (means[index] ?? 0) * 50,
    width: 40,
    height: (means[index] ?? 0) * 50,
    label,
    value: `${means[index]} mm`,
  })),
};

/** The bars as a picture, in ink of the colour. */
export const chartSvg = (ink: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300" width="600" height="300">${chartMarks.marks
    .map(({ x, y, width, height }) => {
      const box = `x="${x}" y="${y}" width="${width}" height="${height}"`;
      return `<rect ${box} fill="${ink}"/>`;
    })
    .join("")}</svg>`;
