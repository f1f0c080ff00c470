/**
 * Runs stored plans by themselves: at points in time, and when events happen. Every orchestrator knows
 * all triggers; the one that leads a plan's partition acts on them, under a request id that names the
 * point in time or the event, so that two who act at once create one task.
 */
import { create, type JsonValue, toJson } from "@bufbuild/protobuf";
import { timestampFromMs, ValueSchema } from "@bufbuild/protobuf/wkt";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Event, EventSchema } from "@keiko/gen/keiko/event/v1/event_pb.js";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type EventFilter,
  type Schedule,
  type StoredPlan,
  StoredPlanSchema,
  type Trigger,
  TriggerSchema,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { kindName, subscribeEvents } from "@keiko/runtime/events.ts";
import type { Log } from "@keiko/runtime/log.ts";
import type { Bus, KeyValue } from "@keiko/runtime/substrate/substrate.ts";
import { Cron } from "croner";
import { limits } from "./limits.ts";
import { headPrefix, read as readPlan } from "./stored-plans.ts";
import { lasting, realTimers, type Timers } from "./timers.ts";

const firedPrefix = "plan-fired/";

export interface TriggerDeps {
  kv: KeyValue;
  bus: Bus;
  log: Log;
  now: () => number;
  timers?: Timers;
  leads(name: string): boolean;
  /** The stored plan that a task runs, as `plans/{id}`; undefined: none. */
  planOf(task: string): Promise<string | undefined>;
  /** Creates the task, or finds the one that the request id stands for; resolves to its name. */
  run(plan: StoredPlan, trigger: Trigger, why: Why): Promise<string>;
}

export interface Why {
  requestId: string;
  /** "schedule", or the id of an event. */
  trigger: string;
  /** Values beside those of the trigger. */
  inputs: Record<string, JsonValue>;
}

export type Triggers = ReturnType<typeof createTriggers>;

interface Fired {
  /** Milliseconds since the epoch: the point in time that was acted on last, or from when on to look. */
  at: number;
  task: string;
}

