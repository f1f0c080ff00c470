/**
 * The home folder: where its files lie, and the lock that keeps a second process out.
 *
 * The lock is SQLite's own lock on a database that holds nothing. The kernel holds it, so it goes
 * with the process however that ends, and there is no pid file to grow stale.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SubstrateError } from "../substrate.ts";
import { databaseFault, fileFault, resultCode } from "./faults.ts";

export interface Home {
  /** Absolute. */
  readonly path: string;
  readonly database: string;
  /** Finished blobs, in 256 folders named by the first two hex digits. */
  readonly blobs: string;
  /** Blobs that are still being written; emptied at every start. */
  readonly unfinished: string;
  /** Frees the lock. */
  release(): void;
}

/** Fails at once with LOCKED when another process holds this home, else makes what is missing. */
export function openHome(given: string): Home {
  const path = resolve(given);
  makeFolder(path);
  const lock = takeLock(path);
  const blobs = join(path, "blobs");
  const unfinished = join(path, "unfinished");
  try {
    makeFolder(blobs);
    makeFolder(unfinished);
    for (const name of readdirSync(unfinished)) rmSync(join(unfinished, name), { force: true });
  } catch (error) {
    lock.close();
    throw fileFault(path, error);
  }
  const release = () => lock.close();
  return { path, database: join(path, "store.db"), blobs, unfinished, release };
}

/** Not `recursive: true`: below a pseudo file system such as /proc that never returns. */
function makeFolder(path: string, retry = true): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    if (errno === "EEXIST" && statSync(path).isDirectory()) return;
    if (errno === "ENOENT" && retry && dirname(path) !== path) {
      makeFolder(dirname(path));
      makeFolder(path, false);
      return;
    }
    if (errno === "ENOTDIR" || errno === "ENOENT" || errno === "EEXIST")
      throw new SubstrateError("INVALID", `There can be no folder at ${path}.`, {
        remedy: "Choose a home whose parent is a real folder.",
        cause: error,
      });
    throw fileFault(path, error);
  }
}

function takeLock(home: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(home, "lock"), { timeout: 0 });
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (resultCode(error) !== 5) throw databaseFault(home, error);
    throw new SubstrateError("LOCKED", `The home ${home} is in use by another Keiko process.`, {
      remedy: "Stop that process, or choose another home (KEIKO_HOME or --home).",
      cause: error,
    });
  }
}
