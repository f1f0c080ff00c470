/** Whoever asks something whole is not understood by what was asked before. */
import { fingerprint } from "@keiko/agent-data/answer/rephrase.ts";
import { type Parsed, parse } from "@keiko/agent-data/language/parse.ts";
import { dataLimits } from "@keiko/agent-data/limits.ts";
import { openTables } from "@keiko/agent-data/read/open.ts";
import { afterAll, expect, test } from "vitest";
import { answerable, unanswerable } from "./goals.ts";
import { hashOf, pathOf, sizeOf } from "./source.ts";

const tables = openTables(dataLimits);
afterAll(() => tables.close());

const readAs = (parsed: Parsed) =>
  parsed.ok ? fingerprint(parsed.intents) : `refused: ${parsed.problem.kind}`;

const files = Map.groupBy([...answerable, ...unanswerable], ({ file }) => file);

test.each([...files.keys()])("every goal about %s means the same after another", async (file) => {
  const table = { path: pathOf(file), key: hashOf(file), filename: file, size_bytes: sizeOf(file) };
  await tables.with(table, async ({ vocabulary }) => {
    const goals = files.get(file)!.map(({ goal }) => goal);
    const before = goals.filter((goal) => parse(goal, vocabulary, dataLimits).ok);
    for (const [index, goal] of goals.entries()) {
      const alone = readAs(parse(goal, vocabulary, dataLimits));
      const earlier = before[(index * 7 + 3) % before.length]!;
      expect(readAs(parse(goal, vocabulary, dataLimits, [earlier])), `${earlier} ${goal}`).toBe(
        alone,
      );
    }
  });
});
