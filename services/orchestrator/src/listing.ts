/** Pages of tasks and of conversations, out of the list that the projection keeps, newest first. */
import { create } from "@bufbuild/protobuf";
import {
  type Conversation,
  ConversationSchema,
  type ListConversationsRequest,
  type ListTasksRequest,
  type TaskSummary,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { pageToken, readPageToken } from "@keiko/runtime/page.ts";
import type { Runner } from "./runner.ts";

type List = Runner["list"];
const batch_max = 500;

export async function listTasks(list: List, owner: string, request: ListTasksRequest) {
  const { states, query, conversation, storedPlan } = request;
  const limit = request.pageSize || 50;
  const said = query.trim().toLowerCase();
  const wanted = (task: TaskSummary) =>
    (states.length === 0 || states.includes(task.state)) &&
    (storedPlan === "" || task.storedPlan === storedPlan) &&
    (said === "" || contains(task.goal, said) || contains(task.outcome, said));
  const tasks: TaskSummary[] = [];
  const after = readPageToken(request.pageToken, "string");
  const narrow = states.length > 0 || said !== "" || storedPlan !== "";
  for await (const task of walk(list, { owner, conversation }, after, narrow ? batch_max : limit)) {
    if (wanted(task)) tasks.push(task);
    if (tasks.length === limit) return { tasks, nextPageToken: pageToken(task.name) };
  }
  return { tasks };
}

/**
 * Walks the tasks from the newest: a conversation stands where its latest task does, and is met
 * again, and passed over, where its earlier ones do.
 */
export async function listConversations(
  list: List,
  owner: string,
  request: ListConversationsRequest,
) {
  const limit = request.pageSize || 50;
  const said = request.query.trim().toLowerCase();
  const conversations: Conversation[] = [];
  const seen = new Set<string>();
  const after = readPageToken(request.pageToken, "string");
  for await (const task of walk(list, { owner, conversation: "" }, after, batch_max)) {
    const { conversation } = task;
    if (!conversation || seen.has(conversation)) continue;
    seen.add(conversation);
    const tasks: TaskSummary[] = [];
    for await (const one of walk(list, { owner, conversation }, undefined, batch_max)) {
      tasks.push(one);
    }
    // On an earlier page: its latest task stood there.
    if (tasks[0]?.name !== task.name) continue;
    if (said && !tasks.some(({ goal }) => contains(goal, said))) continue;
    conversations.push(conversationOf(tasks));
    if (conversations.length === limit) {
      return { conversations, nextPageToken: pageToken(task.name) };
    }
  }
  return { conversations };
}

function conversationOf(tasks: readonly TaskSummary[]): Conversation {
  const latest = tasks[0]!;
  const first = tasks.at(-1)!;
  return create(ConversationSchema, {
    name: latest.conversation,
    title: first.goal,
    taskCount: tasks.length,
    state: latest.state,
    ...(first.createTime ? { createTime: first.createTime } : {}),
    ...(latest.createTime ? { updateTime: latest.createTime } : {}),
  });
}

async function* walk(
  list: List,
  of: { owner: string; conversation: string },
  from: string | undefined,
  batch: number,
): AsyncGenerator<TaskSummary> {
  for (let after = from; ; ) {
    const tasks = await list(of, after, batch);
    yield* tasks;
    after = tasks.at(-1)?.name;
    if (tasks.length < batch) return;
  }
}

const contains = (text: string, said: string) => text.toLowerCase().includes(said);
