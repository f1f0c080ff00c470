import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Route } from "../routes/router.ts";

/** A page that shows the task says itself that it is done; it needs no notice. */
export function isInSight(task: TaskSummary, route: Route): boolean {
  if (route.page === "tasks") return true;
  if (route.page === "activity") return route.kind === "" || route.kind === "tasks";
  if (route.page === "task") return task.name === `tasks/${route.id}`;
  if (route.page !== "ask" || !route.conversation) return false;
  return task.conversation === `conversations/${route.conversation}`;
}
