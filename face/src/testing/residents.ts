// Who lives in the house, and what they can do.

import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import {
  type Skill,
  SkillSchema,
  type Workload,
  WorkloadKind,
  WorkloadSchema,
} from "@keiko/gen/keiko/registry/v1/registry_pb.js";

export const answerMethod = "keiko.data.v1.DataService/AnswerQuestion";
export const drawMethod = "keiko.visual.v1.VisualService/DrawChart";
export const changeMethod = "keiko.visual.v1.VisualService/ChangeChart";

const workload = (id: string, kind: WorkloadKind, service: string): Workload =>
  create(WorkloadSchema, {
    name: `workloads/${id}-1`,
    identity: id,
    version: "0.1.0",
    kind,
    endpoints: [`in-process:${id}`],
    services: [{ name: service }],
    registerTime: timestampFromDate(new Date()),
    leaseExpireTime: timestampFromDate(new Date(Date.now() + 86_400_000)),
  });

export const residents: Workload[] = [
  workload("data", WorkloadKind.AGENT, "keiko.data.v1.DataService"),
  workload("visual", WorkloadKind.AGENT, "keiko.visual.v1.VisualService"),
  workload("orchestrator", WorkloadKind.BACKBONE, "keiko.task.v1.TaskService"),
  workload("registry", WorkloadKind.BACKBONE, "keiko.registry.v1.RegistryService"),
];

export const skills: Skill[] = [
  create(SkillSchema, {
    name: `skills/${answerMethod}`,
    method: answerMethod,
    inputTypes: ["keiko.artifact.v1.File"],
    outputTypes: ["keiko.artifact.v1.Table"],
    workloads: ["workloads/data-1"],
    contract: {
      title: { en: "Answer from the table", de: "Aus der Tabelle beantworten" },
      summary: {
        en: "Computes counts, sums, means, medians, extremes, groups, filters and rankings over a table and says them in a sentence.",
        de: "Berechnet Anzahl, Summe, Mittelwert, Median, Extremwerte, Gruppen, Filter und Ranglisten über eine Tabelle und sagt sie in einem Satz.",
      },
      examplesEn: ["What is the mean precipitation per month?", "Which month was the wettest?"],
      examplesDe: [
        "Zeige mir den mittleren Niederschlag pro Monat",
        "Welcher Monat ist der nasseste?",
      ],
      effect: Effect.READ_ONLY,
      timeMax: { seconds: 60n },
    },
  }),
  create(SkillSchema, {
    name: `skills/${drawMethod}`,
    method: drawMethod,
    inputTypes: ["keiko.artifact.v1.Table"],
    outputTypes: ["keiko.artifact.v1.Chart"],
    workloads: ["workloads/visual-1"],
    contract: {
      title: { en: "Draw the chart", de: "Diagramm zeichnen" },
      summary: {
        en: "Draws a bar, line, scatter chart or histogram from a table.",
        de: "Zeichnet aus einer Tabelle ein Balken-, Linien- oder Streudiagramm oder ein Histogramm.",
      },
      examplesEn: ["as a bar chart", "Plot the temperature over time"],
      examplesDe: ["als Balkendiagramm", "Zeichne die Temperatur über die Zeit"],
      effect: Effect.READ_ONLY,
      timeMax: { seconds: 30n },
    },
  }),
  create(SkillSchema, {
    name: `skills/${changeMethod}`,
    method: changeMethod,
    inputTypes: ["keiko.artifact.v1.Chart"],
    outputTypes: ["keiko.artifact.v1.Chart"],
    workloads: ["workloads/visual-1"],
    permission: "visual.draw",
    requestType: "keiko.visual.v1.ChangeChartRequest",
    responseType: "keiko.visual.v1.ChangeChartResponse",
    contract: {
      title: { en: "Change the chart", de: "Diagramm ändern" },
      summary: {
        en: "Changes the chart that was drawn before: its mark, scale, order, orientation.",
        de: "Ändert das zuvor gezeichnete Diagramm: Darstellung, Skala, Reihenfolge, Ausrichtung.",
      },
      examplesEn: ["as a line", "log scale"],
      examplesDe: ["als Linie", "logarithmische Skala"],
      effect: Effect.READ_ONLY,
      timeMax: { seconds: 30n },
    },
  }),
];
