/**
 * Whether a history of reads and compare-and-sets of one key could have come from a single register:
 * some order of the operations, each at one moment between its call and its return, in which every
 * answer is right. The search is that of Wing and Gong with Lowe's memory of what was tried.
 * Operations whose outcome is not known may have taken effect at any time after their call, or never.
 */

export interface Operation {
  /** Who did it: for people who read a failure. */
  process: string;
  /** Moments of call and return; a return that never came is infinite. */
  called: number;
  returned: number;
  action:
    | { kind: "read"; value: string }
    /** `from` must be the value for it to succeed; the empty string is the value of no key. */
    | { kind: "set"; from: string; to: string; outcome: "done" | "conflict" | "unknown" };
}

/** Undefined: it is linearizable. Otherwise the operations around which no order works. */
export function anomalyIn(history: readonly Operation[], initial = ""): Operation[] | undefined {
  const operations = [...history].sort((a, b) => a.called - b.called);
  const pending = operations.map((operation, index) => ({
    operation,
    index,
    // What is not known may also be left out: it need not be placed for the search to end.
    optional: operation.action.kind === "set" && operation.action.outcome === "unknown",
  }));
  const done = new Uint8Array(operations.length);
  const tried = new Set<string>();
  let deepest: number[] = [];
  const path: number[] = [];

  const search = (value: string): boolean => {
    const left = pending.filter(({ index }) => done[index] === 0);
    const must = left.filter(({ optional }) => !optional);
    if (must.length === 0) return true;
    const state = `${value}\u0000${hex(done)}`;
    if (tried.has(state)) return false;
    tried.add(state);
    if (path.length > deepest.length) deepest = [...path];
    // Whatever returned first has to be placed before anything that was called after that.
    const first_return = Math.min(...must.map(({ operation }) => operation.returned));
    for (const { operation, index } of left) {
      if (operation.called > first_return) break;
      const next = after(value, operation.action);
      if (next === undefined) continue;
      done[index] = 1;
      path.push(index);
      if (search(next)) return true;
      path.pop();
      done[index] = 0;
    }
    return false;
  };

  if (search(initial)) return undefined;
  const placed = new Set(deepest);
  const stuck = operations.filter((_, index) => !placed.has(index)).slice(0, 5);
  return [...deepest.slice(-3).map((index) => operations[index]!), ...stuck];
}

/** The value after the action; undefined: it cannot have ended so with this value. */
function after(value: string, action: Operation["action"]): string | undefined {
  if (action.kind === "read") return action.value === value ? value : undefined;
  const fits = action.from === value;
  switch (action.outcome) {
    case "done":
      return fits ? action.to : undefined;
    case "conflict":
      return fits ? undefined : value;
    case "unknown":
      // One that did not fit changed nothing, which is the same as leaving it out.
      return fits ? action.to : undefined;
  }
}

function hex(bits: Uint8Array): string {
  return Buffer.from(bits).toString("latin1");
}
