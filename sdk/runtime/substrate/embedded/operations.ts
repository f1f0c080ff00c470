/**
 * The writes, as the store thread applies them: each inside the transaction of its group, each
 * either done whole or refused before it changed anything. A write returns up to two numbers.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { SubstrateError } from "../substrate.ts";
import type { Argument } from "./wire.ts";

/** The numbers are what goes over the wire. */
export const operation = {
  close: 0,
  /** key, value, expect or -1 -> revision */
  put: 1,
  /** key, expect or -1 -> revision, or 0 when there was nothing to delete */
  delete: 2,
  /** stream, payload, expect or -1 -> position, time_ms */
  append: 3,
  /** queue, config as JSON */
  queueDeclare: 4,
  /** queue, id, due_ms, payload */
  messageInsert: 5,
  /** queue, id, attempt */
  messageDelivered: 6,
  /** queue, id */
  messageRemove: 7,
  /** queue, id, due_ms, attempt: also takes it from the dead letters */
  messageDue: 8,
  /** queue, id, dead_ms, reason */
  messageDead: 9,
} as const;

export type Answer = readonly [number, number];
const nothing: Answer = [0, 0];
type Apply = (args: readonly Argument[]) => Answer;

/** Revisions are taken in blocks, so that the counter is written once per block, not per write. */
const revision_block = 1_024;

function conflict(what: string, expected: Argument, found: number): SubstrateError {
  return new SubstrateError("CONFLICT", `${what}: expected ${expected}, found ${found}.`, {
    remedy: "Read it again and decide anew.",
  });
}

/** Prepares every statement once; `apply` runs one write. */
export function createOperations(database: DatabaseSync) {
  const revisions = createRevisions(database);
  const table: Apply[] = [];
  addKeyValue(database, table, revisions.next);
  addLog(database, table);
  addQueue(database, table);
  return {
    apply: (code: number, args: readonly Argument[]): Answer => table[code]!(args),
    /** Must be called after a rollback, which may have taken the counter back. */
    reset: revisions.reset,
  };
}

function createRevisions(database: DatabaseSync) {
  const read = database.prepare("SELECT value FROM counter WHERE name = 'revision'");
  const write = database.prepare("UPDATE counter SET value = ? WHERE name = 'revision'");
  let reserved = (read.get() as { value: number }).value;
  let last = reserved;
  return {
    next(): number {
      if (last >= reserved) {
        write.run(last + revision_block);
        reserved = last + revision_block;
      }
      return ++last;
    },
    reset(): void {
      reserved = Math.min(reserved, (read.get() as { value: number }).value);
    },
  };
}

function addKeyValue(database: DatabaseSync, table: Apply[], nextRevision: () => number): void {
  const current = database.prepare("SELECT revision FROM kv WHERE key = ?");
  const upsert = database.prepare(`INSERT INTO kv (key, value, revision) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision`);
  const remove = database.prepare("DELETE FROM kv WHERE key = ?");
  const check = (key: Argument, expect: Argument): number => {
    const found = (current.get(key) as { revision: number } | undefined)?.revision ?? 0;
    if (expect !== -1 && expect !== found)
      throw conflict(`Revision of key ${JSON.stringify(key)}`, expect, found);
    return found;
  };
  table[operation.put] = ([key, value, expect]) => {
    if (expect !== -1) check(key!, expect!);
    const revision = nextRevision();
    upsert.run(key!, value!, revision);
    return [revision, 0];
  };
  table[operation.delete] = ([key, expect]) => {
    if (check(key!, expect!) === 0) return nothing;
    remove.run(key!);
    return [nextRevision(), 0];
  };
}

function addLog(database: DatabaseSync, table: Apply[]): void {
  const last = database.prepare("SELECT max(position) AS position FROM log WHERE stream = ?");
  const insert = database.prepare("INSERT INTO log (stream, time_ms, payload) VALUES (?, ?, ?)");
  table[operation.append] = ([stream, payload, expect]) => {
    if (expect !== -1) {
      const found = (last.get(stream!) as { position: number | null }).position ?? 0;
      if (expect !== found)
        throw conflict(`Last position of stream ${JSON.stringify(stream)}`, expect!, found);
    }
    const time_ms = Date.now();
    return [Number(insert.run(stream!, time_ms, payload!).lastInsertRowid), time_ms];
  };
}

function addQueue(database: DatabaseSync, table: Apply[]): void {
  const run = (statement: StatementSync, order: readonly number[]): Apply => {
    return (args) => {
      statement.run(...order.map((i) => args[i]!));
      return nothing;
    };
  };
  const prepare = (sql: string) => database.prepare(sql);
  table[operation.queueDeclare] = run(
    prepare(`INSERT INTO queue (name, config) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET config = excluded.config`),
    [0, 1],
  );
  table[operation.messageInsert] = run(
    prepare("INSERT INTO message (queue, id, due_ms, payload, attempt) VALUES (?, ?, ?, ?, 0)"),
    [0, 1, 2, 3],
  );
  table[operation.messageDelivered] = run(
    prepare("UPDATE message SET attempt = ? WHERE queue = ? AND id = ?"),
    [2, 0, 1],
  );
  table[operation.messageRemove] = run(
    prepare("DELETE FROM message WHERE queue = ? AND id = ?"),
    [0, 1],
  );
  table[operation.messageDue] = run(
    prepare(`UPDATE message SET due_ms = ?, attempt = ?, dead_ms = NULL, reason = NULL
      WHERE queue = ? AND id = ?`),
    [2, 3, 0, 1],
  );
  table[operation.messageDead] = run(
    prepare("UPDATE message SET dead_ms = ?, reason = ? WHERE queue = ? AND id = ?"),
    [2, 3, 0, 1],
  );
}
