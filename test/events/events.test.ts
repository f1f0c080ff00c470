/** Events as a person and a program get them: over the port, by token, and only what is theirs. */
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { eventService } from "@keiko/event/event-service.ts";
import { createRecent } from "@keiko/event/recent.ts";
import { type Event, EventKind, EventSchema } from "@keiko/gen/keiko/event/v1/event_pb.js";
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";

let keiko: TestKeiko;
beforeAll(async () => {
  keiko = await startKeiko();
});
afterAll(() => keiko.stop());

/** Events from now on: the promise resolves when nothing is missed any more. */
async function listen(kinds: EventKind[] = []) {
  const stopping = new AbortController();
  const events: Event[] = [];
  const ready = Promise.withResolvers<void>();
  const ended = (async () => {
    const options = { signal: stopping.signal };
    for await (const { event } of keiko.client(EventService).watchEvents({ kinds }, options)) {
      if (event) events.push(event);
      else ready.resolve();
    }
  })().catch(() => {});
  await ready.promise;
  return {
    events,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((next) => setTimeout(next, 5));
}

test("a task that ends without a plan is told twice: queued, then failed", async () => {
  const heard = await listen([EventKind.TASK_CHANGED]);
  const { task } = await keiko.client(TaskService).createTask({ goal: "Book me a flight" });
  const name = task!.name;
  await until(() => heard.events.length === 2);
  await heard.stop();
  expect(heard.events.map(({ source, owner }) => [source, owner])).toEqual([
    ["orchestrator", "users/local"],
    ["orchestrator", "users/local"],
  ]);
  expect(heard.events.map(({ change }) => change.value)).toMatchObject([
    { name, state: State.QUEUED },
    { name, state: State.FAILED },
  ]);
  expect(heard.events[0]!.traceId).toBe(task!.traceId);
  expect(heard.events[0]!.id < heard.events[1]!.id).toBe(true);
});

test("a stored file is told, and only of the kinds that were asked for", async () => {
  const heard = await listen([EventKind.ARTIFACT_STORED]);
  await keiko.client(TaskService).createTask({ goal: "Book me a flight" });
  const response = await fetch(`${keiko.base}/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${keiko.token}`, "x-filename": "a.csv" },
    body: "a\n1\n",
  });
  expect(response.status).toBe(200);
  await until(() => heard.events.length === 1);
  await heard.stop();
  expect(heard.events).toMatchObject([{ change: { value: { file: { filename: "a.csv" } } } }]);
});

function toldBy(recent: ReturnType<typeof createRecent>, pending_max?: number) {
  const service = eventService({ recent, ...(pending_max ? { pending_max } : {}) });
  return createClient(
    EventService,
    createRouterTransport((router) => router.service(EventService, service)),
  );
}

const eventOf = (id: number, owner = ""): Event =>
  create(EventSchema, {
    id: `${String(id).padStart(9, "0")}-0000000000000000`,
    time: timestampFromMs(id),
    owner,
    change: { case: "workloadLeft", value: { name: `workloads/w${id}` } },
  });

test("who comes back gets what came after the last event, and nobody else's", async () => {
  const recent = createRecent(10);
  for (const [id, owner] of [[1], [2], [3, "users/ann"], [4]] as [number, string?][]) {
    recent.add(eventOf(id, owner));
  }
  const seen: (string | undefined)[] = [];
  for await (const { event } of toldBy(recent).watchEvents({ after: eventOf(1).id })) {
    seen.push(event?.id);
    if (!event) break;
  }
  expect(seen).toEqual([eventOf(2).id, eventOf(4).id, undefined]);
});

test("an event that is not kept any more is an error, not a gap", async () => {
  const recent = createRecent(2);
  for (let id = 1; id <= 8; id++) recent.add(eventOf(id));
  const first = toldBy(recent)
    .watchEvents({ after: eventOf(1).id })
    [Symbol.asyncIterator]();
  await expect(first.next()).rejects.toThrow(/is not kept, or not any more/);
});

test("who does not read is told so instead of missing something", async () => {
  const recent = createRecent(100);
  const watching = toldBy(recent, 3).watchEvents({})[Symbol.asyncIterator]();
  await watching.next();
  for (let id = 1; id <= 10; id++) recent.add(eventOf(id));
  await expect(
    (async () => {
      for (;;) if ((await watching.next()).done) return;
    })(),
  ).rejects.toThrow(/more than 3 events wait/);
});
