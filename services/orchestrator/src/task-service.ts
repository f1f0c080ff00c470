/**
 * The one way in: every goal becomes a task here. It implements keiko.task.v1.TaskService over the
 * runner. Invariants: a task is durable when CreateTask answers; people see their own tasks only,
 * and somebody else's looks exactly like one that does not exist.
 */
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import type { Creation } from "./creation.ts";
import { answerStep, listDecisions } from "./decisions.ts";
import { earlierOf } from "./earlier.ts";
import { listConversations, listTasks } from "./listing.ts";
import { userOf } from "./plan-service.ts";
import { readRecord, recordOf } from "./record.ts";
import { replay } from "./replay.ts";
import { type CurrentDeps, replayCurrent } from "./replay-current.ts";
import type { Runner } from "./runner.ts";
import { finalStates } from "./task-state.ts";
import { valuesOf } from "./values.ts";

export interface Deps {
  runner: Runner;
  creation: Creation;
  /** What a recorded task is compared with. */
  current: Omit<CurrentDeps, "user" | "only">;
  /** Whether the bytes of a file are there. */
  stored: (file: File) => Promise<boolean>;
  now: () => number;
}

export function taskService({ runner, creation, current, stored, now }: Deps) {
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
  const said = async (
    name: string,
    context: HandlerContext,
    kind: "cancel" | "pause" | "resume",
  ) => {
    const user = userOf(context);
    const before = await owned(name, user);
    if (kind !== "cancel" && finalStates.has(before.state)) throw over(name);
    return { task: (await runner.apply(name, { kind, by: user })) ?? before };
  };
  return {
    async createTask(request, context) {
      const call = context.values.get(callKey);
      const user = userOf(context);
      await guardAttachments(request.attachments, stored);
      const previous = request.previous ? await continued(request.previous, user) : undefined;
      const earlier = previous && (await earlierOf(previous, (one) => readable(one, user)));
      const asked = { request, user, traceId: call?.trace.traceId ?? "", earlier };
      return { task: await creation.create(asked, call?.within) };
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
    cancelTask: ({ name }, context) => said(name, context, "cancel"),
    pauseTask: ({ name }, context) => said(name, context, "pause"),
    resumeTask: ({ name }, context) => said(name, context, "resume"),
    async recordTask({ name }, context) {
      const task = await owned(name, userOf(context));
      if (!finalStates.has(task.state)) throw unfinished(name);
      return { recorded: await recordOf(await runner.transitions(name), current.contracts) };
    },
    async replayTask({ name, againstCurrent, againstWorkload: only, recorded: bytes }, context) {
      const user = userOf(context);
      if (name) await owned(name, user);
      const recorded = name ? undefined : readRecord(bytes);
      const transitions = recorded?.transitions ?? (await runner.transitions(name));
      const contracts = recorded?.contracts ?? current.contracts;
      const done = { transitionCount: transitions.length };
      if (againstCurrent) {
        const { calls, divergence } = await replayCurrent(transitions, {
          ...current,
          contracts,
          user,
          only,
        });
        if (only && calls === 0 && !divergence) throw nothingToAsk(only);
        return { ...done, callCount: calls, ...(divergence ? { divergence } : {}) };
      }
      const divergence = replay(transitions, valuesOf(contracts));
      return { ...done, ...(divergence ? { divergence } : {}) };
    },
    answerStep: (request, context) => answerStep(runner, request, userOf(context), now),
    listDecisions: (request, context) => listDecisions(runner, request, userOf(context)),
  } satisfies ServiceImpl<typeof TaskService>;
}

function nothingToAsk(workload: string) {
  return refuse(Reason.NOT_FOUND, {
    message: `"${workload}" serves nothing that the task called and that changes nothing`,
    field: "against_workload",
    remedy: "name a workload that serves a skill of the task, as ListWorkloads names it",
    metadata: { workload },
  });
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

function unfinished(name: string) {
  return refuse(Reason.WRONG_STATE, {
    message: `${name} has not ended`,
    field: "name",
    remedy: "record it when it has",
    metadata: { name },
  });
}

function over(name: string) {
  return refuse(Reason.WRONG_STATE, {
    message: `${name} has ended`,
    field: "name",
    remedy: "create another task",
    metadata: { name },
  });
}
