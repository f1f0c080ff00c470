import { describe, expect, test } from "vitest";
import { idOf, parseInspection, parseRoute, withInspection } from "./router.ts";

describe("parseRoute", () => {
  test.each([
    ["/", "", { page: "ask" }],
    ["/tasks", "", { page: "tasks", state: "" }],
    ["/tasks", "?state=failed", { page: "tasks", state: "failed" }],
    ["/tasks/01h-a", "", { page: "task", id: "01h-a" }],
    ["/agents", "?q=chart", { page: "agents", query: "chart", skill: "" }],
  ])("%s%s", (path, search, route) => expect(parseRoute(path, search)).toEqual(route));

  test.each(["/tasks/01h/steps", "/tasks/UPPER", "/agents/data", "/plans"])(
    "%s is missing",
    (path) => expect(parseRoute(path, "")).toEqual({ page: "missing" }),
  );
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
