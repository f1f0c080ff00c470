// Tasks as the house makes and lists them.

import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  type Conversation,
  ConversationSchema,
  type CreateTaskRequest,
  type TaskSummary,
  TaskSummarySchema,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { answerMethod, drawMethod } from "./residents.ts";

export const newTask = (request: CreateTaskRequest, count: number): Task => {
  const german = /[äöü]|\b(pro|zeige|welcher)\b/i.test(request.goal);
  const titles = german
    ? ["Aus der Tabelle beantworten", "Diagramm zeichnen"]
    : ["Answer from the table", "Draw the chart"];
  return create(TaskSchema, {
    name: `tasks/${String(count + 1).padStart(6, "0")}`,
    owner: "users/local",
    goal: request.goal,
    attachments: request.attachments,
    state: State.QUEUED,
    plan: {
      goal: request.goal,
      language: german ? "de" : "en",
      planner: "contract",
      steps: [
        {
          id: "answer",
          method: answerMethod,
          digest: "0".repeat(64),
          title: titles[0]!,
          inputs: [
            { field: "source", value: { case: "attachment", value: 0 } },
            {
              field: "question",
              value: {
                case: "literal",
                value: { kind: { case: "stringValue", value: request.goal } },
              },
            },
          ],
        },
        {
          id: "draw",
          method: drawMethod,
          title: titles[1]!,
          inputs: [
            {
              field: "table",
              value: { case: "output", value: { step: "answer", field: "table" } },
            },
          ],
        },
      ],
    },
    steps: [
      { id: "answer", state: State.QUEUED, title: titles[0]! },
      { id: "draw", state: State.QUEUED, title: titles[1]! },
    ],
    createTime: timestampFromDate(new Date()),
    revision: 1n,
    // The house has no index by request id; the trace of a task is as unique.
    traceId: request.requestId,
    conversation: request.conversation,
    previous: request.previous,
    ...(request.storedPlan ? { storedPlan: request.storedPlan } : {}),
  });
};

export const summaryOf = (task: Task): TaskSummary =>
  create(TaskSummarySchema, {
    name: task.name,
    goal: task.goal,
    state: task.state,
    outcome: task.answer?.text ?? task.problems[0]?.message ?? "",
    stepsDone: task.steps.filter(({ state }) => state === State.SUCCEEDED).length,
    stepCount: task.steps.length,
    ...(task.createTime ? { createTime: task.createTime } : {}),
    ...(task.endTime ? { endTime: task.endTime } : {}),
    revision: task.revision,
    conversation: task.conversation,
    storedPlan: task.storedPlan?.name ?? "",
    reason: task.problems[0]?.reason ?? 0,
  });

/** The one that was last continued first. */
export function conversationsOf(tasks: readonly Task[]): Conversation[] {
  const found = new Map<string, Conversation>();
  for (const task of tasks) {
    if (!task.conversation || !task.createTime) continue;
    const known = found.get(task.conversation);
    const next = create(ConversationSchema, {
      name: task.conversation,
      title: known?.title ?? task.goal,
      taskCount: (known?.taskCount ?? 0) + 1,
      state: task.state,
      createTime: known?.createTime ?? task.createTime,
      updateTime: task.createTime,
    });
    found.delete(task.conversation);
    found.set(task.conversation, next);
  }
  return [...found.values()].reverse();
}
