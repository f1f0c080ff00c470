/**
 * Kills a writing process with SIGKILL at a random moment, opens the store again and compares it
 * with what the process had been told. Over and over on the same store, so that it also recovers
 * from recoveries. Needs no test runner: scripts call it for longer loops.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Substrate } from "../substrate.ts";
import { Ledger, verify } from "./ledger.ts";

/** How another process opens a store: `module` exports `openAt(place): Promise<Substrate>`. */
export interface StoreAddress {
  module: URL;
  place: string;
}

export interface KillLoopOptions {
  kills: number;
  /** The same seed draws the same delays; the machine still decides where they fall. */
  seed: number;
  address: StoreAddress;
  /** Opens the store in this process, to look at it. */
  reopen(): Promise<Substrate>;
  /** Called after every kill that was survived. */
  onKill?: (done: number) => void;
}

export interface KillLoopResult {
  kills: number;
  /** How often each kind of call had been acknowledged before a kill. */
  acknowledged: Ledger["acknowledged"];
  /** Messages that had been delivered, not acked, and came again. */
  redelivered: number;
}

/** Fails with what was lost, torn or doubled, and the seed. */
export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const random = generator(options.seed);
  const ledger = new Ledger();
  let redelivered = 0;
  for (let kill = 0; kill < options.kills; kill++) {
    // One in five dies while it opens the store, one after it has acked at least once, which takes a
    // slow machine its time, the others while they write.
    const when = kill % 5 === 4 ? "early" : kill % 5 === 0 ? "acked" : "ready";
    const output = await writeAndDie(options.address, when, random);
    ledger.read(output);
    const substrate = await options.reopen();
    try {
      redelivered += (await verify(ledger, substrate)).redelivered;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`After kill ${kill + 1} (seed ${options.seed}): ${said}`, { cause: error });
    } finally {
      await substrate.close();
    }
    options.onKill?.(kill + 1);
  }
  return { kills: options.kills, acknowledged: ledger.acknowledged, redelivered };
}

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function writeAndDie(
  address: StoreAddress,
  when: "early" | "ready" | "acked",
  random: () => number,
): Promise<string> {
  const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));
  const args = [writer, address.module.href, address.place];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (data) => {
    output.text += data;
  });
  child.stderr.setEncoding("utf8").on("data", (data) => {
    output.errors += data;
  });
  const closed = once(child, "close");
  if (when === "early") await sleep(60 + random() * 200);
  else {
    await said(child, output, when);
    await sleep(10 + random() * 120);
  }
  child.kill("SIGKILL");
  const [, signal] = await closed;
  if (signal !== "SIGKILL") throw new Error(`The writer ended by itself: ${output.errors}`);
  return output.text;
}

/** That line, or the end of the process, which the caller reports. */
async function said(child: ChildProcess, output: { text: string }, word: string): Promise<void> {
  while (!lineOf(output.text, word) && child.exitCode === null) await sleep(2);
}

const lineOf = (text: string, word: string) =>
  text.split("\n").some((line) => line === word || line.startsWith(`${word} `));

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
