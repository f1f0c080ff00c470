/** Asks the engine as the agent would, for tests: an answer, or the refusal. */
import { expect } from "vitest";
import { pathOf, sizeOf } from "../../../../../test/goals/source.ts";
import type { AnswerInit, Engine } from "../engine.ts";
import { DataFailure } from "../failure.ts";
import type { LocalFile } from "../read/open.ts";

export const vegaFile = (file: string): LocalFile => ({
  ...{ path: pathOf(file), key: file, filename: file, size_bytes: sizeOf(file) },
});

export function asker(engine: Engine) {
  const ask = (file: LocalFile, question: string): Promise<AnswerInit> =>
    engine.answer({
      ...{ file, question, language: "" },
      write: () => Promise.reject(new Error("no answer here is that long")),
    });
  const refusal = async (file: LocalFile, question: string): Promise<DataFailure> => {
    const failure = await ask(file, question).then(
      ({ sentence }) => expect.fail(`"${question}" was answered: ${sentence}`),
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DataFailure);
    return failure as DataFailure;
  };
  return { ask, refusal };
}

/** Cells of one column by its name; dates and texts as they are. */
export function columnOf({ table }: AnswerInit, name: string) {
  const at = table?.columns?.findIndex((column) => column.name === name) ?? -1;
  expect(table?.columns?.map((column) => column.name)).toContain(name);
  return (table?.rows ?? []).map((row) => row.cells?.[at]?.value?.value);
}

/** The first row, as its cells. */
export const firstRow = ({ table }: AnswerInit) =>
  (table?.rows?.[0]?.cells ?? []).map((cell) => cell.value?.value);
