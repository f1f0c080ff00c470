import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { describe, expect, test } from "vitest";
import { draftOf, emptyDraft, inputOf, replyOf } from "./value-draft.ts";

const { TEXT, INTEGER, NUMBER, TRUTH, TEXTS, FILE } = ParameterType;

describe("a value that is filled in", () => {
  test.each([
    [TEXT, { text: " a " }, "a"],
    [INTEGER, { text: "-12" }, -12],
    [NUMBER, { text: "1,5" }, 1.5],
    [NUMBER, { text: "1.5e3" }, 1500],
    [TRUTH, { truth: "no" as const }, false],
    [TEXTS, { text: "a\n\n b " }, ["a", "b"]],
    [TEXTS, { chosen: ["x"] }, ["x"]],
  ])("type %i from %j is %j", (type, draft, value) =>
    expect(inputOf({ ...emptyDraft(), ...draft }, type)).toEqual(value),
  );

  test.each([
    [TEXT, { text: "  " }],
    [INTEGER, { text: "1.5" }],
    [INTEGER, { text: "99999999999999999999" }],
    [NUMBER, { text: "1.2.3" }],
    [NUMBER, { text: "much" }],
    [TRUTH, {}],
    [TEXTS, { text: "\n" }],
    [FILE, { text: "a.csv" }],
  ])("type %i from %j is none", (type, draft) =>
    expect(replyOf({ ...emptyDraft(), ...draft }, type)).toBeUndefined(),
  );

  test.each([
    [INTEGER, 14],
    [TRUTH, true],
    [TEXTS, ["a", "b"]],
    [TEXT, "x"],
  ])("the default of type %i comes back", (type, value) =>
    expect(inputOf(draftOf(value, type), type)).toEqual(value),
  );
});
