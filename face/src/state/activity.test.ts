import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type Event, EventSchema } from "@keiko/gen/keiko/event/v1/event_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Change } from "../testing/events.ts";
import { english } from "../words/english.ts";
import { german } from "../words/german.ts";
import { type ActivityLine, linesMax, ofKind, withEvent, withGap } from "./activity.ts";
import { sayLine } from "./activity-line.ts";
import { inSummaries } from "./summaries.ts";

let count = 0;
const event = (change: Change): Event =>
  create(EventSchema, { id: `e${++count}`, time: timestampFromMs(count), source: "s", change });
const step = (task: string, name: string, state = State.RUNNING) =>
  event({ case: "stepChanged", value: { task, step: name, state, attempt: 1 } });
const task = (name: string, state = State.RUNNING) =>
  event({ case: "taskChanged", value: { name, state } });
const left = (name: string) => event({ case: "workloadLeft", value: { name, lapsed: true } });

const after = (...events: Event[]) =>
  events.reduce<readonly ActivityLine[]>(withEvent, [] as readonly ActivityLine[]);
const short = (lines: readonly ActivityLine[]) =>
  lines.map((line) =>
    line.about === "steps"
      ? `${line.task}: ${line.steps.map(({ step, state }) => `${step} ${State[state]}`).join(", ")}`
      : "task" in line
        ? line.task
        : line.about,
  );

test("two tasks at a time have one line of steps each, whatever comes between", () => {
  const lines = after(
    step("t1", "a"),
    step("t2", "a"),
    left("workloads/w"),
    step("t1", "a", State.SUCCEEDED),
    step("t2", "b"),
    step("t1", "b"),
  );
  expect(short(lines)).toEqual([
    "workload",
    "t2: b RUNNING, a RUNNING",
    "t1: b RUNNING, a SUCCEEDED",
  ]);
});

test("a line that grows keeps its place, its time and its name", () => {
  const before = after(step("t1", "a"));
  const [grown] = withEvent(before, step("t1", "b"));
  expect(grown).toMatchObject({ id: before[0]?.id, time: before[0]?.time });
});

test("another word about the task, or something missing, begins a new line of steps", () => {
  const told = after(step("t1", "a"), task("t1"), step("t1", "b"));
  expect(short(told)).toEqual(["t1: b RUNNING", "t1", "t1: a RUNNING"]);
  const torn = withEvent(withGap(after(step("t1", "a")), 1), step("t1", "b"));
  expect(short(torn)).toEqual(["t1: b RUNNING", "gap", "t1: a RUNNING"]);
});

test("steps far below are left alone", () => {
  const others = Array.from({ length: 20 }, (_, at) => left(`workloads/w${at}`));
  expect(after(step("t1", "a"), ...others, step("t1", "b"))).toHaveLength(22);
});

test("what is not known here is no line, and one gap is enough", () => {
  const lines = after(left("workloads/w"));
  expect(withEvent(lines, create(EventSchema, { id: "e0" }))).toBe(lines);
  const torn = withGap(lines, 1);
  expect(withGap(torn, 2)).toBe(torn);
  expect(ofKind(torn, "files").map(({ about }) => about)).toEqual(["gap"]);
});

test("the oldest lines go when there are too many", () => {
  const lines = after(...Array.from({ length: linesMax + 5 }, (_, at) => left(`workloads/w${at}`)));
  expect(lines).toHaveLength(linesMax);
  expect(lines[0]).toMatchObject({ name: `workloads/w${linesMax + 4}` });
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a summary every few seconds at most, of nothing that was there before", () => {
  const said: number[] = [];
  const summaries = inSummaries((news) => said.push(news));
  summaries.reach(7);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([]);
  for (let now = 8; now < 108; now++) {
    summaries.reach(now);
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(5000);
  expect(said).toHaveLength(3);
  expect(said.reduce((sum, news) => sum + news)).toBe(100);
  summaries.begin();
  summaries.reach(500);
  vi.advanceTimersByTime(10_000);
  expect(said).toHaveLength(3);
});

test("what unfinished tasks need and nobody serves any more leads to the task, or to all of them", () => {
  const missed = (...tasks: string[]) => {
    const value = { service: "keiko.data.v1.DataService", tasks, taskCount: tasks.length };
    return after(event({ case: "contractMissed", value }))[0]!;
  };
  const one = sayLine(missed("tasks/1"), undefined, english, "en");
  expect(one).toMatchObject({ subject: "keiko.data.v1.DataService", href: "/tasks/1" });
  expect(one.rest).toContain("1 unfinished task needs it");
  const both = sayLine(missed("tasks/1", "tasks/2"), undefined, german, "de");
  expect(both).toMatchObject({ href: "/tasks" });
  expect(both.rest).toContain("2 offene Aufgaben brauchen es");
});
