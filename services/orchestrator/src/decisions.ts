/** What waits for people's words, and what they say. Who is not asked learns nothing of a task. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { ParameterType, type Question, type Reply } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  type AnswerStepRequest,
  type Decision,
  DecisionSchema,
  type ListDecisionsRequest,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { pageToken, readPageToken } from "@keiko/runtime/page.ts";
import type { Runner } from "./runner.ts";
import type { Run, TaskState } from "./task-state.ts";
import { waitView } from "./view.ts";

export async function answerStep(
  runner: Runner,
  request: AnswerStepRequest,
  user: string,
  now: () => number,
) {
  const { name, step: key, answer, note } = request;
  const mayKnow = (task: TaskState) =>
    task.created.owner === user || askedOf(task.runs.get(key)).includes(user);
  const seen = await runner.look(name, (task) => {
    const run = task.runs.get(key);
    if (!run || !(mayKnow(task) || run.decidedBy === user)) return undefined;
    guardAnswer(task, run, request, user, now());
    return { before: run.state };
  });
  if (!seen) throw absent(name, key);
  if (answer.case === undefined) throw new Error("validated: there is an answer");
  await runner.apply(name, { kind: "answer", answer: { step: key, by: user, said: answer, note } });
  const after = await runner.look(name, (task) => ({
    state: task.runs.get(key)?.state ?? State.UNSPECIFIED,
    asked: askedOf(task.runs.get(key)),
  }));
  // Somebody else was a moment faster.
  if (after?.state === State.WAITING && answer.case !== "delegateTo") throw answered(name, key);
  return { state: after?.state ?? State.UNSPECIFIED };
}

const askedOf = (run: Run | undefined): string[] => run?.asked?.deciders ?? [];

function guardAnswer(
  task: TaskState,
  run: Run,
  { name, answer }: AnswerStepRequest,
  user: string,
  now: number,
): void {
  if (!run.asked) {
    // The same word again changes nothing: it is answered as the first time.
    const agreed = run.state !== State.FAILED && run.state !== State.CANCELLED;
    const same = run.decidedBy === user && (answer.case !== "agree" || answer.value === agreed);
    if (same && answer.case !== "delegateTo") return;
    throw answered(name, run.key);
  }
  if (!run.asked.deciders.includes(user)) {
    throw refuse(Reason.PERMISSION_DENIED, {
      message: `"${run.key}" waits for the word of ${run.asked.deciders.join(", ")}`,
      field: "step",
      remedy: "ask one of them, or ask them to hand the decision over to you",
    });
  }
  if (now >= run.asked.expires) throw answered(name, run.key);
  const { question } = task.graph.steps.get(run.step) ?? {};
  if (answer.case === "agree" && !run.asked.approval) {
    throw wrongAnswer(run.key, "asks a question", "reply", "give the answer as `reply`");
  }
  if (answer.case === "reply") {
    if (!question) throw wrongAnswer(run.key, "asks to agree", "agree", "say `agree`, or do not");
    guardReply(question, answer.value);
  }
}

/** The field of the type that was asked for must be given, and be one of the options. */
function guardReply(question: Question, reply: Reply): void {
  const wrong = (message: string, field: string, remedy: string) =>
    refuse(Reason.INVALID_FIELD, { message, field: `reply.${field}`, remedy });
  const offered = question.options.join(", ");
  const allowed = (text: string) =>
    question.options.length === 0 || question.options.includes(text);
  switch (question.type) {
    case ParameterType.TEXT:
      if (reply.text === "") throw wrong("the answer is empty", "text", "say something");
      if (!allowed(reply.text))
        throw wrong(`"${reply.text}" is no option`, "text", `say one of: ${offered}`);
      return;
    case ParameterType.TEXTS: {
      const other = reply.texts.find((text) => !allowed(text));
      if (other !== undefined)
        throw wrong(`"${other}" is no option`, "texts", `say some of: ${offered}`);
      return;
    }
    case ParameterType.FILE:
      if (!reply.file) throw wrong("no file was given", "file", "upload one and give it");
      return;
    case ParameterType.INTEGER:
      if (reply.text || reply.number)
        throw wrong("no whole number was given", "integer", "give `integer`");
      return;
    case ParameterType.NUMBER:
      if (reply.text || reply.integer)
        throw wrong("no number was given", "number", "give `number`");
      return;
    case ParameterType.TRUTH:
      if (reply.text) throw wrong("neither yes nor no was given", "truth", "give `truth`");
  }
}

export async function listDecisions(runner: Runner, request: ListDecisionsRequest, user: string) {
  const limit = request.pageSize || 50;
  const decisions: Decision[] = [];
  for (let after = readPageToken(request.pageToken, "string"); ; ) {
    const names = await runner.waitingFor(user, after, limit);
    for (const name of names) {
      const asked = await runner.look(name, (task) => decisionsOf(task, user));
      // The list lags behind, or outlived a crash: what is not so is taken out of it.
      if (!asked || asked.length === 0) await runner.waitsNot(user, name);
      decisions.push(...(asked ?? []).map((one) => create(DecisionSchema, one)));
      if (decisions.length >= limit) return { decisions, nextPageToken: pageToken(name) };
    }
    after = names.at(-1);
    if (names.length < limit) return { decisions };
  }
}

function decisionsOf(task: TaskState, user: string): MessageInitShape<typeof DecisionSchema>[] {
  return [...task.active].flatMap((key) => {
    const run = task.runs.get(key)!;
    const step = task.graph.steps.get(run.step);
    if (!run.asked?.deciders.includes(user) || !step) return [];
    return {
      task: task.created.name,
      step: key,
      title: step.title,
      goal: task.created.goal,
      owner: task.created.owner,
      asked: waitView(step, run.asked),
      createTime: timestampFromMs(run.asked.since),
    };
  });
}

function absent(name: string, step: string) {
  return refuse(Reason.NOT_FOUND, {
    message: `nothing called "${step}" waits for you in ${name}`,
    field: "step",
    remedy: "list what waits for you with ListDecisions",
    metadata: { name, step },
  });
}

function answered(name: string, step: string) {
  return refuse(Reason.WRONG_STATE, {
    message: `"${step}" does not wait for a word any more`,
    field: "step",
    remedy: "look at the task to see what was decided",
    metadata: { name, step },
  });
}

function wrongAnswer(step: string, what: string, field: string, remedy: string) {
  return refuse(Reason.INVALID_FIELD, { message: `"${step}" ${what}`, field, remedy });
}
