/** Hands out what the journal says is to be done: a step into its queue, a plan as a task of its own. */
import { create, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  StepFailedSchema,
  type StepOutcome,
  StepOutcomeSchema,
  StepSucceededSchema,
  StepWorkSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { childTrace, formatTraceparent } from "@keiko/runtime/call.ts";
import { errorInfo } from "@keiko/runtime/errors.ts";
import type { QueueSender } from "@keiko/runtime/queue-sender.ts";
import { outcomeQueue, stepKey, stepQueue } from "@keiko/runtime/subjects.ts";
import { SubstrateError } from "@keiko/runtime/substrate/substrate.ts";
import { bindRequest, bindUndo } from "./bind.ts";
import { bug } from "./bugs.ts";
import type { Contracts } from "./contracts.ts";
import { attemptEnd } from "./deadlines.ts";
import { runProblem } from "./draft.ts";
import type { Input } from "./machine.ts";
import { undone } from "./runs.ts";
import { type Run, runOf, type TaskState } from "./task-state.ts";
import { sourcesOf } from "./values.ts";

export interface DispatchDeps {
  sendStep: QueueSender;
  contracts: Contracts;
  now: () => number;
  partitionOf: (task: string) => number;
  /** Makes, or finds, the task that does the work of a run; resolves to its name. */
  startChild(task: TaskState, run: Run, step: Step): Promise<string>;
  /** Of a task that does the work of a run: the outcome, if it is known already. */
  resultOf(child: string, run: Run): Promise<StepOutcome["result"] | undefined>;
  /** Has the task taken back for the run; its outcome, if it is known already. */
  takeBack(child: string, run: Run): Promise<StepOutcome["result"] | undefined>;
}

export type Dispatch = (task: TaskState, run: Run) => Promise<Input | undefined>;

/** Resolves to what the machine has to know: that a run has a task of its own, or cannot be done. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const { sendStep, contracts, now, partitionOf } = deps;
  const send = async (task: TaskState, run: Run, step: Step) => {
    const { name, owner, traceId } = task.created;
    const { method, path, request } = callOf(task, run, step, contracts);
    const key = stepKey(name, run.key);
    const work = create(StepWorkSchema, {
      task: name,
      step: run.key,
      attempt: run.attempts,
      method: path,
      request: toBinary(method.input, request),
      user: owner,
      idempotencyKey: key,
      deadline: timestampFromMs(attemptEnd(task, run)),
      traceparent: formatTraceparent(childTrace({ traceId, spanId: "0000000000000001" })),
      replyQueue: outcomeQueue(partitionOf(name)),
      avoid: run.avoid,
      costMicrosMax: BigInt(run.reserved),
      ...(run.undo ? { undoOf: stepKey(name, undone(run.key)) } : {}),
    });
    // The id makes a second dispatch of the same attempt harmless while the first still waits.
    await sendStep(stepQueue(method.parent.typeName), {
      id: `${key}/${run.attempts}`,
      payload: toBinary(StepWorkSchema, work),
      after_ms: Math.max(0, (run.notBefore ?? 0) - now()),
    });
  };

  const takeBack = async (task: TaskState, run: Run): Promise<Input | undefined> => {
    const { child } = runOf(task, undone(run.key));
    const stays = bug("what a plan within did stays");
    const result = child && !stays ? await deps.takeBack(child, run) : nothingToTakeBack(run);
    return result && outcomeOf(task, result);
  };

  return async (task, run) => {
    const step = task.graph.steps.get(run.step)!;
    try {
      if (!step.subPlan) {
        await send(task, run, step);
        return undefined;
      }
      if (run.undo) return await takeBack(task, run);
      const child = await deps.startChild(task, run, step);
      if (run.child === child) {
        // It says so itself when it ends; what it said may not have come.
        const result = await deps.resultOf(child, run);
        return result && outcomeOf(task, result);
      }
      return { kind: "child", step: run.key, task: child, granted: run.reserved };
    } catch (error) {
      if (error instanceof SubstrateError) throw error;
      return impossible(task, run, error);
    }
  };
}

interface CallOf {
  method: DescMethod;
  path: string;
  request: Message;
}

/** What is called for a run, and with what. */
export function callOf(task: TaskState, run: Run, step: Step, contracts: Contracts): CallOf {
  const method = known(contracts, step.method, step.digest);
  const request = bindRequest(method, step, sourcesOf(task, contracts), run.index);
  if (!run.undo) return { method, path: step.method, request };
  const { method: path, digest } = step.undo!;
  const undo = known(contracts, path, digest);
  const { response } = runOf(task, undone(run.key));
  const made = response && fromBinary(method.output, response);
  return { method: undo, path, request: bindUndo(undo, method, request, made) };
}

function known(contracts: Contracts, path: string, digest: string): DescMethod {
  const method = contracts.method(path, digest);
  if (!method) throw new Error(`the contract of ${path} is not known`);
  return method;
}

function impossible(task: TaskState, run: Run, error: unknown): Input {
  const info = errorInfo(error);
  const text = error instanceof Error ? error.message.replace(/^\[[a-z_]+\] /, "") : String(error);
  const reason = info?.reason ?? Reason.PLAN_INVALID;
  const problem = runProblem(run.step, reason, text, info?.remedy ?? "");
  const value = { step: run.key, attempt: run.attempts, problem, retryable: false };
  return outcomeOf(task, { case: "failed", value: create(StepFailedSchema, value) });
}

function outcomeOf(task: TaskState, result: StepOutcome["result"]): Input {
  const outcome = create(StepOutcomeSchema, { task: task.created.name, result });
  return { kind: "outcome", outcome };
}

/** The run never came as far as having a task. */
function nothingToTakeBack({ key, attempts }: Run): StepOutcome["result"] {
  const value = create(StepSucceededSchema, { step: key, attempt: attempts });
  return { case: "succeeded", value };
}