export function createTriggers(deps: TriggerDeps) {
  const { kv, bus, log, now, timers = realTimers } = deps;
  const plans = new Map<string, StoredPlan>();
  const fired = new Map<string, Fired>();
  const firing = new Set<string>();

  const report = (key: string, cause: unknown) =>
    log.warn("a trigger started nothing", { trigger: key, cause: String(cause) });

  const remember = async (key: string, value: Fired) => {
    fired.set(key, value);
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    await kv.put(`${firedPrefix}${key}`, bytes);
  };

  /** What whoever led the plan wrote last. */
  const read = async (key: string): Promise<Fired | undefined> => {
    const entry = await kv.get(`${firedPrefix}${key}`);
    return entry && (JSON.parse(new TextDecoder().decode(entry.value)) as Fired);
  };

  const lastOf = async (key: string): Promise<Fired | undefined> => {
    const known = fired.get(key) ?? (await read(key));
    if (known) fired.set(key, known);
    return known;
  };

  const fire = async (plan: StoredPlan, trigger: Trigger, why: Why, at: number) => {
    const key = keyOf(plan, trigger);
    const task = await deps.run(plan, trigger, why);
    await remember(key, { at, task });
  };

  /** Points in time that passed while nobody looked are one: the last. */
  const onTime = async (plan: StoredPlan, trigger: Trigger, schedule: Schedule) => {
    const key = keyOf(plan, trigger);
    const at = now();
    const last = await lastOf(key);
    if (!last) {
      await remember(key, { at, task: "" });
      return;
    }
    if ((nextOf(schedule, last.at) ?? Number.POSITIVE_INFINITY) > at) return;
    const point = latestOf(schedule, last.at, at);
    const requestId = `schedule-${trigger.id}-${point}`;
    await fire(plan, trigger, { requestId, trigger: "schedule", inputs: {} }, point);
  };

  const starts = new Map<string, { minute: number; count: number }>();
  const paced = (key: string): boolean => {
    const minute = Math.floor(now() / 60_000);
    const known = starts.get(key);
    const count = known?.minute === minute ? known.count + 1 : 1;
    starts.set(key, { minute, count });
    return count <= limits.trigger_starts_per_minute;
  };

  const onEvent = async (plan: StoredPlan, trigger: Trigger, filter: EventFilter, event: Event) => {
    if (!matches(plan, filter, event)) return;
    // What a plan does itself must not start it again, nor two plans each other without end.
    const about = taskIn(event);
    if (about && (await deps.planOf(about)) === plan.name) return;
    if (!paced(keyOf(plan, trigger))) {
      log.warn("a trigger fired too often and started nothing", { trigger: keyOf(plan, trigger) });
      return;
    }
    const inputs = subjectOf(plan, filter, event);
    const requestId = `event-${trigger.id}-${event.id}`;
    await fire(plan, trigger, { requestId, trigger: event.id, inputs }, now());
  };

  /** One at a time for each trigger; a failure is tried again when the trigger is next looked at. */
  const singly = async (key: string, act: () => Promise<void>) => {
    if (firing.has(key)) return;
    firing.add(key);
    try {
      await act();
    } catch (error) {
      report(key, error);
    } finally {
      firing.delete(key);
    }
  };

  const ours = () =>
    [...plans.values()].filter(({ owner, name }) => deps.leads(`${owner}/${name}`));

  const follow = async (signal: AbortSignal) => {
    for await (const change of kv.watch(headPrefix, { signal })) {
      if (change.kind === "put") {
        plans.set(change.entry.key, readPlan(change.entry));
      } else if (change.kind === "delete") plans.delete(change.key);
    }
  };

  // Tasks tell of each of their steps, and hardly ever does a plan wait for that.
  const heeds = (kind: string) => {
    for (const { triggers } of plans.values()) {
      if (triggers.some(({ on }) => on.case === "event" && on.value.kind === kind)) return true;
    }
    return false;
  };

  const listen = async (signal: AbortSignal) => {
    const options = { signal, pending_max: limits.events_pending_max, heeds };
    for await (const event of subscribeEvents(bus, options)) {
      for (const plan of ours()) {
        for (const trigger of plan.triggers) {
          if (trigger.paused || trigger.on.case !== "event") continue;
          const filter = trigger.on.value;
          onEvent(plan, trigger, filter, event).catch((error) =>
            report(keyOf(plan, trigger), error),
          );
        }
      }
    }
  };

  return {
    start(signal: AbortSignal): void {
      const told = (cause: unknown) => {
        log.warn("triggers are followed anew", { cause: String(cause) });
      };
      lasting(timers, signal, () => follow(signal), told);
      lasting(timers, signal, () => listen(signal), told);
      const stop = timers.every(limits.triggers_look_ms, () => {
        for (const plan of ours()) {
          for (const trigger of plan.triggers) {
            if (trigger.paused || trigger.on.case !== "schedule") continue;
            const schedule = trigger.on.value;
            void singly(keyOf(plan, trigger), () => onTime(plan, trigger, schedule));
          }
        }
      });
      signal.addEventListener("abort", stop);
    },
    /** With what triggers will do next and did last. */
    async told(stored: StoredPlan): Promise<StoredPlan> {
      const tell = async (trigger: Trigger) => {
        const last = await read(keyOf(stored, trigger));
        const next = trigger.on.case === "schedule" ? nextOf(trigger.on.value, now()) : undefined;
        return create(TriggerSchema, {
          ...trigger,
          lastTask: last?.task ?? "",
          ...(next !== undefined && !trigger.paused ? { nextTime: timestampFromMs(next) } : {}),
        });
      };
      const triggers = await Promise.all(stored.triggers.map(tell));
      return create(StoredPlanSchema, { ...stored, triggers });
    },
    guard,
  };
}

