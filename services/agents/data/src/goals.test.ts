/** Every goal of test/goals, asked of the engine as the agent would ask it. */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { afterAll, describe, expect, test } from "vitest";
import { check } from "../../../../test/goals/check.ts";
import { goals, refusedGoals } from "../../../../test/goals/goals.ts";
import { pathOf, rowsOf, sizeOf } from "../../../../test/goals/source.ts";
import { createEngine } from "./engine.ts";
import { DataFailure } from "./failure.ts";
import { dataLimits } from "./limits.ts";

const engine = createEngine(dataLimits);
afterAll(() => engine.close());

const ask = (file: string, question: string) =>
  engine.answer({
    file: { path: pathOf(file), key: file, filename: file, size_bytes: sizeOf(file) },
    question,
    language: "",
    write: () => Promise.reject(new Error("no answer here is that long")),
  });

describe("goals are answered with the right figures", () => {
  for (const { file, goal, language, expect: expected } of goals) {
    test(`${file}: ${goal}`, async () => {
      const { sentence = "", table = {}, sql } = await ask(file, goal);
      expect(check(expected(rowsOf(file)), sentence, table, language)).toEqual([]);
      expect(sql).toMatch(/FROM source/);
    });
  }
});

describe("goals that the table cannot answer are refused", () => {
  for (const { file, goal, language, refuse, names } of refusedGoals) {
    test(`${file}: ${goal}`, async () => {
      const failure = await ask(file, goal).then(
        ({ sentence }) => expect.fail(`answered: ${sentence}`),
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(DataFailure);
      const { reason, detail } = failure as DataFailure;
      expect(`REASON_${Reason[reason]}`).toBe(refuse);
      for (const name of names) expect(detail.message).toContain(name);
      expect(detail.metadata?.language).toBe(language);
      expect(detail.suggestions?.length).toBeGreaterThanOrEqual(2);
      for (const suggestion of detail.suggestions ?? []) await ask(file, suggestion);
    });
  }
});
