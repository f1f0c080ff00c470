/** Runs that wait for a person: to agree with what will happen, or to answer a question. Pure. */
import { toBinary } from "@bufbuild/protobuf";
import { durationMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type Problem,
  type Reply,
  ReplySchema,
  type Step,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { bug } from "./bugs.ts";
import { type Draft, runProblem } from "./draft.ts";
import { limits } from "./limits.ts";
import { partsOf } from "./runs.ts";
import type { Run } from "./task-state.ts";

export interface Answer {
  step: string;
  by: string;
  said:
    | { case: "agree"; value: boolean }
    | { case: "reply"; value: Reply }
    | { case: "delegateTo"; value: string };
  note: string;
}

export function ask(draft: Draft, step: Step, key: string): void {
  const { task, now, values } = draft;
  const { deciders = [], timeMax } = step.question ?? step.approval ?? {};
  const time = timeMax ? durationMs(timeMax) : limits.decision_time_ms_default;
  draft.emit({
    case: "personAsked",
    value: {
      step: key,
      approval: !step.question,
      text: values.words(task, step, partsOf(key).index),
      deciders: deciders.length > 0 ? deciders : [task.created.owner],
      expireTime: timestampFromMs(now + time),
    },
  });
}

/** The problem that ends the task, where the person declined. */
export function onAnswer(draft: Draft, { step, by, said, note }: Answer): Problem | undefined {
  const run = draft.task.runs.get(step);
  if (run?.state !== State.WAITING || !run.asked) return undefined;
  if (!run.asked.deciders.includes(by) || draft.now >= run.asked.expires) return undefined;
  if (said.case === "delegateTo") {
    draft.emit({ case: "delegated", value: { step, by, to: said.value } });
    return undefined;
  }
  if ((said.case === "agree") !== run.asked.approval) return undefined;
  if (said.case === "reply") {
    const reply = toBinary(ReplySchema, { ...said.value, by });
    draft.emit({ case: "personAnswered", value: { step, by, agreed: true, reply, note } });
    return undefined;
  }
  const agreed = said.value || bug("a decline is agreement");
  draft.emit({ case: "personAnswered", value: { step, by, agreed, note } });
  if (agreed) return undefined;
  const text = `${by} declined${note ? `: ${note}` : ""}`;
  return runProblem(run.step, Reason.CANCELLED, text, "change the plan, or ask somebody else");
}

/** Whom nobody answers in time has been declined. */
export function expired(draft: Draft, run: Run): Problem | undefined {
  if (!run.asked || draft.now < run.asked.expires) return undefined;
  const asked = run.asked.deciders.join(", ");
  draft.emit({ case: "personAnswered", value: { step: run.key, by: "", agreed: false } });
  const text = `nobody of ${asked} gave an answer in time`;
  return runProblem(run.step, Reason.DEADLINE_EXCEEDED, text, "run the task again, and answer");
}
