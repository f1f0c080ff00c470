// `keiko event tail`: what happens inside, a line each, until Ctrl-C.

import { toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Event, EventKind, EventSchema } from "@keiko/gen/keiko/event/v1/event_pb.js";
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";

import { connect } from "../connection.ts";
import { EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { readOptions } from "../options.ts";
import type { Console } from "../terminal.ts";

const RETRY_MS = 500;

export async function event(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    kind: { type: "string", multiple: true },
    json: { type: "boolean" },
  });
  const [verb = "tail", ...more] = given.words;
  if (verb !== "tail" || more.length > 0) {
    throw new WrongUsage(`"event ${given.words.join(" ")}" is not known: tail.`);
  }
  const kinds = given.texts("kind").map(kindNamed);
  const connection = connect(given);
  const stopping = new AbortController();
  const stop = console.onInterrupt(() => stopping.abort());
  let after = "";
  try {
    const events = connection.client(EventService);
    for (;;) {
      try {
        const options = { signal: stopping.signal };
        for await (const told of events.watchEvents({ kinds, after }, options)) {
          if (!told.event) continue;
          after = told.event.id;
          console.out(`${given.flag("json") ? jsonOf(told.event) : lineOf(told.event)}\n`);
        }
      } catch (error) {
        if (stopping.signal.aborted) return EXIT.done;
        // The first connection must work; one that was lost is made again, after the last event.
        const { code } = ConnectError.from(error);
        if (after === "" || code !== Code.Unavailable) throw error;
        await new Promise((next) => setTimeout(next, RETRY_MS));
      }
    }
  } finally {
    stop();
    connection.close();
  }
}

const KINDS = Object.keys(EventKind)
  .filter((name) => Number.isNaN(Number(name)) && name !== "UNSPECIFIED")
  .map((name) => name.toLowerCase().replaceAll("_", "-"));

function kindNamed(word: string): EventKind {
  const name = word.toUpperCase().replaceAll("-", "_") as keyof typeof EventKind;
  const kind = KINDS.includes(word.toLowerCase()) ? EventKind[name] : undefined;
  if (kind) return kind;
  throw new WrongUsage(`There is no kind "${word}". Kinds: ${KINDS.join(", ")}.`);
}

function jsonOf(told: Event): string {
  return JSON.stringify(toJson(EventSchema, told));
}

function lineOf(told: Event): string {
  const time = told.time ? timestampDate(told.time).toISOString().slice(11, 23) : "";
  return `${time}  ${told.source.padEnd(13)} ${sentenceOf(told)}`;
}

function sentenceOf({ change }: Event): string {
  const stateOf = (state: State) => State[state].toLowerCase();
  switch (change.case) {
    case "workloadRegistered":
      return `${change.value.workload?.name} came, at ${change.value.workload?.endpoints.join(", ")}`;
    case "workloadChanged":
      return `${change.value.workload?.name} changed, at ${change.value.workload?.endpoints.join(", ")}`;
    case "workloadLeft":
      return `${change.value.name} ${change.value.lapsed ? "was not heard of any more" : "left"}`;
    case "taskChanged":
      return `${change.value.name} is ${stateOf(change.value.state)}`;
    case "stepChanged": {
      const { task, step, state, attempt } = change.value;
      return `${task} step ${step} is ${stateOf(state)}${attempt > 1 ? `, run ${attempt}` : ""}`;
    }
    case "policyChanged":
      return `policy set ${change.value.revision.slice(0, 12)} is in force`;
    case "contractMissed": {
      const { service, tasks, taskCount } = change.value;
      const named = `${tasks.slice(0, 3).join(", ")}${taskCount > 3 ? ", …" : ""}`;
      return `nobody serves ${service} any more, and ${taskCount} unfinished need it: ${named}`;
    }
    case "artifactStored":
      return `${change.value.file?.filename || change.value.file?.name} was stored`;
    default:
      return "something happened that this version does not know";
  }
}
