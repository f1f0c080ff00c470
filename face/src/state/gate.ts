// Where the consent to a step stands, as the step tells it.

import { State, type StepRun } from "@keiko/gen/keiko/task/v1/task_pb.js";

/** Of a loop each run needs its own: the whole waits while one of them does. */
export function gateState(run: StepRun | undefined): State {
  if (!run) return State.QUEUED;
  const runs = run.items.length > 0 ? run.items : [run];
  if (runs.some(({ waitsFor }) => waitsFor?.approval)) return State.WAITING;
  if (runs.every(({ decidedBy }) => decidedBy)) {
    // A step that was declined has never been started.
    const declined = runs.some((one) => one.state === State.FAILED && one.attempts === 0);
    return declined ? State.FAILED : State.SUCCEEDED;
  }
  const over = [State.SKIPPED, State.CANCELLED, State.FAILED];
  return over.includes(run.state) ? run.state : State.QUEUED;
}
