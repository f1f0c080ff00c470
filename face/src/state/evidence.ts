// What an answer rests on, gathered from the steps of its task.

import { fromJsonString } from "@bufbuild/protobuf";
import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  AnswerQuestionResponseSchema,
  DescribeTableResponseSchema,
  type SourceFacts,
  type UnderstoodPart,
} from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { StepRun, Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { DrawChartResponseSchema } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";

export interface Evidence {
  /** Names of the files that were read. */
  files: string[];
  /** Rows of the source, where a step says so. */
  rowCount?: bigint;
  /** Steps that say what they ran. */
  sql: { step: string; title: string; text: string }[];
  stepCount: number;
  /** Milliseconds; unset while the task runs. */
  elapsed?: number;
}

/** How a question was read by one step. */
export interface StepUnderstanding {
  step: string;
  title: string;
  summary: string;
  parts: UnderstoodPart[];
  /** 0 to 1; 1: every word is accounted for by its name. */
  confidence: number;
  /** Words that say nothing known and were left out. */
  unknownWords: string[];
  source?: SourceFacts;
}

export function evidenceOf(task: Task): Evidence {
  const understood = understandingsOf(task);
  const source = understood.find((step) => step.source)?.source;
  const named = task.answer?.sources.map(({ title }) => title) ?? [];
  const files = named.length > 0 ? named : task.attachments.map(({ filename }) => filename);
  const evidence: Evidence = {
    files: [...new Set(files)],
    sql: task.steps.flatMap(({ id, title, evidence }) =>
      evidence ? [{ step: id, title, text: evidence }] : [],
    ),
    stepCount: task.plan?.steps.length ?? 0,
  };
  if (source) evidence.rowCount = source.rowCount;
  const elapsed = elapsedMs(task);
  if (elapsed !== undefined) evidence.elapsed = elapsed;
  return evidence;
}

/** Milliseconds from creation to the end; unset while the task runs. */
export function elapsedMs(task: Task): number | undefined {
  if (!task.endTime) return undefined;
  if (task.usage?.elapsed) return durationMs(task.usage.elapsed);
  return task.createTime && timestampMs(task.endTime) - timestampMs(task.createTime);
}

/** Milliseconds that a step has run until now, or ran in all; unset before it started. */
export function stepMs(run: StepRun | undefined, now: number): number | undefined {
  if (!run?.startTime) return undefined;
  const end = run.endTime ? timestampMs(run.endTime) : now;
  return Math.max(0, end - timestampMs(run.startTime));
}

export function understandingsOf(task: Task): StepUnderstanding[] {
  const methods = new Map(task.plan?.steps.map(({ id, method }) => [id, method]) ?? []);
  return task.steps.flatMap((run) => {
    const details = decode(methods.get(run.id) ?? "", run.responseJson);
    if (!run.understanding && details.parts.length === 0 && !details.source) return [];
    const { id: step, title, understanding: summary } = run;
    return [{ step, title, summary, ...details }];
  });
}

type Details = Omit<StepUnderstanding, "step" | "title" | "summary">;

function decode(method: string, json: string): Details {
  const none: Details = { parts: [], confidence: 1, unknownWords: [] };
  // Longer responses are left out of the task; its other fields still tell the essentials.
  if (!json) return none;
  const options = { ignoreUnknownFields: true };
  if (method === "keiko.data.v1.DataService/AnswerQuestion") {
    const { understanding, source } = fromJsonString(AnswerQuestionResponseSchema, json, options);
    const { parts = [], unknownWords = [] } = understanding ?? {};
    // An agent of the time before the field existed says 0, which no answer has.
    const confidence = understanding?.confidence || 1;
    return { parts, confidence, unknownWords, ...(source ? { source } : {}) };
  }
  if (method === "keiko.data.v1.DataService/DescribeTable") {
    const { source } = fromJsonString(DescribeTableResponseSchema, json, options);
    return { ...none, ...(source ? { source } : {}) };
  }
  return none;
}

/** Reasons that lie in the question: nothing broke, something else has to be asked or given. */
const refusals: readonly Reason[] = [
  Reason.NOT_UNDERSTOOD,
  Reason.AMBIGUOUS,
  Reason.NO_SKILL,
  Reason.INPUT_MISSING,
];

export const isRefusal = (reason: Reason): boolean => refusals.includes(reason);

/** The reason of a task as its summary says it: that of the first problem. */
export const reasonOf = (task: Task): Reason => task.problems[0]?.reason ?? Reason.UNSPECIFIED;

/** What a step that drew says of its chart, beside the chart itself. */
export interface ChartRemarks {
  /** Why this chart. */
  reason: string;
  /** Why it shows the figures poorly; empty: it does not. */
  warning: string;
  /** Changes that would show them better, ready to be sent. */
  suggestions: string[];
}

const drawers: readonly string[] = [
  "keiko.visual.v1.VisualService/DrawChart",
  "keiko.visual.v1.VisualService/ChangeChart",
];

/** By step. Both responses have the same fields, so one schema reads both. */
export function chartRemarksOf(task: Task): Map<string, ChartRemarks> {
  const methods = new Map(task.plan?.steps.map(({ id, method }) => [id, method]) ?? []);
  return new Map(
    task.steps.flatMap(({ id, responseJson }) => {
      if (!responseJson || !drawers.includes(methods.get(id) ?? "")) return [];
      const { reason, warning, suggestions } = fromJsonString(
        DrawChartResponseSchema,
        responseJson,
        { ignoreUnknownFields: true },
      );
      // What the answer says already is not said again below its chart.
      const why = reason === task.answer?.text ? "" : reason;
      return [[id, { reason: why, warning, suggestions }] as const];
    }),
  );
}
