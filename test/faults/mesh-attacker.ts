/** An attacker in a process of its own: repeats an attack every second for as long as it is told to. */
import { setPriority } from "node:os";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { serveParent } from "../../bench/lib/processes.ts";
import { createAttacker, type Held } from "../mesh/attacker.ts";

/** One round of each; what is held open stays so to the end. */
export const attacks = {
  "silent connections": (hold) => attacker.silent().then(hold),
  "a byte a second": (hold) => attacker.slow().then(hold),
  "connections nobody calls by": (hold) => attacker.idle(50).then(hold),
  "streams opened and cancelled": () => attacker.resets(1_000),
  "claims of a gigabyte": () => withSession(attacker.claims),
  "compressed bombs": () => withSession(attacker.bomb),
  "headers without end": () => withSession(attacker.endlessHeaders),
} satisfies Record<string, (hold: (held: Held) => void) => Promise<unknown>>;

export interface Question {
  attack: keyof typeof attacks;
  time_ms: number;
}

// Attackers bring their own machine: what theirs computes must not be taken from the server's.
setPriority(19);
const [address = "", folder = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const identity = await openIdentity(folder, { signal, log: silentLog });
const attacker = createAttacker(address, identity.contextOptions);

async function withSession(use: (from: Awaited<ReturnType<typeof attacker.session>>) => unknown) {
  const session = await attacker.session();
  await use(session);
  session.destroy();
}

async function attack({ attack: name, time_ms }: Question) {
  const all: Held = [];
  const hold = (held: Held) => {
    for (const one of held) one.on("error", () => {});
    all.push(...held);
  };
  const end = performance.now() + time_ms;
  let rounds = 0;
  for (; performance.now() < end; rounds++) {
    const next = performance.now() + 1_000;
    await attacks[name](hold);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
  for (const one of all) one.destroy();
  return { rounds };
}

serveParent({ names: Object.keys(attacks) as (keyof typeof attacks)[] }, attack, async () => {});
