/** Makes a failing scenario smaller for as long as it still fails: what is left is what it takes. */
import type { Faults, Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";

export async function shrunk(failing: Scenario, runs_max = 200): Promise<Scenario> {
  let best = failing;
  let runs = 0;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const candidate of candidates(best)) {
      if (++runs > runs_max) return best;
      if ((await simulate(candidate)).broken.length === 0) continue;
      best = candidate;
      smaller = true;
      break;
    }
  }
  return best;
}

function* candidates(scenario: Scenario): Generator<Scenario> {
  const { tasks, faults } = scenario;
  for (const n of tasks.keys()) {
    if (tasks.length > 1) yield { ...scenario, tasks: tasks.filter((_, at) => at !== n) };
  }
  for (const name of Object.keys(faults) as (keyof Faults)[]) {
    if (name === "slow_ms" || faults[name] === 0) continue;
    yield { ...scenario, faults: { ...faults, [name]: 0 } };
    if (faults[name] > 1) yield { ...scenario, faults: { ...faults, [name]: 1 } };
  }
  if (scenario.orchestrators > 1) yield { ...scenario, orchestrators: scenario.orchestrators - 1 };
  if (scenario.workers > 1) yield { ...scenario, workers: scenario.workers - 1 };
  for (const [n, task] of tasks.entries()) {
    const replaced = (change: Partial<typeof task>) => ({
      ...scenario,
      tasks: tasks.with(n, { ...task, ...change }),
    });
    if (task.cancel_ms) yield replaced({ cancel_ms: 0 });
    if (task.pause_ms) yield replaced({ pause_ms: 0 });
    const used = new Set(JSON.stringify(task.steps, text).match(/"step":"(s\d+)"/g) ?? []);
    for (const [at, { id }] of task.steps.entries()) {
      if (task.steps.length < 2 || used.has(`"step":"${id}"`)) continue;
      const steps = task.steps
        .filter((_, place) => place !== at)
        .map((step) => ({ ...step, after: step.after?.filter((one) => one !== id) ?? [] }));
      yield replaced({ steps });
    }
  }
}

const text = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

export function described(scenario: Scenario): string {
  return JSON.stringify(scenario, text, 1);
}
