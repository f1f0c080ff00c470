/** Names of runs: `sum`, `sum:4` for an element of a loop, `book:undo` for what takes one back. */

export interface RunParts {
  step: string;
  index: number | undefined;
  undo: boolean;
}

export function runKey(step: string, index?: number): string {
  return index === undefined ? step : `${step}:${index}`;
}

export function undoKey(run: string): string {
  return `${run}:undo`;
}

export function undone(key: string): string {
  return key.slice(0, -":undo".length);
}

export function partsOf(key: string): RunParts {
  const [step = "", ...rest] = key.split(":");
  const undo = rest.at(-1) === "undo";
  const number = undo ? rest.slice(0, -1)[0] : rest[0];
  return { step, index: number === undefined ? undefined : Number(number), undo };
}
