/**
 * The one way in: every goal becomes a task here. It implements keiko.task.v1.TaskService over the
 * runner. Invariants: a task is durable when CreateTask answers; people see their own tasks only,
 * and somebody else's looks exactly like one that does not exist.
 */
import { randomBytes } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { CreatedSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { CreateTaskRequest, TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { earlierOf } from "./earlier.ts";
import { listConversations, listTasks } from "./listing.ts";
import { userOf } from "./plan-service.ts";
import type { Planning } from "./planning.ts";
import type { Requests } from "./requests.ts";
import type { Runner } from "./runner.ts";
import { finalStates } from "./state.ts";

export interface Deps {
  runner: Runner;
  planning: Planning;
  requests: Requests;
  /** Whether the bytes of a file are there. */
  stored: (file: File) => Promise<boolean>;
  now: () => number;
}

export function taskService({ runner, planning, requests, stored, now }: Deps) {
  const readable = async (name: string, user: string): Promise<Task | undefined> =>
    (await runner.ownerOf(name)) === user ? await runner.get(name) : undefined;
  const continued = (name: string, user: string) => owned(name, user, "previous");
  const owned = async (name: string, user: string, field = "name"): Promise<Task> => {
    const task = await readable(name, user);
    if (task) return task;
    throw refuse(Reason.NOT_FOUND, {
      message: `there is no task ${name}`,
      field,
      remedy: "list your tasks with ListTasks",
      metadata: { name },
    });
  };
  return {
    async createTask(request, context) {
      const user = userOf(context);
      await guardAttachments(request.attachments, stored);
      const { name, existing } = await requests.claim(user, request.requestId, freshName(now()));
      const before = existing ? await runner.get(name) : undefined;
      if (before) return { task: before };
      const previous = request.previous ? await continued(request.previous, user) : undefined;
      const earlier = previous && (await earlierOf(previous, (one) => readable(one, user)));
      const attachments =
        request.attachments.length > 0 ? request.attachments : [...(earlier?.files ?? [])];
      const asked = { attachments, limits: request.limits, user, ...earlier };
      const { plan, problems } = request.plan
        ? planning.compile(request.plan, asked)
        : await planning.forGoal(request.goal, asked);
      const created = create(CreatedSchema, {
        ...fromRequest(request),
        attachments,
        name,
        owner: user,
        ...(plan ? { plan } : {}),
        traceId: context.values.get(callKey)?.trace.traceId ?? "",
      });
      return { task: await runner.create(created, problems) };
    },
    async getTask({ name }, context) {
      return { task: await owned(name, userOf(context)) };
    },
    listTasks: (request, context) => listTasks(runner.list, userOf(context), request),
    async *watchTask({ name }, context) {
      const user = userOf(context);
      let changed = Promise.withResolvers<void>();
      const wake = () => changed.resolve();
      const stop = runner.subscribe(name, wake);
      context.signal.addEventListener("abort", wake, { once: true });
      try {
        while (!context.signal.aborted) {
          const task = await owned(name, user);
          yield { task };
          if (finalStates.has(task.state)) return;
          await changed.promise;
          changed = Promise.withResolvers();
        }
      } finally {
        stop();
      }
    },
    async *watchTasks(_, context) {
      for await (const tasks of runner.watch(userOf(context), context.signal)) yield { tasks };
    },
    listConversations: (request, context) =>
      listConversations(runner.list, userOf(context), request),
    async cancelTask({ name }, context) {
      const user = userOf(context);
      await owned(name, user);
      const task = await runner.cancel(name, user);
      return { task: task ?? (await owned(name, user)) };
    },
  } satisfies ServiceImpl<typeof TaskService>;
}

async function guardAttachments(
  attachments: readonly File[],
  stored: (file: File) => Promise<boolean>,
): Promise<void> {
  for (const [index, file] of attachments.entries()) {
    if (await stored(file)) continue;
    throw refuse(Reason.NOT_FOUND, {
      message: `there is no file ${file.name} ("${file.filename}")`,
      field: `attachments[${index}].name`,
      remedy: "upload the file first",
      metadata: { name: file.name, filename: file.filename },
    });
  }
}

function fromRequest(request: CreateTaskRequest): MessageInitShape<typeof CreatedSchema> {
  const { goal, limits, requestId, conversation, previous } = request;
  const said = goal.trim() === "" ? (request.plan?.goal ?? "") : goal;
  return { goal: said, requestId, conversation, previous, ...(limits ? { limits } : {}) };
}

// Sorts by time of creation: milliseconds first, then chance.
function freshName(now_ms: number): string {
  const time = now_ms.toString(36).padStart(9, "0");
  const chance = randomBytes(8).readBigUInt64BE().toString(36).padStart(13, "0");
  return `tasks/${time}-${chance}`;
}
