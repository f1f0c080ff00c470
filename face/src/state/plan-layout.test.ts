import { create } from "@bufbuild/protobuf";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { describe, expect, test } from "vitest";
import { lettersTask } from "../testing/letters.ts";
import { criticalPath } from "./critical-path.ts";
import { gateState } from "./gate.ts";
import { planGraph } from "./plan-graph.ts";
import { nextStep, planLayout } from "./plan-layout.ts";
import { undoneSteps } from "./undone.ts";

/** a and b at once, c after both, d after c; [id, begins, ends] in seconds. */
function taskOf(...times: [string, number, number][]): Task {
  const method = "a.v1.S/M";
  const after: Record<string, string[]> = { c: ["a", "b"], d: ["c"] };
  const seconds = (value: number) => ({ seconds: BigInt(value) });
  return create(TaskSchema, {
    plan: { steps: ["a", "b", "c", "d"].map((id) => ({ id, method, after: after[id] ?? [] })) },
    steps: times.map(([id, from, to]) => ({
      id,
      startTime: seconds(from),
      ...(to > 0 ? { endTime: seconds(to) } : {}),
    })),
  });
}

describe("the longest path", () => {
  test("leads through the slower of two that ran at once", () => {
    const task = taskOf(["a", 0, 2], ["b", 0, 5], ["c", 5, 6], ["d", 6, 8]);
    expect(criticalPath(task, 0)).toEqual({ steps: ["b", "c", "d"], took: 8000 });
  });

  test("counts what still runs until now, and nothing that has not begun", () => {
    const task = taskOf(["a", 1, 0], ["b", 1, 2]);
    expect(criticalPath(task, 4000)).toEqual({ steps: ["a"], took: 3000 });
    expect(criticalPath(taskOf(), 0)).toEqual({ steps: [], took: 0 });
  });
});

describe("the layout", () => {
  const graph = planGraph(taskOf(), []);

  test.each([false, true])("no two cards lie over each other (upright: %s)", (upright) => {
    const layout = planLayout(graph, { upright, cardWidth: 196 });
    const places = [...layout.places.values()];
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
      expect(a.x + a.width).toBeLessThanOrEqual(layout.width);
      expect(a.y + a.height).toBeLessThanOrEqual(layout.height);
    }
    expect(layout.edges).toHaveLength(3);
  });

  test("arrow keys follow the edges and the columns", () => {
    const layout = planLayout(graph, { upright: false, cardWidth: 196 });
    const walk = (at: string, key: string) => nextStep(layout, graph.edges, at, key, false);
    expect(walk("a", "ArrowRight")).toBe("c");
    expect(walk("a", "ArrowDown")).toBe("b");
    expect(walk("c", "ArrowLeft")).toBe("a");
    expect(walk("d", "ArrowRight")).toBeUndefined();
    expect(walk("a", "End")).toBe("d");
    expect(walk("a", "x")).toBeUndefined();
  });
});

describe("people, conditions and loops in a plan", () => {
  const graph = planGraph(lettersTask("asked"), []);
  const edge = (from: string, to: string) =>
    graph.edges.find((one) => one.from === from && one.to === to);

  test("consent stands before its step, and whatever leads to the step leads to it", () => {
    const at = (id: string) => graph.columns.findIndex((column) => column.some((n) => n.id === id));
    expect(at("consent:send")).toBe(at("send") - 1);
    expect(edge("write", "consent:send")).toBeDefined();
    expect(edge("write", "send")).toBeUndefined();
    expect(edge("consent:send", "send")).toBeDefined();
  });

  test("a condition says what must hold; a loop, that each element passes", () => {
    expect(edge("find", "call")?.condition).toBe("total > 10000");
    expect(edge("find", "write")?.each).toBe(true);
    expect(edge("find", "reserve")?.condition).toBeUndefined();
  });

  test("consent waits, is given, or was refused before anything started", () => {
    const [asked, undone] = (["asked", "undone"] as const).map((stage) =>
      lettersTask(stage).steps.find(({ id }) => id === "send"),
    );
    expect(gateState(asked)).toBe(State.WAITING);
    expect(gateState(undone)).toBe(State.FAILED);
    expect(gateState({ ...undone!, state: State.RUNNING, attempts: 1 })).toBe(State.SUCCEEDED);
    expect(gateState(undefined)).toBe(State.QUEUED);
  });

  test("what is taken back, the one that ended last first", () => {
    const task = lettersTask("undone");
    task.steps[2]!.items[11]!.undoState = State.SUCCEEDED;
    expect(undoneSteps(task).map(({ id }) => id)).toEqual(["write:11", "reserve"]);
  });
});