/** Throws for what could never run. */
function guard(stored: StoredPlan, triggers: readonly Trigger[]): void {
  const ids = new Set<string>();
  const parameters = new Map(stored.plan?.parameters.map((one) => [one.name, one]));
  for (const [index, trigger] of triggers.entries()) {
    const at = `triggers[${index}]`;
    if (ids.has(trigger.id))
      throw wrong(`${at}.id`, `two triggers have the id "${trigger.id}"`, "");
    ids.add(trigger.id);
    const given = new Set(Object.keys(trigger.inputs));
    if (trigger.on.case === "schedule") guardSchedule(`${at}.schedule`, trigger.on.value);
    if (trigger.on.case === "event" && trigger.on.value.parameter) {
      const { parameter, kind } = trigger.on.value;
      const type = parameters.get(parameter)?.type;
      const fits =
        kind === "artifact_stored"
          ? [ParameterType.FILE, ParameterType.TEXT]
          : [ParameterType.TEXT];
      if (type === undefined || !fits.includes(type)) {
        const remedy = `name a parameter of type ${fits.map((one) => ParameterType[one]).join(" or ")}`;
        throw wrong(`${at}.event.parameter`, `no such parameter "${parameter}" fits`, remedy);
      }
      given.add(parameter);
    }
    for (const name of given) {
      if (parameters.has(name)) continue;
      const names = [...parameters.keys()].join(", ") || "none";
      throw wrong(
        `${at}.inputs["${name}"]`,
        `the plan has no parameter "${name}"`,
        `it has: ${names}`,
      );
    }
    const open = [...parameters.values()].find((one) => !one.default && !given.has(one.name));
    if (open) {
      throw wrong(`${at}.inputs`, `the plan needs "${open.name}"`, "give a value for it");
    }
  }
}

function guardSchedule(at: string, schedule: Schedule): void {
  try {
    if (nextOf(schedule, Date.now()) === undefined) throw new Error("it never comes");
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const zone = /time ?zone/i.test(text);
    const remedy = zone
      ? 'give an IANA name, for example "Europe/Berlin"'
      : 'give minute, hour, day, month and day of week, for example "30 6 * * 1-5"';
    throw wrong(`${at}.${zone ? "time_zone" : "cron"}`, text, remedy);
  }
}

function wrong(field: string, message: string, remedy: string) {
  return refuse(Reason.INVALID_FIELD, { message, field, remedy: remedy || "change one of them" });
}

/** The first point in time after the given one; undefined: there is none. */
function nextOf({ cron, timeZone }: Schedule, after: number): number | undefined {
  const options = { timezone: timeZone || "UTC", mode: "5-part", paused: true } as const;
  return new Cron(cron, options).nextRun(new Date(after))?.getTime();
}

/** The last point in time after the one and not after the other. */
function latestOf(schedule: Schedule, after: number, until: number): number {
  let latest = after;
  for (let tries = 0; tries < limits.points_passed_max; tries++) {
    const next = nextOf(schedule, latest);
    if (next === undefined || next > until) return latest;
    latest = next;
  }
  return until;
}

/** Only what the owner may see, and what has the values that are asked for. */
function matches(plan: StoredPlan, filter: EventFilter, event: Event): boolean {
  if (kindName(event) !== filter.kind || (event.owner !== "" && event.owner !== plan.owner))
    return false;
  const change = changeOf(event, filter.kind);
  return Object.entries(filter.fields).every(([path, value]) => {
    const found = path.split(".").reduce<JsonValue | undefined>(into, change);
    return JSON.stringify(found) === JSON.stringify(toJson(ValueSchema, value));
  });
}

function changeOf(event: Event, kind: string): JsonValue | undefined {
  const json = toJson(EventSchema, event, { useProtoFieldName: true, alwaysEmitImplicit: true });
  return (json as Record<string, JsonValue>)[kind];
}

function into(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return value[name];
}

/** The task that the event tells of; undefined: it tells of something else. */
function taskIn({ change }: Event): string | undefined {
  if (change.case === "taskChanged") return change.value.name;
  return change.case === "stepChanged" ? change.value.task : undefined;
}

/** The file, or the name, that the event is about, for the parameter that wants it. */
function subjectOf(plan: StoredPlan, filter: EventFilter, event: Event): Record<string, JsonValue> {
  const parameter = plan.plan?.parameters.find(({ name }) => name === filter.parameter);
  if (!parameter) return {};
  const change = changeOf(event, filter.kind);
  if (event.change.case === "artifactStored" && event.change.value.file) {
    const { file } = event.change.value;
    const whole = parameter.type === ParameterType.FILE;
    return { [parameter.name]: whole ? toJson(FileSchema, file) : file.name };
  }
  const name =
    into(change, "name") ?? into(into(change, "workload"), "name") ?? into(change, "task");
  return typeof name === "string" ? { [parameter.name]: name } : {};
}

export function inputsOf({ inputs }: Pick<Trigger, "inputs">): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, toJson(ValueSchema, value)]),
  );
}

function keyOf({ owner, name }: StoredPlan, { id }: Trigger): string {
  return `${owner}/${name}/${id}`;
}
