/**
 * Keeps the last files open, so that the second question on a file finds it read. Files are known by
 * the hash of their content: the same bytes are never read twice, and a changed file is another file.
 */

import { type Vocabulary, vocabularyOf } from "../language/vocabulary.ts";
import type { DataLimits } from "../limits.ts";
import { byYear } from "./by-year.ts";
import type { Database } from "./database.ts";
import { load } from "./load.ts";
import { type Profile, profileTable } from "./profile.ts";

/** A file on this machine. */
export interface LocalFile {
  /** Where its bytes are. */
  readonly path: string;
  /** What identifies its content: the hash. */
  readonly key: string;
  /** What the person called it. */
  readonly filename: string;
  readonly size_bytes: number;
}

export interface OpenTable {
  readonly database: Database;
  readonly profile: Profile;
  readonly vocabulary: Vocabulary;
  /** The same with a row for each year, where the table has a column for each. */
  readonly by_year?: OpenTable;
}

export interface OpenTables {
  /** Calls `use` with the table; it stays open at least until `use` is done. */
  with<T>(file: LocalFile, use: (table: OpenTable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Entry {
  readonly file: LocalFile;
  readonly table: Promise<OpenTable>;
  users: number;
  evicted: boolean;
  idle?: NodeJS.Timeout;
}

export function openTables(limits: DataLimits): OpenTables {
  // A Map keeps the order of insertion: the first entry is the one not used for longest.
  const entries = new Map<string, Entry>();

  function enter(file: LocalFile): Entry {
    // The name decides what "how many cars" counts, so it belongs to the key.
    const key = `${file.key}\n${file.filename}`;
    const known = entries.get(key);
    const entry = known ?? { file, table: openOne(file, limits), users: 0, evicted: false };
    entries.delete(key);
    entries.set(key, entry);
    if (!known) {
      entry.table.catch(() => entries.delete(key));
      evict(entries, limits);
    }
    return entry;
  }

  function closeWhenIdle(entry: Entry) {
    if (entry.users > 0 || entry.evicted) return;
    entry.idle = setTimeout(() => {
      for (const [key, other] of entries) if (other === entry) entries.delete(key);
      entry.evicted = true;
      closeUnused(entry);
    }, limits.open_idle_ms_max).unref();
  }

  return {
    async with(file, use) {
      const entry = enter(file);
      clearTimeout(entry.idle);
      entry.users++;
      try {
        return await use(await entry.table);
      } finally {
        entry.users--;
        closeUnused(entry);
        closeWhenIdle(entry);
      }
    },
    async close() {
      const all = [...entries.values()];
      entries.clear();
      for (const entry of all) {
        clearTimeout(entry.idle);
        entry.evicted = true;
        await entry.table.catch(() => undefined);
        closeUnused(entry);
      }
    },
  };
}

async function openOne(file: LocalFile, limits: DataLimits): Promise<OpenTable> {
  const loaded = await load(file.path, file.filename, limits);
  try {
    const profile = await profileTable(loaded, file.filename, limits);
    const { database } = loaded;
    const long = await byYear({ database, profile }, limits);
    return {
      ...{ database, profile, vocabulary: vocabularyOf(profile) },
      ...(long ? { by_year: { ...long, vocabulary: vocabularyOf(long.profile) } } : {}),
    };
  } catch (cause) {
    loaded.database.close();
    throw cause;
  }
}

function evict(entries: Map<string, Entry>, limits: DataLimits) {
  const bytes = () => [...entries.values()].reduce((sum, { file }) => sum + file.size_bytes, 0);
  while (entries.size > 1) {
    if (entries.size <= limits.open_files_max && bytes() <= limits.open_bytes_max) return;
    const [key, oldest] = entries.entries().next().value!;
    entries.delete(key);
    oldest.evicted = true;
    closeUnused(oldest);
  }
}

/** An evicted table closes when its last question is answered. */
function closeUnused(entry: Entry) {
  if (!entry.evicted || entry.users > 0) return;
  entry.table.then(
    ({ database }) => database.close(),
    () => undefined,
  );
}
