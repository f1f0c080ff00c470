// A plan with everything that a plan may have, and a task of it half way: who has not paid is looked
// up, a person picks the tone, one letter is written for each, and a person agrees before they go out.

import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { ParameterType, type Plan, PlanSchema, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { answerMethod } from "./residents.ts";
import { weatherFile } from "./weather.ts";

const output = (field: string, step: string, from: string) => ({
  field,
  value: { case: "output" as const, value: { step, field: from } },
});
const number = (value: number) => ({ kind: { case: "numberValue" as const, value } });

export const lettersPlan = (): Plan =>
  create(PlanSchema, {
    goal: "Remind everybody who has not paid",
    language: "en",
    planner: "person",
    parameters: [
      { name: "list", type: ParameterType.FILE, title: "Open invoices" },
      {
        name: "days",
        type: ParameterType.INTEGER,
        title: "Overdue since days",
        default: number(14),
      },
      { name: "copy", type: ParameterType.TRUTH, title: "Send a copy to accounting" },
    ],
    steps: [
      {
        id: "find",
        method: answerMethod,
        title: "Find who has not paid",
        effect: Effect.READ_ONLY,
        inputs: [{ field: "source", value: { case: "parameter", value: "list" } }],
      },
      {
        id: "tone",
        title: "Ask for the tone",
        question: {
          text: "How should the letters sound?",
          type: ParameterType.TEXT,
          options: ["friendly", "plain", "strict"],
        },
      },
      {
        id: "write",
        method: "example.letters.v1.LetterService/Write",
        title: "Write a letter",
        effect: Effect.IDEMPOTENT,
        forEach: {
          over: { case: "output", value: { step: "find", field: "table" } },
          itemsMax: 100,
        },
        inputs: [
          { field: "who", value: { case: "item", value: {} } },
          output("tone", "tone", "text"),
        ],
      },
      {
        id: "reserve",
        subPlan: { name: "plans/postage", version: 2 },
        title: "Reserve the postage",
        inputs: [output("count", "find", "table")],
      },
      {
        id: "send",
        method: "example.letters.v1.LetterService/Send",
        title: "Send the letters",
        effect: Effect.IRREVERSIBLE,
        approval: {},
        inputs: [output("letters", "write", "letter")],
        after: ["reserve"],
      },
      {
        id: "call",
        method: "example.letters.v1.LetterService/Call",
        title: "Call the largest debtor",
        effect: Effect.IRREVERSIBLE,
        when: [
          { output: { step: "find", field: "total" }, test: Test.GREATER, value: number(10_000) },
        ],
      },
    ],
  });

/** `asked`: both people wait; `undone`: consent was refused, and what was done is being taken back. */
export function lettersTask(stage: "asked" | "undone", now = Date.now()): Task {
  const at = (seconds: number) => timestampFromMs(now - 60_000 + seconds * 1000);
  const asked = stage === "asked";
  const done = (id: string, from: number, to: number) => ({
    id,
    state: State.SUCCEEDED,
    attempts: 1,
    startTime: at(from),
    endTime: at(to),
  });
  const plan = lettersPlan();
  const titled = plan.steps.map(({ title }) => title);
  return create(TaskSchema, {
    name: asked ? "tasks/700001" : "tasks/700002",
    owner: "users/local",
    goal: plan.goal,
    attachments: [weatherFile],
    state: asked ? State.WAITING : State.STOPPING,
    plan,
    storedPlan: { name: "plans/reminders", version: 1 },
    trigger: asked ? "" : "schedule",
    limits: { costMicrosMax: 500_000n },
    usage: { costMicros: 142_000n, reservedMicros: asked ? 60_000n : 0n },
    createTime: at(0),
    revision: 9n,
    traceId: asked ? "a1" : "a2",
    parent: asked ? "" : "tasks/700001",
    problems: asked
      ? []
      : [{ reason: Reason.NOT_UNDERSTOOD, field: "send", message: "Mia declined: too many." }],
    steps: [
      { ...done("find", 1, 4), title: titled[0]!, attempts: 3, costMicros: 2_000n },
      asked
        ? {
            id: "tone",
            title: titled[1]!,
            state: State.WAITING,
            waitsFor: {
              text: "How should the letters sound?",
              question: plan.steps[1]!.question!,
              deciders: ["users/local"],
              expireTime: timestampFromMs(now + 6 * 86_400_000),
            },
          }
        : { ...done("tone", 4, 9), title: titled[1]!, decidedBy: "users/local" },
      {
        ...done("write", 9, 21),
        title: titled[2]!,
        state: asked ? State.RUNNING : State.SUCCEEDED,
        itemCount: 12,
        itemsDone: asked ? 7 : 12,
        items: Array.from({ length: 12 }, (_, index) => {
          const id = `write:${index}`;
          const whole = done(id, 9 + index, 10 + index);
          if (asked && index > 7) return { id, state: State.QUEUED };
          if (asked && index === 7) {
            return { id, state: State.RUNNING, attempts: 1, startTime: whole.startTime };
          }
          return index === 3 ? { ...whole, attempts: 2 } : whole;
        }),
      },
      {
        ...done("reserve", 5, 8),
        title: titled[3]!,
        child: "tasks/700003",
        ...(asked ? {} : { undoState: State.RUNNING }),
      },
      {
        id: "send",
        title: titled[4]!,
        ...(asked
          ? {
              state: State.WAITING,
              waitsFor: {
                approval: true,
                text: "12 letters go out by post, for 11.40 € of postage.\nThis cannot be undone.",
                deciders: ["users/local", "users/mia"],
                expireTime: timestampFromMs(now + 2 * 86_400_000),
              },
            }
          : { state: State.FAILED, decidedBy: "users/mia" }),
      },
      { id: "call", title: titled[5]!, state: State.SKIPPED },
    ],
  });
}
