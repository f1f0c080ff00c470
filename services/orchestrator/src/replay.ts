/**
 * Runs a recorded task again from its journal: what came from outside (outcomes, people's words, the
 * time) is taken from the record, and every decision is made anew. The same machine must write the
 * same events; the first that is another one is the divergence. Pure.
 */
import {
  create,
  fromBinary,
  type JsonValue,
  type MessageInitShape,
  toJson,
} from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { ReplySchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Event,
  EventSchema,
  StepOutcomeSchema,
  type Transition,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { DivergenceSchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { NewEvent, Values } from "./draft.ts";
import { begin, type Input, next } from "./machine.ts";
import { apply } from "./state.ts";
import type { TaskState } from "./task-state.ts";

export type NewDivergence = MessageInitShape<typeof DivergenceSchema>;

export function replay(
  transitions: readonly Transition[],
  values: Values,
): NewDivergence | undefined {
  for (const [index, transition] of transitions.entries()) {
    const now = transition.time ? timestampMs(transition.time) : 0;
    const divergence = replayOne(transitions, index, { now, values });
    if (divergence) return { transition: index + 1, ...divergence };
  }
  return undefined;
}

function replayOne(
  transitions: readonly Transition[],
  index: number,
  environment: { now: number; values: Values },
): NewDivergence | undefined {
  const recorded = transitions[index]!.events;
  const first = recorded[0];
  if (first?.kind.case === "created") {
    const ended = recorded.find(({ kind }) => kind.case === "ended")?.kind.value;
    const problems = ended && "problems" in ended && !first.kind.value.plan ? ended.problems : [];
    return compare(recorded, begin(first.kind.value, problems, environment).events);
  }
  let found: NewDivergence | undefined;
  for (const input of causes(recorded)) {
    // The machine makes the state after of the state before, so each try has one of its own.
    const before = stateBefore(transitions, index);
    const divergence = compare(recorded, next(before, input, environment));
    if (!divergence) return undefined;
    found ??= divergence;
  }
  return found;
}

function stateBefore(transitions: readonly Transition[], index: number): TaskState {
  let state: TaskState | undefined;
  for (const [at, transition] of transitions.slice(0, index).entries()) {
    state = apply(state, transition, at + 1);
  }
  if (!state) throw new Error("a journal begins with no task");
  return state;
}

/** What may have led to these events, the likeliest first. */
function causes(events: readonly Event[]): Input[] {
  const tick: Input = { kind: "tick" };
  const [first] = events;
  const kind = first?.kind;
  switch (kind?.case) {
    case "stepSucceeded":
    case "stepFailed": {
      const result =
        kind.case === "stepSucceeded"
          ? { case: "succeeded" as const, value: kind.value }
          : { case: "failed" as const, value: kind.value };
      const outcome = create(StepOutcomeSchema, { result });
      const planned = events.find((one) => one.kind.case === "replanned")?.kind;
      const instead = planned?.case === "replanned" ? planned.value.plan : undefined;
      return [{ kind: "outcome", outcome, instead }, tick];
    }
    case "cancelRequested":
      return [{ kind: "cancel", by: kind.value.by }];
    case "paused":
      return [{ kind: "pause", by: kind.value.by }];
    case "resumed":
      return [{ kind: "resume", by: kind.value.by }];
    case "childStarted": {
      const { step, task, grantedMicros } = kind.value;
      return [{ kind: "child", step, task, granted: Number(grantedMicros) }];
    }
    case "takenBack":
      return [{ kind: "takeBack", step: kind.value.step, attempt: kind.value.attempt }];
    case "delegated": {
      const { step, by, to } = kind.value;
      const said = { case: "delegateTo" as const, value: to };
      return [{ kind: "answer", answer: { step, by, said, note: "" } }];
    }
    case "personAnswered": {
      const { step, by, agreed, reply, note } = kind.value;
      if (by === "") return [tick];
      const said =
        reply.length > 0
          ? { case: "reply" as const, value: fromBinary(ReplySchema, reply) }
          : { case: "agree" as const, value: agreed };
      return [{ kind: "answer", answer: { step, by, said, note } }];
    }
    default:
      return [tick];
  }
}

function compare(recorded: readonly Event[], made: readonly NewEvent[]): NewDivergence | undefined {
  const options = { useProtoFieldName: true };
  const json = (events: readonly NewEvent[]) =>
    events.map((event) => toJson(EventSchema, create(EventSchema, event), options));
  const before = json(recorded);
  const after = json(made);
  const found = firstDifference(before, after, "events");
  if (!found) return undefined;
  const index = Number(/^events\[(\d+)\]/.exec(found.field)?.[1] ?? 0);
  return { ...found, step: stepOf(recorded[index] ?? made[index]) };
}

function stepOf(event: NewEvent | undefined): string {
  const value = event?.kind?.value;
  return value && "step" in value && typeof value.step === "string" ? value.step : "";
}

/** Where two values are first not the same. */
export function firstDifference(
  recorded: JsonValue | undefined,
  now: JsonValue | undefined,
  field: string,
): { field: string; recorded: string; now: string; message: string } | undefined {
  if (Array.isArray(recorded) && Array.isArray(now)) {
    for (let n = 0; n < Math.max(recorded.length, now.length); n++) {
      const found = firstDifference(recorded[n], now[n], `${field}[${n}]`);
      if (found) return found;
    }
    return undefined;
  }
  if (isObject(recorded) && isObject(now)) {
    for (const name of new Set([...Object.keys(recorded), ...Object.keys(now)])) {
      const found = firstDifference(recorded[name], now[name], `${field}.${name}`);
      if (found) return found;
    }
    return undefined;
  }
  if (recorded === now) return undefined;
  const was = shown(recorded);
  const is = shown(now);
  const message = `${field} was ${was || "not there"} and is ${is || "not there"} now`;
  return { field, recorded: was, now: is, message };
}

function isObject(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "" : JSON.stringify(value).slice(0, 1000);
}
