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
import { State, type StepRun, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

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

function decode(method: string, json: string): { parts: UnderstoodPart[]; source?: SourceFacts } {
  // Longer responses are left out of the task; its other fields still tell the essentials.
  if (!json) return { parts: [] };
  const options = { ignoreUnknownFields: true };
  if (method === "keiko.data.v1.DataService/AnswerQuestion") {
    const { understanding, source } = fromJsonString(AnswerQuestionResponseSchema, json, options);
    const parts = understanding?.parts ?? [];
    return source ? { parts, source } : { parts };
  }
  if (method === "keiko.data.v1.DataService/DescribeTable") {
    const { source } = fromJsonString(DescribeTableResponseSchema, json, options);
    return source ? { parts: [], source } : { parts: [] };
  }
  return { parts: [] };
}

/** The question with one part said differently, ready to be asked. */
export function rephrase(goal: string, part: UnderstoodPart, meaning: string): string {
  const at = part.words ? goal.toLowerCase().indexOf(part.words.toLowerCase()) : -1;
  if (at < 0) return `${goal.replace(/[\s.?!]+$/, "")} (${meaning})`;
  return goal.slice(0, at) + meaning + goal.slice(at + part.words.length);
}

const refusals: readonly Reason[] = [
  Reason.NO_SKILL,
  Reason.INPUT_MISSING,
  Reason.NOT_UNDERSTOOD,
  Reason.AMBIGUOUS,
  Reason.UNREADABLE_FILE,
  Reason.PLAN_INVALID,
  Reason.PERMISSION_DENIED,
  Reason.INVALID_FIELD,
];

/** It was refused for a reason that lies in the question, instead of having broken. */
export const isRefused = (task: Task): boolean =>
  task.state === State.FAILED &&
  task.problems.length > 0 &&
  task.problems.every(({ reason }) => refusals.includes(reason));
