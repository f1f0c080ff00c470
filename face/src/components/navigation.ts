import Activity from "@lucide/svelte/icons/activity";
import Bot from "@lucide/svelte/icons/bot";
import Inbox from "@lucide/svelte/icons/inbox";
import ListTodo from "@lucide/svelte/icons/list-todo";
import MessageSquare from "@lucide/svelte/icons/message-square";
import Settings from "@lucide/svelte/icons/settings";
import Workflow from "@lucide/svelte/icons/workflow";
import type { PageName, Route } from "../routes/router.ts";

/** The places of the console. A place is added when it works, never before. */
export const places = [
  { name: "ask", href: "/", icon: MessageSquare, pages: ["ask", "conversations", "table"] },
  { name: "inbox", href: "/inbox", icon: Inbox, pages: ["inbox"] },
  { name: "tasks", href: "/tasks", icon: ListTodo, pages: ["tasks", "task"] },
  { name: "plans", href: "/plans", icon: Workflow, pages: ["plans", "plan", "plan-edit"] },
  { name: "agents", href: "/agents", icon: Bot, pages: ["agents", "skill"] },
  { name: "activity", href: "/activity", icon: Activity, pages: ["activity"] },
] as const;

/** A thumb hits four places, of which one leads to all others. */
const inBar = ["ask", "tasks", "agents"];
export const barPlaces = places.filter(({ name }) => inBar.includes(name));
export const morePlaces = places.filter(({ name }) => !inBar.includes(name));

export const settingsPlace = {
  name: "settings",
  href: "/settings",
  icon: Settings,
  pages: ["settings"],
} as const;

export const isAt = (pages: readonly PageName[], route: Route): boolean =>
  pages.includes(route.page);
