// The calls behind a task, as the servers saw them.

import { create } from "@bufbuild/protobuf";
import { timestampDate, timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type Span,
  SpanSchema,
} from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

export function traceOf(task: Task): Span[] {
  const begin = task.createTime ? timestampDate(task.createTime).getTime() : 0;
  const span = (id: number, parent: number, name: string, at: number, ms: number, more = {}) =>
    create(SpanSchema, {
      spanId: String(id).padStart(16, "0"),
      parentSpanId: parent ? String(parent).padStart(16, "0") : "",
      name,
      workload: "orchestrator-1",
      caller: "gateway",
      startTime: timestampFromMs(begin + at),
      duration: { nanos: ms * 1_000_000 },
      ...more,
    });
  return [
    span(1, 0, "keiko.task.v1.TaskService/CreateTask", 0, 38),
    span(2, 1, "keiko.plan.v1.PlanService/CreatePlan", 4, 20),
    span(3, 1, "keiko.data.v1.DataService/AnswerQuestion", 60, 180, {
      workload: "data-1",
      caller: "orchestrator-1",
      step: "answer",
      attempt: 1,
    }),
    span(4, 3, "keiko.artifact.v1.ArtifactService/ReadFile", 66, 12, { caller: "data-1" }),
    span(5, 1, "keiko.visual.v1.VisualService/DrawChart", 250, 150, {
      workload: "visual-1",
      caller: "orchestrator-1",
      step: "draw",
      attempt: 1,
    }),
  ];
}
