import Bot from "@lucide/svelte/icons/bot";
import ListTodo from "@lucide/svelte/icons/list-todo";
import MessageSquare from "@lucide/svelte/icons/message-square";
import type { Route } from "../routes/router.ts";

/** The places of the console. A place is added when it works, never before. */
export const places = [
  { name: "ask", href: "/", icon: MessageSquare, pages: ["ask"] },
  { name: "tasks", href: "/tasks", icon: ListTodo, pages: ["tasks", "task"] },
  { name: "agents", href: "/agents", icon: Bot, pages: ["agents"] },
] as const;

export const isAt = (pages: readonly Route["page"][], route: Route): boolean =>
  pages.includes(route.page);
