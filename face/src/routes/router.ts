// The address is the state: what it shows can be reloaded, sent to somebody and gone back to. This
// file is the pure half, from address to route and back; `use-router.svelte.ts` listens to the
// browser.

/** What the inspector shows beside the page. */
export interface Inspection {
  /** Id of the task, without `tasks/`. */
  task: string;
  view: InspectorView;
  /** Id of a step in the plan, for the view "step". */
  step?: string;
}

export const inspectorViews = ["plan", "step", "sql", "understanding"] as const;
export type InspectorView = (typeof inspectorViews)[number];

export type Route =
  | { page: "ask" }
  | { page: "tasks"; state: string }
  | { page: "task"; id: string }
  | { page: "agents"; query: string; skill: string }
  | { page: "missing" };

/** Which page an address means; `search` with or without its question mark. */
export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const [first, second, ...rest] = path.split("/").filter(Boolean);
  if (first === undefined) return { page: "ask" };
  if (rest.length > 0) return { page: "missing" };
  if (first === "tasks" && second === undefined) {
    return { page: "tasks", state: query.get("state") ?? "" };
  }
  if (first === "tasks" && second && /^[0-9a-z-]{1,64}$/.test(second)) {
    return { page: "task", id: second };
  }
  if (first === "agents" && second === undefined) {
    return { page: "agents", query: query.get("q") ?? "", skill: query.get("skill") ?? "" };
  }
  return { page: "missing" };
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

/** The address of a task given its resource name. */
export const taskHref = (name: string): string => `/${name}`;

/** The id in a resource name such as `tasks/01h…`. */
export const idOf = (name: string): string => name.slice(name.indexOf("/") + 1);
