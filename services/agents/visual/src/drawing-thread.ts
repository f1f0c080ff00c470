// Draws in a thread of its own: a chart takes its fifty milliseconds without stopping whatever else
// runs in the process, and what Vega needs goes away with the thread once nobody draws any more.
// The thread starts with the first chart or with `warm`, and is started anew if it should die.

import { Worker } from "node:worker_threads";
import { toBinary } from "@bufbuild/protobuf";
import { TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import type { ChartRequest, Outcome } from "./draw-chart.ts";

/** What the thread is asked; a null request only loads everything. */
export interface Order {
  readonly id: number;
  readonly request: { table: Uint8Array; wishes: readonly string[]; language: string } | null;
}

/** What the thread answers. */
export type Delivery =
  | { readonly id: number; readonly outcome: Outcome | null }
  | { readonly id: number; readonly error: unknown };

export interface DrawingThread {
  draw(request: ChartRequest): Promise<Outcome>;
  /** Loads what the first chart needs, so that it is as quick as the next. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

export interface Limits {
  /** Without a chart for so long, the thread ends. */
  readonly idle_ms_max: number;
  readonly heap_mib_max: number;
}

const YOUNG_HEAP_MIB = 24;
const LIMITS: Limits = { idle_ms_max: 300_000, heap_mib_max: 512 };

interface Waiting {
  resolve(outcome: Outcome | null): void;
  reject(error: unknown): void;
}

/** Starts nothing yet. */
export function openDrawingThread(limits: Limits = LIMITS): DrawingThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;

  function start(): Worker {
    const started = new Worker(new URL("./drawing-worker.ts", import.meta.url), {
      name: "visual",
      resourceLimits: {
        maxOldGenerationSizeMb: limits.heap_mib_max,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MIB,
      },
    });
    started.on("message", (delivery: Delivery) => {
      const order = waiting.get(delivery.id);
      waiting.delete(delivery.id);
      rest();
      if ("error" in delivery) order?.reject(delivery.error);
      else order?.resolve(delivery.outcome);
    });
    started.on("error", (error) => lose(started, error));
    started.on("exit", () => lose(started, new Error("The drawing thread ended.")));
    return started;
  }

  function lose(lost: Worker, error: unknown): void {
    if (worker !== lost) return;
    worker = null;
    for (const order of waiting.values()) order.reject(error);
    waiting.clear();
  }

  /** A thread without work neither keeps the process alive nor stays for long. */
  function rest(): void {
    if (waiting.size > 0) return;
    worker?.unref();
    idle = setTimeout(() => void end(), limits.idle_ms_max).unref();
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ended = worker;
    if (ended) lose(ended, new Error("The drawing thread was closed."));
    await ended?.terminate();
  }

  function order(request: Order["request"]): Promise<Outcome | null> {
    clearTimeout(idle);
    worker ??= start();
    worker.ref();
    const id = ++last;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome | null>();
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, request } satisfies Order);
    return promise;
  }

  return {
    async draw({ table, wishes, language }) {
      const outcome = await order({ table: toBinary(TableSchema, table), wishes, language });
      if (!outcome) throw new Error("The drawing thread answered a chart with nothing.");
      return outcome;
    },
    async warm() {
      await order(null);
    },
    close: end,
  };
}
