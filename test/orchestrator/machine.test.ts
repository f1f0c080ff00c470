import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { ProblemSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  CreatedSchema,
  type StepOutcome,
  StepOutcomeSchema,
  TransitionSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { NewEvent, Values } from "@keiko/orchestrator/draft.ts";
import { limits } from "@keiko/orchestrator/limits.ts";
import { begin, next as decide, type Input, running } from "@keiko/orchestrator/machine.ts";
import { apply, written } from "@keiko/orchestrator/state.ts";
import { isFinal, type TaskState } from "@keiko/orchestrator/task-state.ts";
import { describe, expect, test } from "vitest";
import { literal, output, planOf, step } from "../support/plans.ts";

const t0 = 1_700_000_000_000;

const values: Values = {
  holds: () => true,
  count: () => 0,
  words: (_, { id }) => id,
};

/** What was decided of each task, so that its journal can be folded again. */
const journals = new WeakMap<TaskState, { events: NewEvent[]; now: number }[]>();

function note(task: TaskState, events: NewEvent[], now: number): TaskState {
  const journal = journals.get(task) ?? [];
  journals.set(task, [...journal, { events, now }]);
  return written(task, task.position + 1);
}

/** The state that the journal gives, which must be the one that deciding has led to. */
function folded(task: TaskState): TaskState {
  let state: TaskState | undefined;
  for (const { events, now } of journals.get(task) ?? []) {
    const transition = create(TransitionSchema, { time: timestampFromMs(now), events });
    const bytes = toBinary(TransitionSchema, transition);
    state = apply(state, fromBinary(TransitionSchema, bytes), (state?.position ?? 0) + 1);
  }
  return state!;
}

const next = (task: TaskState, input: Input, now: number) => decide(task, input, { now, values });

type Steps = Parameters<typeof planOf>;

function started(...steps: Steps): TaskState {
  const timed = steps.map((one) => ({
    timeMax: durationFromMs(10_000),
    effect: Effect.READ_ONLY,
    ...one,
  }));
  const created = create(CreatedSchema, {
    name: "tasks/t",
    owner: "users/ann",
    plan: planOf(...timed),
  });
  const { task, events } = begin(created, [], { now: t0, values });
  return note(task, events, t0);
}

function advance(task: TaskState, input: Input, now = t0): TaskState {
  const events = next(task, input, now);
  return events.length === 0 ? task : note(task, events, now);
}

type Result = NonNullable<MessageInitShape<typeof StepOutcomeSchema>["result"]>;

function outcome(result: Result): { kind: "outcome"; outcome: StepOutcome } {
  return {
    kind: "outcome",
    outcome: create(StepOutcomeSchema, { task: "tasks/t", result: result as never }),
  };
}

const done = (id: string, attempt = 1) =>
  outcome({ case: "succeeded", value: { step: id, attempt, response: new Uint8Array([1]) } });

const broke = (id: string, attempt = 1, retryable = false, metadata = {}) => {
  const problem = create(ProblemSchema, { reason: Reason.UNAVAILABLE, message: "down", metadata });
  return outcome({ case: "failed", value: { step: id, attempt, retryable, problem } });
};

const open = (task: TaskState) => running(task).map(({ key }) => key);

const diamond: Steps = [
  step("a", "Increment", literal("value", 0)),
  step("b", "Increment", output("value", "a", "value")),
  step("c", "Increment", output("value", "a", "value")),
  { ...step("d", "Increment", output("value", "b", "value")), after: ["c"] },
];

describe("a task runs along its graph", () => {
  test("steps start when what they need is there, in parallel where nothing is missing", () => {
    let task = started(...diamond);
    expect(open(task)).toEqual(["a"]);
    task = advance(task, done("a"));
    expect(open(task)).toEqual(["b", "c"]);
    task = advance(task, done("c"));
    expect(open(task)).toEqual(["b"]);
    task = advance(task, done("b"));
    expect(open(task)).toEqual(["d"]);
    task = advance(task, done("d"));
    expect(task.state).toBe(State.SUCCEEDED);
    expect(task.revision).toBe(5);
  });

  test("a goal that was refused ends in the write that creates it", () => {
    const problem = create(ProblemSchema, { reason: Reason.NO_SKILL });
    const created = create(CreatedSchema, { name: "tasks/t" });
    const begun = begin(created, [problem], { now: t0, values });
    const task = note(begun.task, begun.events, t0);
    expect(task.state).toBe(State.FAILED);
    expect(task.problems[0]?.reason).toBe(Reason.NO_SKILL);
    expect(task.revision).toBe(1);
  });
});

describe("what no longer applies changes nothing", () => {
  test("a second delivery of the same outcome", () => {
    const task = advance(started(...diamond), done("a"));
    expect(next(task, done("a"), t0)).toEqual([]);
  });

  test("the outcome of an attempt that was given up", () => {
    const task = advance(started(...diamond), broke("a", 1, true));
    expect(task.runs.get("a")?.attempts).toBe(2);
    expect(next(task, done("a", 1), t0)).toEqual([]);
    expect(next(task, done("a", 2), t0)).not.toEqual([]);
  });

  test("outcomes, cancels and ticks after the end", () => {
    const task = advance(started(...diamond), { kind: "cancel", by: "users/ann" });
    expect(task.state).toBe(State.CANCELLED);
    for (const input of [done("a"), { kind: "cancel", by: "x" }, { kind: "tick" }] as Input[]) {
      expect(next(task, input, t0 + 1e9)).toEqual([]);
    }
  });

  test("an outcome of a step that the plan does not have", () => {
    expect(next(started(...diamond), done("z"), t0)).toEqual([]);
  });
});

describe("failures", () => {
  test("what may help is tried again with growing pauses, at most so often, then ends the task", () => {
    let task = started(...diamond);
    for (let attempt = 1; attempt < limits.attempts_max; attempt++) {
      task = advance(task, broke("a", attempt, true));
      expect(open(task)).toEqual(["a"]);
      expect(task.runs.get("a")?.notBefore).toBe(t0 + limits.retry_ms_base * 2 ** (attempt - 1));
    }
    task = advance(task, broke("a", limits.attempts_max, true));
    expect(task.state).toBe(State.FAILED);
    expect(task.problems[0]?.message).toBe("down");
    expect(task.steps.get("d")?.state).toBe(State.CANCELLED);
  });

  test("the pause that a service asks for is kept", () => {
    const task = advance(started(...diamond), broke("a", 1, true, { retry_after_ms: "9000" }));
    expect(task.runs.get("a")?.notBefore).toBe(t0 + 9000);
  });

  test("what will not help ends the task at once, and so does any failure of an effect", () => {
    expect(advance(started(...diamond), broke("a")).state).toBe(State.FAILED);
    const effect = { ...step("a", "Increment"), effect: Effect.IRREVERSIBLE };
    expect(advance(started(effect), broke("a", 1, true)).state).toBe(State.FAILED);
  });

  test("a step that does not answer in time is tried again; a task out of time ends", () => {
    const task = started(...diamond);
    const late = t0 + 10_000 + limits.outcome_grace_ms;
    expect(next(task, { kind: "tick" }, late - 1)).toEqual([]);
    const again = advance(task, { kind: "tick" }, late);
    expect(again.runs.get("a")?.attempts).toBe(2);
    const over = advance(again, { kind: "tick" }, t0 + limits.task_time_ms_default);
    expect(over.state).toBe(State.FAILED);
    expect(over.problems[0]?.reason).toBe(Reason.DEADLINE_EXCEEDED);
  });
});

test("whatever comes in whatever order, each step is recorded at most once and the end is final", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const ends = new Set<State>();
  for (let round = 0; round < 500; round++) {
    let task = started(...diamond);
    let now = t0;
    const successes = new Map<string, number>();
    for (let move = 0; move < 60; move++) {
      now += Math.floor(random() * 400);
      const id = "abcd"[Math.floor(random() * 4)]!;
      const attempt = 1 + Math.floor(random() * 3);
      const dice = random();
      const input: Input =
        dice < 0.6
          ? done(id, attempt)
          : dice < 0.9
            ? broke(id, attempt, random() < 0.8)
            : dice < 0.99
              ? { kind: "tick" }
              : { kind: "cancel", by: "users/ann" };
      const was = task.state;
      const final = isFinal(task);
      const events = next(task, input, now);
      for (const { kind } of events) {
        if (kind?.case !== "stepSucceeded") continue;
        const name = kind.value.step!;
        successes.set(name, (successes.get(name) ?? 0) + 1);
      }
      if (events.length > 0) task = note(task, events, now);
      if (final) expect(task.state).toBe(was);
    }
    expect(folded(task)).toEqual(task);
    expect(Math.max(0, ...successes.values())).toBeLessThanOrEqual(1);
    if (task.state === State.SUCCEEDED) expect(successes.size).toBe(4);
    ends.add(task.state);
  }
  expect(ends).toContain(State.SUCCEEDED);
  expect(ends).toContain(State.FAILED);
  expect(ends).toContain(State.CANCELLED);
});
