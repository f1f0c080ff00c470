/** What the results of a task say, read with the contracts that it was compiled against. */
import type { DescMessage } from "@bufbuild/protobuf";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ReplySchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { countItems, describe, fillTemplate, holds, type Sources } from "./bind.ts";
import type { Contracts } from "./contracts.ts";
import type { Values } from "./draft.ts";
import type { TaskState } from "./task-state.ts";

/** Attachments and results, as bindings refer to them. */
export function sourcesOf(task: TaskState, contracts: Contracts): Sources {
  const { attachments }: { attachments: readonly File[] } = task.created;
  return {
    attachments,
    response(id) {
      const message = outputOf(task, id, contracts);
      const { state, count } = task.steps.get(id) ?? {};
      if (state === State.SKIPPED) return "skipped";
      const bytes = task.runs.get(id)?.response;
      return message && bytes && count === undefined ? { message, bytes } : undefined;
    },
    runs(id) {
      const message = outputOf(task, id, contracts);
      const { count } = task.steps.get(id) ?? {};
      if (!message || count === undefined) return undefined;
      return Array.from({ length: count }, (_, index) => ({
        message,
        bytes: task.runs.get(`${id}:${index}`)?.response ?? new Uint8Array(),
      }));
    },
  };
}

/** The message that a step gives as its result; undefined: its contract is not known. */
function outputOf(task: TaskState, id: string, contracts: Contracts): DescMessage | undefined {
  const step = task.graph.steps.get(id);
  if (!step) return undefined;
  // A plan that ends in a question has no method whose response it would give.
  if (step.question || (step.subPlan && !step.method)) return ReplySchema;
  return contracts.method(step.method, step.digest)?.output;
}

export function valuesOf(contracts: Contracts): Values {
  return {
    holds: (task, step) => holds(step, sourcesOf(task, contracts)),
    count: (task, step) => countItems(step, sourcesOf(task, contracts)),
    words(task, step, index) {
      const sources = sourcesOf(task, contracts);
      const text = step.question?.text ?? step.approval?.text ?? "";
      if (text) return fillTemplate(text, sources);
      const method = contracts.method(step.method, step.digest);
      return method ? describe(method, step, sources, index) : step.title;
    },
  };
}
