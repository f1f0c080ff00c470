// A task of many steps, half of them done: for seeing and measuring how the console bears it.

import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { drawMethod } from "./residents.ts";
import { weatherFile } from "./weather.ts";

const perLayer = 8;

/** Layers of eight steps; each needs two of the layer before. */
export function bigTask(count: number, now = Date.now()): Task {
  const ids = Array.from({ length: count }, (_, index) => `step-${index + 1}`);
  const needs = (index: number) => {
    const layer = Math.floor(index / perLayer);
    if (layer === 0) return [];
    const before = (layer - 1) * perLayer;
    return [before + (index % perLayer), before + ((index + 3) % perLayer)].map((at) => ids[at]!);
  };
  return create(TaskSchema, {
    name: "tasks/900000",
    goal: `A plan of ${count} steps`,
    attachments: [weatherFile],
    state: State.RUNNING,
    plan: {
      goal: "many",
      language: "en",
      planner: "person",
      steps: ids.map((id, index) => ({
        id,
        method: drawMethod,
        title: `Draw part ${index + 1}`,
        inputs: needs(index).map((step) => ({
          field: "table",
          value: { case: "output" as const, value: { step, field: "table" } },
        })),
      })),
    },
    steps: ids.map((id, index) => {
      const layer = Math.floor(index / perLayer);
      const begin = timestampFromMs(now - 60_000 + layer * 1000);
      const done = index < count / 2;
      const running = !done && index < count / 2 + perLayer;
      return {
        id,
        title: `Draw part ${index + 1}`,
        state: done ? State.SUCCEEDED : running ? State.RUNNING : State.QUEUED,
        attempts: done || running ? 1 : 0,
        ...(done || running ? { startTime: begin } : {}),
        ...(done ? { endTime: timestampFromMs(now - 60_000 + layer * 1000 + 900) } : {}),
      };
    }),
    createTime: timestampFromMs(now - 61_000),
    revision: 1n,
  });
}
