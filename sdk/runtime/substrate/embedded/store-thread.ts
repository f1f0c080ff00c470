/**
 * The store thread: the only writer of the database. It takes every request that is there, applies
 * them in one transaction, and answers after the commit's fsync; what arrives meanwhile forms the
 * next group. So one fsync carries as many writes as the load offers, and a lone write waits for
 * nobody.
 */
import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { SubstrateError } from "../substrate.ts";
import { databaseFault, resultCode } from "./faults.ts";
import { type Answer, createOperations, operation } from "./operations.ts";
import { openWriter } from "./schema.ts";
import {
  type Argument,
  answered,
  posted,
  type Request,
  RequestReader,
  slots,
  type Wire,
} from "./wire.ts";

export interface StoreThreadData {
  wire: Wire;
  port: MessagePort;
  database: string;
  pages_max: number | undefined;
}

/** One fsync carries at most this many requests, so that the first of them is not kept waiting. */
const group_max = 512;
/** The write-ahead log is moved into the database when about this much of it is new. */
const checkpoint_bytes = 4 * 1024 * 1024;
/** A write changes about three pages. */
const write_bytes = 3 * 4096;
/** CONSTRAINT, TOOBIG, MISMATCH: these undo one statement and leave the transaction sound. */
const refusals = new Set([19, 18, 20]);

const { wire, port, database: path, pages_max } = workerData as StoreThreadData;
const database = openWriter(path, pages_max);
const operations = createOperations(database);
const begin = database.prepare("BEGIN IMMEDIATE");
const commit = database.prepare("COMMIT");
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
const reader = new RequestReader(wire, () => receiveMessageOnPort(port)!.message as Argument[]);

let taken = 0;
let unmoved_bytes = 0;

function takeGroup(): Request[] {
  const group: Request[] = [];
  const there = Atomics.load(wire.counters, posted);
  while (taken !== there && group.length < group_max) {
    group.push(reader.take());
    taken = (taken + 1) | 0;
  }
  return group;
}

function applyOne({ operation: code, args }: Request): Answer | SubstrateError {
  try {
    const answer = operations.apply(code, args);
    unmoved_bytes += write_bytes;
    for (const arg of args) if (typeof arg === "object") unmoved_bytes += arg.byteLength;
    return answer;
  } catch (error) {
    const result = resultCode(error);
    const only_this = result === undefined ? error instanceof SubstrateError : refusals.has(result);
    if (only_this) return databaseFault(path, error);
    throw error;
  }
}

/** Either every request of the group gets its own answer, or all get the commit's error. */
function commitGroup(group: readonly Request[]): (Answer | SubstrateError)[] {
  try {
    begin.run();
    const answers = group.map(applyOne);
    commit.run();
    return answers;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    operations.reset();
    const failed = databaseFault(path, error);
    return group.map(() => failed);
  }
}

function publish(answers: readonly (Answer | SubstrateError)[]): void {
  let slot = Atomics.load(wire.counters, answered);
  for (const answer of answers) {
    const at = ((slot >>> 0) % slots) * 2;
    if (answer instanceof SubstrateError) {
      wire.answers[at] = Number.NaN;
      const { code, message, remedy } = answer;
      port.postMessage({ code, message, remedy });
    } else {
      wire.answers[at] = answer[0];
      wire.answers[at + 1] = answer[1];
    }
    slot = (slot + 1) | 0;
  }
  Atomics.store(wire.counters, answered, slot);
  Atomics.notify(wire.counters, answered);
}

/** After the answers, so that nobody waits for it who does not have to. */
function moveLog(): void {
  unmoved_bytes = 0;
  try {
    checkpoint.get();
  } catch {
    // A full disk: the log keeps everything, and the next round tries again.
  }
}

function serve(): void {
  for (;;) {
    const group = takeGroup();
    if (group.length === 0) {
      Atomics.wait(wire.counters, posted, taken);
      continue;
    }
    const closing = group.at(-1)!.operation === operation.close;
    if (closing) group.pop();
    if (group.length > 0) publish(commitGroup(group));
    if (closing) {
      database.close();
      publish([[0, 0]]);
      return;
    }
    if (unmoved_bytes > checkpoint_bytes) moveLog();
  }
}

serve();
port.close();
