/**
 * Asks every goal of a Keiko of its own and counts: node test/goals/score.ts [--json] [WORDS]
 * With words, only goals whose file or text contains them. Ends with 1 when something was wrong.
 */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { agentsFor } from "@keiko/local/agents.ts";
import { startKeiko } from "../support/keiko.ts";
import { createAsker, wrongWith, wrongWithRefusal } from "./ask.ts";
import { answerable, unanswerable } from "./goals.ts";
import { knownGaps } from "./known-gaps.ts";
import { pending } from "./pending.ts";

type Outcome = "right" | "refused wrongly" | "wrong" | "refused rightly" | "answered wrongly";

interface Result {
  readonly file: string;
  readonly goal: string;
  readonly outcome: Outcome;
  /** What did not match. */
  readonly wrong: readonly string[];
  /** What Keiko said: its answer, or its problem. */
  readonly said: string;
  readonly understanding: string;
  readonly evidence: string;
}

const json = process.argv.includes("--json");
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const chosen = ({ file, goal }: { file: string; goal: string }) =>
  words.every((word) => `${file} ${goal}`.toLowerCase().includes(word.toLowerCase()));

const keiko = await startKeiko({ agents: () => agentsFor() });
const asker = createAsker(keiko);
const results: Result[] = [];

function keep(task: Task, file: string, outcome: Outcome, wrong: readonly string[]) {
  const [problem] = task.problems;
  const said = problem ? `${Reason[problem.reason]}: ${problem.message}` : task.answer!.text;
  const { understanding = "", evidence = "" } = task.steps[0] ?? {};
  const { goal } = task;
  results.push({ file, goal, outcome, wrong, said, understanding, evidence });
  if (json) return;
  console.log(`${outcome.padEnd(16)} ${file}: ${goal}`);
  const fine = wrong.length === 0;
  if (!fine) console.log([...wrong, said, understanding].map((line) => `    ${line}`).join("\n"));
}

for (const goal of answerable.filter(chosen)) {
  const task = await asker.ask(goal.file, goal.goal);
  if (task.state !== State.SUCCEEDED) {
    keep(task, goal.file, "refused wrongly", ["it was refused"]);
    continue;
  }
  const wrong = await wrongWith(asker, task, goal);
  keep(task, goal.file, wrong.length === 0 ? "right" : "wrong", wrong);
}
for (const goal of unanswerable.filter(chosen)) {
  const task = await asker.ask(goal.file, goal.goal);
  const wrong = await wrongWithRefusal(asker, task, goal);
  const refused = task.state === State.FAILED;
  keep(task, goal.file, refused ? "refused rightly" : "answered wrongly", wrong);
}
await keiko.stop();

const count = (outcome: Outcome) => results.filter((one) => one.outcome === outcome).length;
const [right, refused, wrong] = [count("right"), count("refused wrongly"), count("wrong")];
const [rightly, answered] = [count("refused rightly"), count("answered wrongly")];
const part = (figure: number) =>
  `${((100 * figure) / (right + refused + wrong || 1)).toFixed(1)} %`;
if (json) console.log(JSON.stringify(results, null, 2));
else {
  const settled = results
    .filter(({ wrong: mistakes }) => mistakes.length === 0)
    .filter(({ goal }) => goal in knownGaps || goal in pending);
  const poor = results.filter((one) => one.outcome === "refused rightly" && one.wrong.length > 0);
  console.log(`
right            ${right} (${part(right)})
refused wrongly  ${refused} (${part(refused)})
wrong            ${wrong} (${part(wrong)})
of what cannot be answered: refused rightly ${rightly}, ${poor.length} of them not as they should be; answered wrongly ${answered}`);
  if (settled.length > 0) console.log("\nto be taken out of known-gaps.ts or pending.ts:");
  for (const { goal } of settled) console.log(`    ${goal}`);
}
process.exitCode = wrong + answered === 0 ? 0 : 1;
