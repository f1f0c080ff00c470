/**
 * The adapter for many processes: NATS JetStream, one node or a cluster.
 *
 * `openNats` connects, makes the streams that are not there yet, and is ready. Writes are acknowledged
 * by the stream's leader, and by a majority where there are several nodes; reads that decide are
 * answered by the leader. What differs from one process alone: a memory queue lives as long as the
 * servers do, and others may use the same store at the same time.
 */
import type { Substrate } from "../substrate.ts";
import { blobSubjects, createBlobs } from "./blobs.ts";
import { createBus } from "./bus.ts";
import { type ConnectionOptions, type Context, openConnection } from "./connection.ts";
import { createKeyValue, kvSubjects } from "./kv.ts";
import { type Bounds, bounds_default } from "./limits.ts";
import { createLog, logSubjects } from "./log.ts";
import { createQueue } from "./queue/queue.ts";
import { ensureStream } from "./stream.ts";

export interface NatsOptions extends Omit<ConnectionOptions, "replicas" | "bounds"> {
  /** How many nodes keep what is written; 1 unless told. */
  replicas?: number;
  /** A folder for local copies of blobs, of this process alone. */
  cache: string;
  bounds?: Partial<Bounds>;
}

/** Fails with UNAVAILABLE when no server answers, INVALID when one is configured too small. */
export async function openNats(options: NatsOptions): Promise<Substrate> {
  const { replicas = 1, cache, bounds, ...connection } = options;
  const context = await openConnection({
    ...connection,
    replicas,
    bounds: { ...bounds_default, ...bounds },
  });
  try {
    return await assemble(context, cache);
  } catch (error) {
    await context.nats.close();
    throw error;
  }
}

async function assemble(context: Context, cache: string): Promise<Substrate> {
  const { kv_bytes_max, log_bytes_max, blob_bytes_max } = context.bounds;
  const stored = { storage: "disk" } as const;
  const [kv, log, blobs] = await Promise.all([
    ensureStream(context, {
      ...stored,
      name: "KEIKO_KV",
      subjects: kvSubjects,
      bytes_max: kv_bytes_max,
      last_only: true,
    }),
    ensureStream(context, {
      ...stored,
      name: "KEIKO_LOG",
      subjects: logSubjects,
      bytes_max: log_bytes_max,
      last_only: false,
    }),
    ensureStream(context, {
      ...stored,
      name: "KEIKO_BLOB",
      subjects: blobSubjects,
      bytes_max: blob_bytes_max,
      last_only: true,
    }),
  ]);
  const underway = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const close = async () => {
    // Nothing new is accepted, and who waits in a loop is told; what was accepted is answered first.
    context.life.end();
    await Promise.allSettled([...underway]);
    await context.nats.drain().catch(() => context.nats.close());
  };
  return {
    kv: tracked(createKeyValue(context, kv), ["put", "delete"], underway),
    log: tracked(createLog(context, log), ["append"], underway),
    queue: tracked(createQueue(context), ["send", "declare", "revive"], underway),
    bus: createBus(context),
    blobs: createBlobs(context, blobs, cache),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Remembers writes until they are answered, so that `close` can wait for them. */
function tracked<T extends object>(
  port: T,
  names: readonly (keyof T)[],
  underway: Set<Promise<unknown>>,
): T {
  const wrapped = { ...port };
  for (const name of names) {
    const call = port[name] as (...args: unknown[]) => Promise<unknown>;
    wrapped[name] = ((...args: unknown[]) => {
      const running = call(...args).finally(() => underway.delete(running));
      running.catch(() => {});
      underway.add(running);
      return running;
    }) as T[typeof name];
  }
  return wrapped;
}
