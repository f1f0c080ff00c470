import { create } from "@bufbuild/protobuf";
import { TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { traceOf } from "../testing/trace.ts";
import { traceView } from "./trace-view.ts";

const spans = traceOf(create(TaskSchema, { createTime: { seconds: 1000n } }));

test("calls lie within those that caused them, from the first begin to the last end", () => {
  const { rows, span } = traceView(spans);
  expect(rows.map(({ name, depth }) => [name, depth])).toEqual([
    ["TaskService.CreateTask", 0],
    ["PlanService.CreatePlan", 1],
    ["DataService.AnswerQuestion", 1],
    ["ArtifactService.ReadFile", 2],
    ["VisualService.DrawChart", 1],
  ]);
  expect(span).toBe(400);
  expect(rows[2]).toMatchObject({ from: 60, took: 180 });
});

test("of a step only its calls and theirs, timed from its own begin", () => {
  const { rows, span } = traceView(spans, "answer");
  expect(rows.map(({ name, from }) => [name, from])).toEqual([
    ["DataService.AnswerQuestion", 0],
    ["ArtifactService.ReadFile", 6],
  ]);
  expect(span).toBe(180);
});

test("a trace without calls is empty", () => expect(traceView([]).rows).toEqual([]));
