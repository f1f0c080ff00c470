/**
 * How long the compiler takes for a plan of 50 steps when 10,000 skills are registered. Each sample
 * is another plan over skills drawn by chance, so nearly every step meets a contract for the first
 * time; the same plan once more shows what the caches give.
 */
import { create } from "@bufbuild/protobuf";
import { LimitsSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { compile } from "@keiko/orchestrator/compiler.ts";
import { loadPolicies } from "@keiko/policy/policy-set.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { literal, output, planOf } from "../test/support/plans.ts";
import { directoryOf, serviceName, skills_per_service } from "./registry/contracts.ts";
import { random } from "./registry/random.ts";
import { digits, printRows, quantileOfRounds, type Row } from "./row.ts";

const skills = 10_000;
const steps = 50;
const rounds = 7;
const plans_per_round = 200;
/** Compiled first and not counted, so that what is counted is Keiko and not V8 warming up. */
const warm_up_plans = 100;

export async function run(): Promise<Row[]> {
  const { catalog } = directoryOf(skills);
  const decider = createDecider(await loadPolicies([]));
  const services = Array.from({ length: Math.ceil(skills / skills_per_service) }, (_, i) => i);
  const pick = random(50);
  const first_ms: number[][] = [];
  const again_ms: number[][] = [];
  const timed = (plan: ReturnType<typeof planOf>, into: number[]) => {
    const start = performance.now();
    const { problems } = compile(plan, {
      method: (path) => catalog.method(path),
      refusal(found) {
        const { allowed, refusal } = decider.decide({
          caller: { workload: "orchestrator", user: "users/local" },
          permission: found.permission,
          service: found.method.parent.typeName,
          skill: found.skill !== undefined,
        });
        return allowed ? undefined : refusal;
      },
      storedPlan: () => undefined,
      attachments: [],
      limits: create(LimitsSchema, { timeMax: { seconds: 86_400n } }),
    });
    into.push(performance.now() - start);
    if (problems[0]) throw new Error(`${problems[0].field}: ${problems[0].message}`);
  };
  const drawn = () => ({
    ...planOf(
      ...Array.from({ length: steps }, (_, i) => ({
        id: `step${i}`,
        method: `${serviceName(pick(services))}/Increment`,
        // Every third stands at the beginning of a chain.
        inputs: [i % 3 === 0 ? literal("value", i) : output("value", `step${i - 1}`, "value")],
      })),
    ),
    // A step that nothing uses would be refused.
    answer: Array.from({ length: steps }, (_, i) => `{step${i}.value}`).join(" "),
  });
  for (let i = 0; i < warm_up_plans; i++) timed(drawn(), []);
  for (let round = 0; round < rounds; round++) {
    first_ms.push([]);
    again_ms.push([]);
    for (let i = 0; i < plans_per_round; i++) {
      const plan = drawn();
      timed(plan, first_ms[round]!);
      timed(plan, again_ms[round]!);
    }
  }
  return [row("another plan each time", first_ms), row("the same plan again", again_ms)];
}

function row(which: string, samples: readonly (readonly number[])[]): Row {
  const p99 = quantileOfRounds(samples, 0.99);
  return {
    name: `compile: ${steps} steps over ${skills} skills, ${which}`,
    value: `p50 ${digits(quantileOfRounds(samples, 0.5))} ms, p99 ${digits(p99)} ms`,
    goal: "p99 < 5 ms",
    met: p99 < 5,
    note: `n = ${rounds * plans_per_round}, median of ${rounds} rounds`,
  };
}

if (import.meta.main) printRows(await run());
