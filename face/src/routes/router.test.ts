import { describe, expect, test } from "vitest";
import { hrefOf, idOf, parseInspection, parseRoute, tableHref, withInspection } from "./router.ts";

const hash = "a".repeat(64);

describe("parseRoute", () => {
  test.each([
    ["/", "", { page: "ask", conversation: "" }],
    ["/conversations/01h-a", "", { page: "ask", conversation: "01h-a" }],
    ["/conversations", "?q=rain", { page: "conversations", query: "rain" }],
    ["/tasks", "", { page: "tasks", state: "", query: "" }],
    ["/tasks", "?state=failed&q=a", { page: "tasks", state: "failed", query: "a" }],
    ["/tasks/01h-a", "", { page: "task", id: "01h-a" }],
    ["/inbox", "", { page: "inbox" }],
    ["/plans", "", { page: "plans" }],
    ["/plans/monthly", "", { page: "plan", id: "monthly", version: 0 }],
    ["/plans/monthly", "?version=2", { page: "plan", id: "monthly", version: 2 }],
    ["/plans/monthly", "?version=-1", { page: "plan", id: "monthly", version: 0 }],
    ["/edit/plans", "", { page: "plan-edit", id: "", version: 0 }],
    ["/edit/plans/new", "?version=3", { page: "plan-edit", id: "new", version: 3 }],
    ["/agents", "?q=chart", { page: "agents", query: "chart" }],
    ["/skills/a.v1.B/Draw", "", { page: "skill", name: "skills/a.v1.B/Draw" }],
    ["/activity", "?kind=files", { page: "activity", kind: "files" }],
    ["/settings", "", { page: "settings" }],
  ])("%s%s", (path, search, route) => expect(parseRoute(path, search)).toEqual(route));

  test.each([
    "/tasks/01h/steps",
    "/tasks/UPPER",
    "/agents/data",
    "/activity/1",
    "/plans/Big",
    "/inbox/1",
    "/skills/a",
    "/edit/tasks",
    "/edit/plans/Big",
    "/tables/1",
  ])("%s is missing", (path) => expect(parseRoute(path, "")).toEqual({ page: "missing" }));

  test("the address of a table says what it is called and what it is", () => {
    const file = { name: `artifacts/${hash}`, filename: "a b.csv", mediaType: "text/csv" };
    const [path, search] = tableHref(file).split("?");
    expect(parseRoute(path!, search!)).toEqual({
      page: "table",
      hash,
      filename: "a b.csv",
      mediaType: "text/csv",
    });
  });
});

describe("inspection", () => {
  test("goes into the address and comes back, and leaves the rest of it alone", () => {
    const open = { task: "01h", view: "step", step: "draw" } as const;
    const href = withInspection("/tasks", "?state=failed", open);
    expect(href).toBe("/tasks?state=failed&task=01h&inspect=step&step=draw");
    expect(parseInspection(href.slice(href.indexOf("?")))).toEqual(open);
    expect(withInspection("/tasks", href.slice(href.indexOf("?")))).toBe("/tasks?state=failed");
  });

  test.each(["?inspect=sql", "?task=01h", "?task=01h&inspect=secrets"])("%s opens nothing", (s) =>
    expect(parseInspection(s)).toBeUndefined(),
  );
});

test("idOf takes the collection off a name", () => expect(idOf("tasks/01h")).toBe("01h"));

test("hrefOf leaves out what is empty", () =>
  expect(hrefOf("/tasks", { state: "", q: "a b" })).toBe("/tasks?q=a+b"));
