/**
 * Keeps processes running: starts them, says when all are ready, starts again what ended without
 * being told to, and stops them in order. What ends again and again is started less and less often.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { StartError } from "../explain.ts";
import type { ProcessSpecification } from "./units.ts";

export interface SupervisorOptions {
  /** One line of a process, without its newline. */
  line(name: string, text: string): void;
  /** Something that a person should know. */
  note(name: string, text: string): void;
  /** Called when a process has started or ended. */
  changed?(): void;
  /** Environment of every process besides its own. */
  environment: Readonly<Record<string, string | undefined>>;
}

interface Running {
  specification: ProcessSpecification;
  child: ChildProcess;
  ready: boolean;
  link: string;
  started_ms: number;
  /** Ends in a row of a process that did not last. */
  failures: number;
  again?: NodeJS.Timeout;
}

const lasting_ms = 10_000;
const again_ms_min = 100;
const again_ms_max = 10_000;
/** A process that does not stop when told is killed. */
const stop_ms_max = 15_000;

export interface Supervisor {
  start(specification: ProcessSpecification): void;
  /** Resolves when every process has said that it is ready; fails when one gives up at its start. */
  ready(): Promise<void>;
  /** Where people come in. */
  link(): string;
  processes(): {
    name: string;
    identity: string;
    pid: number | undefined;
    /** As it was told; port 0: any free one. */
    listen: string;
    ready: boolean;
  }[];
  /** Groups of identities, one after the other. */
  stop(order: readonly (readonly string[])[]): Promise<void>;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const all = new Map<string, Running>();
  const listeners = new Set<() => void>();
  let stopping = false;
  let everReady = false;
  let failed: Error | undefined;
  const changed = () => {
    for (const listener of listeners) listener();
    options.changed?.();
  };

  const launch = (specification: ProcessSpecification, failures: number): Running => {
    const child = spawn(process.execPath, [specification.main], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // A group of its own: Ctrl-C is for the supervisor, which then stops each in its turn.
      detached: true,
      env: { ...options.environment, ...specification.environment },
    });
    const started_ms = performance.now();
    const running: Running = {
      specification,
      child,
      ready: false,
      link: "",
      started_ms,
      failures,
    };
    for (const stream of [child.stdout!, child.stderr!]) {
      eachLine(stream, (text) => options.line(specification.name, text));
    }
    child.on("message", (message: { ready?: boolean; link?: string }) => {
      running.ready = message.ready === true;
      running.link = message.link ?? "";
      changed();
    });
    child.once("exit", (code, signal) => ended(running, code, signal));
    child.once("spawn", changed);
    return running;
  };

  const ended = (running: Running, code: number | null, signal: string | null) => {
    const { name } = running.specification;
    const wasReady = running.ready;
    running.ready = false;
    if (stopping) return changed();
    if (!wasReady && !everReady && signal === null) {
      failed = new StartError(`${name} ended with exit code ${code}; its last line says why`);
      return changed();
    }
    // Whoever was ready and left in order was told to: it has not failed, however short its life.
    const inOrder = wasReady && code === 0;
    const lasted = performance.now() - running.started_ms > lasting_ms;
    const failures = lasted || inOrder ? 0 : running.failures + 1;
    const wait_ms = failures <= 1 ? 0 : Math.min(again_ms_max, again_ms_min * 2 ** failures);
    options.note(name, `ended (${signal ?? `exit code ${code}`}), starts again`);
    running.again = setTimeout(() => {
      if (!stopping) all.set(name, launch(running.specification, failures));
    }, wait_ms);
    changed();
  };

  return {
    start(specification) {
      all.set(specification.name, launch(specification, 0));
    },
    async ready() {
      const done = () => failed !== undefined || [...all.values()].every(({ ready }) => ready);
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!done()) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      });
      if (failed) throw failed;
      everReady = true;
    },
    link: () => [...all.values()].find(({ link }) => link !== "")?.link ?? "",
    processes: () =>
      [...all.values()].map(({ specification: { name, identity, environment }, child, ready }) => ({
        name,
        identity,
        pid: child.pid,
        listen: environment.KEIKO_LISTEN ?? "",
        ready,
      })),
    async stop(order) {
      stopping = true;
      for (const group of order) {
        const members = [...all.values()].filter(({ specification }) =>
          group.includes(specification.identity),
        );
        await Promise.all(members.map(stopOne));
      }
    },
  };
}

async function stopOne({ child, again }: Running): Promise<void> {
  clearTimeout(again);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), stop_ms_max);
  await gone;
  clearTimeout(late);
}

function eachLine(stream: NodeJS.ReadableStream, tell: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") tell(line);
  });
  stream.on("end", () => {
    if (rest !== "") tell(rest);
  });
}
