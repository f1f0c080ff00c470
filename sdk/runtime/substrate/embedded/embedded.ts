/**
 * The embedded adapter: one process, one folder, one SQLite database, nothing to install.
 *
 * `openEmbedded` takes the home's lock, opens the database and is ready; the store thread starts
 * meanwhile. Writes go to that thread and are committed in groups; reads, watches, memory queues
 * and the bus stay in the calling thread; blobs are files.
 */
import type { Substrate } from "../substrate.ts";
import { createBlobs } from "./blobs.ts";
import { createBus } from "./bus.ts";
import { type Context, Life } from "./context.ts";
import { openHome } from "./home.ts";
import { createKeyValue } from "./kv.ts";
import { createLog } from "./log.ts";
import { createQueue } from "./queue.ts";
import { openReader } from "./schema.ts";
import { Store } from "./store.ts";

export interface EmbeddedOptions {
  /** The folder, made when it is missing. Belongs to one process at a time. */
  home: string;
  /** The database's largest size in pages of 4 KiB; beyond it writes fail with FULL. */
  pages_max?: number;
}

/**
 * Fails with LOCKED (at once), READ_ONLY, FULL, CORRUPT, or INVALID when the home was written by a
 * newer version or can be no folder. The substrate keeps the process alive until `close`.
 */
export async function openEmbedded({ home: path, pages_max }: EmbeddedOptions): Promise<Substrate> {
  const home = openHome(path);
  try {
    const reader = openReader(home.database);
    const store = new Store(home.database, pages_max);
    const context: Context = { home, reader, store, life: new Life(home.path) };
    return assemble(context);
  } catch (error) {
    home.release();
    throw error;
  }
}

function assemble(context: Context): Substrate {
  const { home, reader, store, life } = context;
  let closing: Promise<void> | undefined;
  const close = async () => {
    life.end();
    await store.close();
    reader.close();
    home.release();
  };
  return {
    shared: false,
    kv: createKeyValue(context),
    log: createLog(context),
    queue: createQueue(context),
    bus: createBus(life),
    blobs: createBlobs(context),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
