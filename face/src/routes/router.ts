// The address is the state: what it shows can be reloaded, sent to somebody and gone back to. This
// file is the pure half, from address to route and back; `use-router.svelte.ts` listens to the
// browser.

/** What the inspector shows beside the page. */
export interface Inspection {
  /** Id of the task, without `tasks/`. */
  task: string;
  view: InspectorView;
  /** Id of a step in the plan, for the views "step" and "trace". */
  step?: string;
}

export const inspectorViews = ["plan", "step", "sql", "understanding", "sources", "trace"] as const;
export type InspectorView = (typeof inspectorViews)[number];

/** A resource of the contracts has the address of its name: `/tasks/{id}`, `/skills/{service}/{method}`. */
export type Route =
  | { page: "ask"; conversation: string }
  | { page: "conversations"; query: string }
  | { page: "inbox" }
  | { page: "plans" }
  | { page: "plan"; id: string; version: number }
  /** Empty: a new one. */
  | { page: "plan-edit"; id: string; version: number }
  | { page: "tasks"; state: string; query: string }
  | { page: "task"; id: string }
  | { page: "table"; hash: string; filename: string; mediaType: string }
  | { page: "agents"; query: string }
  | { page: "skill"; name: string }
  | { page: "activity"; kind: string }
  | { page: "settings" }
  | { page: "missing" };

export type PageName = Route["page"];

const id = /^[0-9a-z-]{1,64}$/;
const planId = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Which page an address means; `search` with or without its question mark. */
export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const text = (key: string) => query.get(key) ?? "";
  const [first, second, third, ...rest] = path.split("/").filter(Boolean);
  const deep = first === "skills" || first === "edit";
  if (rest.length > 0 || (third !== undefined && !deep)) return { page: "missing" };
  if (first === undefined) return { page: "ask", conversation: "" };
  if (second === undefined) return parseList(first, text);
  if (first === "conversations" && id.test(second)) return { page: "ask", conversation: second };
  if (first === "tasks" && id.test(second)) return { page: "task", id: second };
  const asked = Number(text("version"));
  const version = asked > 0 && asked < 1e6 ? asked | 0 : 0;
  if (first === "plans" && planId.test(second)) return { page: "plan", id: second, version };
  // A plan may be called "new", so what is written has an address of its own.
  if (first === "edit" && second === "plans" && (third === undefined || planId.test(third))) {
    return { page: "plan-edit", id: third ?? "", version };
  }
  if (first === "tables" && /^[0-9a-f]{64}$/.test(second)) {
    return { page: "table", hash: second, filename: text("name"), mediaType: text("type") };
  }
  if (first === "skills" && third !== undefined) {
    return { page: "skill", name: `skills/${second}/${third}` };
  }
  return { page: "missing" };
}

function parseList(first: string, text: (key: string) => string): Route {
  switch (first) {
    case "conversations":
      return { page: "conversations", query: text("q") };
    case "tasks":
      return { page: "tasks", state: text("state"), query: text("q") };
    case "agents":
      return { page: "agents", query: text("q") };
    case "inbox":
      return { page: "inbox" };
    case "plans":
      return { page: "plans" };
    case "activity":
      return { page: "activity", kind: text("kind") };
    case "settings":
      return { page: "settings" };
    default:
      return { page: "missing" };
  }
}

/** What the inspector should show; unset where the address names nothing or nonsense. */
export function parseInspection(search: string): Inspection | undefined {
  const query = new URLSearchParams(search);
  const task = query.get("task");
  const view = inspectorViews.find((known) => known === query.get("inspect"));
  if (!task || !view) return undefined;
  const step = query.get("step");
  return step ? { task, view, step } : { task, view };
}

/** The address of the same page with the inspector open on something, or closed. */
export function withInspection(path: string, search: string, open?: Inspection): string {
  const query = new URLSearchParams(search);
  for (const key of ["task", "inspect", "step"]) query.delete(key);
  if (open) {
    query.set("task", open.task);
    query.set("inspect", open.view);
    if (open.step) query.set("step", open.step);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** A path with those parameters that are not empty. */
export function hrefOf(path: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The address of a task, a conversation or a skill given its resource name. */
export const hrefOfName = (name: string): string => `/${name}`;

/** Where all rows of a kept table are shown. */
export const tableHref = (file: { name: string; filename: string; mediaType: string }): string =>
  hrefOf(`/tables/${idOf(file.name)}`, { name: file.filename, type: file.mediaType });

/** The id in a resource name such as `tasks/01h…`. */
export const idOf = (name: string): string => name.slice(name.indexOf("/") + 1);
