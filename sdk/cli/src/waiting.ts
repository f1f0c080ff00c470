// Runs that wait for a person: which they are, and what they ask, in words.

import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  type PersonWaitedFor,
  State,
  type StepRun,
  type Task,
} from "@keiko/gen/keiko/task/v1/task_pb.js";

import type { CommandWords } from "./command-words.ts";
import { lines, oneLine } from "./show/text.ts";

export interface WaitingRun {
  /** As AnswerStep names it: "send", or "send:4" of a loop. */
  readonly step: string;
  readonly title: string;
  readonly asked: PersonWaitedFor;
}

/** Where a step stands: one that waits for a person waits, whatever else goes on in it. */
export function standingOf(run: StepRun): State {
  const waits = run.waitsFor || run.items.some(({ waitsFor }) => waitsFor);
  return waits ? State.WAITING : run.state;
}

export function waitingRuns({ steps }: Task): WaitingRun[] {
  return steps.flatMap((run) => [
    ...waits(run.id, run, run),
    ...run.items.flatMap((item, index) =>
      waits(item.id.includes(":") ? item.id : `${run.id}:${index}`, item, run),
    ),
  ]);
}

function waits(step: string, run: StepRun, named: StepRun): WaitingRun[] {
  const { waitsFor: asked } = run;
  if (!asked) return [];
  return [{ step, title: oneLine(run.title || named.title || step), asked }];
}

/** What is asked, who may say it and until when; lines without a line end. */
export function askedLines(asked: PersonWaitedFor, words: CommandWords, tag: string): string[] {
  const options = asked.question?.options ?? [];
  const type = words.types[asked.question?.type ?? 0] ?? "";
  const until = asked.expireTime
    ? new Intl.DateTimeFormat(tag, { dateStyle: "short", timeStyle: "short" }).format(
        timestampDate(asked.expireTime),
      )
    : "";
  const notes = [
    asked.approval ? words.approval : type,
    ...(options.length > 0 ? [`${words.options}: ${options.map(oneLine).join(", ")}`] : []),
    ...(asked.deciders.length > 0 ? [`${words.deciders}: ${asked.deciders.join(", ")}`] : []),
    ...(until ? [`${words.until} ${until}`] : []),
  ].filter((note) => note !== "");
  return [...lines(asked.text).split("\n"), notes.join(" · ")].filter((line) => line !== "");
}
