/**
 * The one database of a home: its tables, its version, and how a connection is set up.
 *
 * `synchronous = FULL` with a write-ahead log means one fsync per commit, before it is visible.
 * Caches are small: the operating system caches the file anyway.
 */
import { DatabaseSync } from "node:sqlite";
import { SubstrateError } from "../substrate.ts";
import { databaseFault } from "./faults.ts";

export const schema_version = 1;

const tables = `
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE kv (key TEXT NOT NULL UNIQUE, value BLOB NOT NULL, revision INTEGER NOT NULL);
  CREATE TABLE log (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, time_ms INTEGER NOT NULL,
    payload BLOB NOT NULL
  );
  CREATE INDEX log_by_stream ON log (stream, position);
  CREATE TABLE queue (name TEXT PRIMARY KEY, config TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE message (
    sequence INTEGER PRIMARY KEY, queue TEXT NOT NULL, id TEXT NOT NULL, due_ms INTEGER NOT NULL,
    attempt INTEGER NOT NULL, dead_ms INTEGER, reason TEXT, payload BLOB NOT NULL,
    UNIQUE (queue, id)
  );
  INSERT INTO counter VALUES ('revision', 0);
  PRAGMA user_version = ${schema_version};
`;

/** Opens or makes the database and returns a connection that only reads. */
export function openReader(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = connect(path, 512);
    const { user_version } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    if (user_version > schema_version) throw newer(path, user_version);
    if (user_version < schema_version) {
      database.exec("PRAGMA journal_mode = WAL");
      database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`);
    }
    database.exec("PRAGMA query_only = ON");
    return database;
  } catch (error) {
    database?.close();
    throw databaseFault(path, error);
  }
}

/** A connection that may write. `pages_max`: the database's largest size, in pages of 4 KiB. */
export function openWriter(path: string, pages_max?: number): DatabaseSync {
  const database = connect(path, 1024);
  // The writer moves the log back into the database itself, when nobody waits for it.
  database.exec("PRAGMA wal_autocheckpoint = 0");
  if (pages_max !== undefined) database.exec(`PRAGMA max_page_count = ${pages_max}`);
  return database;
}

function connect(path: string, cache_kib: number): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 2_000 });
  database.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -${cache_kib};
    PRAGMA trusted_schema = OFF`);
  return database;
}

function newer(path: string, version: number): SubstrateError {
  const known = `this one knows up to ${schema_version}`;
  return new SubstrateError(
    "INVALID",
    `${path} was written by a newer Keiko: its version is ${version}, ${known}.`,
    { remedy: "Start that newer Keiko, or choose another home." },
  );
}
