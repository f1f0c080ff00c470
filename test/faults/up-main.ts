/**
 * The long form of the faults of many processes. Prints what happened; anything broken makes the exit
 * status 1. `node test/faults/up-main.ts [--kills 200] [--calls 100000] [--rotations 100] [--part NAME]`
 */
import { parseArgs } from "node:util";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { declareProbe, joinProbe } from "../support/join.ts";
import { literal, planOf, step } from "../support/plans.ts";
import { type RunningUp, startUp } from "../support/up.ts";
import { inside, inTurn, kill, renewals, restart, sleep, underLoad } from "./up-faults.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    calls: { type: "string", default: "100000" },
    rotations: { type: "string", default: "100" },
    part: { type: "string" },
  },
});
const per_second = 200;
const broken: string[] = [];

async function within(args: string[], use: (up: RunningUp) => Promise<void>): Promise<void> {
  const up = await startUp(args);
  try {
    await use(up);
  } finally {
    const code = await up.stop();
    if (code !== 0) broken.push(`keiko up ended with ${code}`);
  }
}

function told(name: string, report: Awaited<ReturnType<typeof underLoad>>): void {
  const { calls, failed, reasons, faults, back_p50_ms, back_max_ms, ...times } = report;
  const back = faults > 1 ? { back_p50_ms, back_max_ms } : {};
  const rounded = Object.entries({ ...times, ...back }).map(
    ([key, value]) => `${key} ${Math.round(value)}`,
  );
  const often = faults > 1 ? `${faults} times, ` : "";
  console.log(`${name}: ${often}${failed} of ${calls} failed; ${rounded.join(", ")}`);
  for (const reason of reasons) console.log(`  ${reason}`);
  if (failed > 0) broken.push(name);
}

const parts: Record<string, () => Promise<void>> = {
  kill: () =>
    within(["--replicas", "data=2"], async (up) => {
      const times = Number(values.kills);
      const options = { per_second, times, fault: kill(up), victim: inTurn };
      told("kill -9", await underLoad(up, { ...options, progress: console.log }));
    }),
  restart: () =>
    within(["--replicas", "data=2,visual=2"], async (up) => {
      let calls = 0;
      const began = performance.now();
      // As often as it takes to have made so many calls.
      while (calls < Number(values.calls)) {
        const times = inside(up.processes()).length;
        const options = { per_second, times, fault: restart(up), victim: inTurn };
        const report = await underLoad(up, options);
        calls += report.calls;
        told(`rolling restart after ${Math.round((performance.now() - began) / 1_000)} s`, report);
      }
    }),
  certificates: () =>
    within(["--replicas", "data=2", "--certificate-minutes", "0.2"], async (up) => {
      // A life of twelve seconds is renewed every four.
      const fault = () => renewals(up, Number(values.rotations));
      const options = { per_second: 250, times: 1, fault, victim: inTurn };
      told(`every certificate renewed ${values.rotations} times`, await underLoad(up, options));
    }),
  stopped: () => within([], stoppedWorker),
};

/** A worker that stands still keeps its steps for as long as its lease; then others run them. */
async function stoppedWorker(up: RunningUp): Promise<void> {
  await declareProbe(up);
  await sleep(500);
  const [one, two] = await Promise.all([joinProbe(up, "1"), joinProbe(up, "2")]);
  await Promise.all([one.ready, two.ready]);
  const tasks = up.client(TaskService);
  const plan = planOf(step("wait", "Wait", literal("time", "2s")), {
    ...step("effect", "Record", literal("entry", "once")),
    after: ["wait"],
  });
  const created = await Promise.all(
    Array.from({ length: 12 }, async () => (await tasks.createTask({ plan })).task!.name),
  );
  await sleep(500);
  one.child.kill("SIGSTOP");
  const began = performance.now();
  let took = 0;
  const ended = Promise.all(
    created.map(async (name) => {
      for (;;) {
        const { task } = await tasks.getTask({ name });
        if (task!.state >= State.SUCCEEDED) return task!;
        await sleep(100);
      }
    }),
  );
  void ended.then(() => {
    took = Math.round(performance.now() - began);
  });
  await sleep(30_000);
  one.child.kill("SIGCONT");
  const done = await ended;
  const good = done.filter(({ state }) => state === State.SUCCEEDED).length;
  console.log(
    `stopped worker: ${good} of ${done.length} tasks succeeded, the last after ${took} ms`,
  );
  if (good !== done.length) broken.push("stopped worker");
  await sleep(2_000);
  const after = await Promise.all(created.map((name) => tasks.getTask({ name })));
  const changed = after.filter(({ task }, at) => task!.revision !== done[at]!.revision).length;
  console.log(`  its late results changed ${changed} of them`);
  if (changed > 0) broken.push("late results");
  await Promise.all([one.stop(), two.stop()]);
}

for (const [name, run] of Object.entries(parts)) {
  if (values.part && values.part !== name) continue;
  await run();
}
console.log(broken.length === 0 ? "nothing broken" : `BROKEN: ${broken.join("; ")}`);
process.exitCode = broken.length === 0 ? 0 : 1;
