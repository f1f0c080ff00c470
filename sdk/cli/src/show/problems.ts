// Problems of a plan or a task: where, what, what to do, what would work instead.

import type { Problem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

import type { Words } from "../words.ts";
import { lines, oneLine, type Paint } from "./text.ts";

export function problemLines(problems: readonly Problem[], words: Words, paint: Paint): string[] {
  return problems.flatMap((problem) => [
    `${paint.bad("✗")} ${lines(problem.message)}`,
    ...(problem.field ? [`  ${words.field}: ${oneLine(problem.field)}`] : []),
    ...(problem.remedy ? [`  ${words.remedy}: ${lines(problem.remedy)}`] : []),
    ...problem.suggestions.map((suggestion) => `  ${words.try}: ${oneLine(suggestion)}`),
  ]);
}
