/** Checks under which conditions a step runs. */
import type { DescField, JsonValue } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Condition, type Step, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { comparand, elementOf } from "../conditions.ts";
import { jsonOf } from "../field-values.ts";
import { fits, isNumber, nameOf, text as textType } from "../types.ts";
import { type Context, type Given, given } from "./context.ts";

export function checkConditions(context: Context, step: Step, at: string): void {
  for (const [index, condition] of step.when.entries()) {
    checkCondition(context, condition, `${at}.when[${index}]`);
  }
}

function checkCondition(context: Context, condition: Condition, at: string): void {
  const { report } = context;
  const { output, test, value } = condition;
  if (!(test in Test) || test === Test.UNSPECIFIED) {
    const remedy =
      "use EQUALS, DIFFERS, LESS, AT_MOST, GREATER, AT_LEAST, CONTAINS, PRESENT or ABSENT";
    report(`${at}.test`, Reason.PLAN_INVALID, "the condition does not say how it tests", remedy);
    return;
  }
  if (!output) {
    const text = "the condition looks at nothing";
    report(`${at}.output`, Reason.PLAN_INVALID, text, "name a step and a field of its result");
    return;
  }
  const found = given(context, output, `${at}.output`);
  const unary = test === Test.PRESENT || test === Test.ABSENT;
  if (unary && value) {
    const text = `${Test[test]} compares with nothing`;
    report(`${at}.value`, Reason.PLAN_INVALID, text, "leave the value out");
  }
  if (!unary && !value) {
    const text = `${Test[test]} needs something to compare with`;
    report(`${at}.value`, Reason.PLAN_INVALID, text, "give a value");
  }
  if (!found || unary || !value) return;
  if (!canBeTested(found, test)) {
    const text = `${found.name} is ${nameOf(found.type)}, for which there is no ${Test[test]}`;
    const remedy =
      test === Test.CONTAINS ? "it is for text and lists" : "it is for numbers: use EQUALS";
    report(`${at}.test`, Reason.PLAN_INVALID, text, remedy);
    return;
  }
  try {
    readValue(found, test, jsonOf(value));
  } catch (error) {
    const text = `the value cannot be compared with ${found.name}: ${(error as Error).message}`;
    const remedy = `write it as protobuf JSON of ${nameOf(found.type)}`;
    report(`${at}.value`, Reason.PLAN_INVALID, text, remedy);
  }
}

function canBeTested({ type }: Given, test: Test): boolean {
  if (test === Test.EQUALS || test === Test.DIFFERS) return true;
  if (test === Test.CONTAINS) return type.kind === "list" || fits(type, textType);
  return isNumber(type);
}

/** Throws when the JSON is nothing that the field can be compared with. */
function readValue(
  { field, type }: Given & { field: DescField },
  test: Test,
  json: JsonValue,
): void {
  if (test !== Test.CONTAINS) comparand(field, type, json);
  else if (type.kind === "list") elementOf(field, json);
  else if (typeof json !== "string") throw new Error("it is no text");
}
