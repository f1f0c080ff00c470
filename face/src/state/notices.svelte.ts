import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createContext } from "svelte";

const shownMax = 3;

/** What finished while somebody looked elsewhere. */
export class Notices {
  #tasks = $state.raw<TaskSummary[]>([]);

  /** Newest last. */
  get tasks(): readonly TaskSummary[] {
    return this.#tasks;
  }

  add(task: TaskSummary): void {
    const others = this.#tasks.filter(({ name }) => name !== task.name);
    this.#tasks = [...others, task].slice(-shownMax);
  }

  dismiss(name: string): void {
    this.#tasks = this.#tasks.filter((task) => task.name !== name);
  }
}

/** Whether the browser may say it outside of the page; "unavailable" where it cannot at all. */
export const permission = (): NotificationPermission | "unavailable" =>
  typeof Notification === "undefined" ? "unavailable" : Notification.permission;

/** Says it outside of the page; a click brings the window to the front. */
export function tellOutside(title: string, body: string, tag: string, onclick: () => void): void {
  const notification = new Notification(title, { body, tag, icon: "/keiko.svg" });
  notification.onclick = () => {
    window.focus();
    onclick();
    notification.close();
  };
}

export const [useNotices, provideNotices] = createContext<Notices>();
