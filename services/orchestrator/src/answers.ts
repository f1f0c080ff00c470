/** Calls through the queue that belong to no task: their outcomes come back to whoever waits here. */
import { randomBytes } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type StepOutcome, StepWorkSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { currentCall, formatTraceparent, newTrace } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import type { QueueSender } from "@keiko/runtime/queue-sender.ts";
import { outcomeQueue, stepQueue } from "@keiko/runtime/subjects.ts";
import { limits } from "./limits.ts";

export interface Call {
  /** `package.Service/Method`. */
  method: string;
  request: Uint8Array;
  /** `users/{id}`. */
  user: string;
  /** The only workload that may answer; empty: whoever serves the method. */
  only?: string;
}

const prefix = "replays/";

export function createAnswers(sendStep: QueueSender) {
  const waiting = new Map<string, (result: StepOutcome["result"]) => void>();
  return {
    /** True: it was no outcome of a task. */
    take({ task, result }: StepOutcome): boolean {
      if (!task.startsWith(prefix)) return false;
      waiting.get(task)?.(result);
      return true;
    },
    async call(work: Call, partition: number, now: number) {
      const task = `${prefix}${randomBytes(8).toString("hex")}`;
      const [service = "", name = ""] = work.method.split("/");
      const key = `${task}/steps/${name.toLowerCase()}`;
      const payload = create(StepWorkSchema, {
        task,
        step: name,
        attempt: 1,
        method: work.method,
        request: work.request,
        user: work.user,
        idempotencyKey: key,
        deadline: timestampFromMs(now + limits.replay_call_ms),
        traceparent: formatTraceparent(currentCall.getStore()?.trace ?? newTrace()),
        replyQueue: outcomeQueue(partition),
        only: work.only ?? "",
      });
      const answer = Promise.withResolvers<StepOutcome["result"]>();
      waiting.set(task, answer.resolve);
      const timer = setTimeout(() => answer.reject(late(work.method)), limits.replay_call_ms);
      try {
        await sendStep(stepQueue(service), {
          id: key,
          payload: toBinary(StepWorkSchema, payload),
        });
        return await answer.promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(task);
      }
    },
  };
}

function late(method: string) {
  return refuse(Reason.UNAVAILABLE, {
    message: `nobody answered ${method} in time`,
    remedy: "start a workload that serves it",
    metadata: { method },
  });
}
