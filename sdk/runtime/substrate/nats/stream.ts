/**
 * One JetStream stream: made or brought up to date, written to with an expectation, and read at its
 * leader. Direct reads, which any replica may answer with what it has, are used only up to a
 * position that the leader has named, so that a read never misses what was acknowledged before.
 */
import { randomUUID } from "node:crypto";
import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type StoredMsg,
  type StreamConfig,
} from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import { type Context, calling, pause } from "./connection.ts";
import { codeOf, api as codes, isConflict, isStreamMissing } from "./faults.ts";
import { call_ms_max, retry_ms_min } from "./limits.ts";

export interface StreamSettings {
  name: string;
  subjects: string;
  storage: "memory" | "disk";
  bytes_max: number;
  /** Keep only the last message of each subject. */
  last_only: boolean;
  /** Kept with the stream, for whoever finds it. */
  description?: string;
}

/** Thrown by `write` when the last message of the subject is another than expected. */
export class Unexpected extends Error {}

export interface Stream {
  readonly name: string;
  /** The new message's sequence. Fails with Unexpected. */
  write(subject: string, data: Uint8Array, options?: WriteOptions): Promise<number>;
  /** The last message of the subject, as the leader has it. */
  last(subject: string): Promise<StoredMsg | undefined>;
  /** The message with the sequence; undefined: there is none any more. */
  at(sequence: number): Promise<StoredMsg | undefined>;
  /** Messages of the subjects after the sequence, oldest first, at most `limit`. */
  after(filter: string, sequence: number, limit: number): Promise<StoredMsg[]>;
  /** Whether this call removed it; false: it was not there. */
  remove(sequence: number): Promise<boolean>;
  /** Removes everything under the subjects. */
  purge(filter: string): Promise<void>;
  /** Last sequence and number of messages, as the leader has them. */
  state(): Promise<{ last: number; first: number; count: number }>;
  /** Subjects that have messages. */
  subjects(filter: string): Promise<string[]>;
}

export interface WriteOptions {
  /** Sequence of the subject's last message; 0: there is none. Undefined: whatever it is. */
  expect?: number | undefined;
  headers?: Readonly<Record<string, string>>;
  /** The server removes it by itself after this time, where it can. */
  ttl?: string | undefined;
}

export function streamConfig(context: Context, settings: StreamSettings): Partial<StreamConfig> {
  const { name, subjects, storage, bytes_max, last_only, description } = settings;
  return {
    name,
    subjects: [subjects],
    description: description ?? "",
    storage: storage === "disk" ? StorageType.File : StorageType.Memory,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_bytes: bytes_max,
    max_msgs_per_subject: last_only ? 1 : -1,
    num_replicas: context.replicas,
    allow_direct: context.since(2, 11),
    ...(context.since(2, 11) ? { allow_msg_ttl: true } : {}),
  };
}

/** Makes the stream, unless it is there; two processes that start at once agree. */
export async function ensureStream(context: Context, settings: StreamSettings): Promise<Stream> {
  const config = streamConfig(context, settings);
  await calling(context, `stream ${settings.name}`, async () => {
    try {
      await context.manager.streams.info(settings.name);
    } catch (error) {
      if (!isStreamMissing(error)) throw error;
      await context.manager.streams.add(config as StreamConfig & { name: string });
    }
  }).catch((error) => {
    if (codeOf(error) !== codes.streamExists) throw error;
  });
  return openStream(context, settings.name);
}

export function openStream(context: Context, name: string): Stream {
  const { js, manager } = context;
  const { streams } = manager;
  const run = <T>(what: string, attempt: () => Promise<T>) =>
    calling(context, `${name}: ${what}`, attempt);

  const last = (subject: string) =>
    run(`read ${subject}`, async () => {
      return (await streams.getMessage(name, { last_by_subj: subject })) ?? undefined;
    });

  return {
    name,
    last,
    at: (seq) =>
      run(
        `read ${seq}`,
        async () => (await missing(streams.getMessage(name, { seq }))) ?? undefined,
      ),
    async write(subject, data, { expect, headers: given, ttl } = {}) {
      const msgID = randomUUID();
      const expectation = expect === undefined ? {} : { lastSubjectSequence: expect };
      const options = {
        msgID,
        expect: { streamName: name, ...expectation },
        ...(given ? { headers: headersOf(given) } : {}),
        ...(ttl && context.since(2, 11) ? { ttl } : {}),
      };
      try {
        return (await run(`write ${subject}`, () => js.publish(subject, data, options))).seq;
      } catch (error) {
        if (isConflict(error)) throw new Unexpected(subject);
        throw error;
      }
    },
    async after(filter, sequence, limit) {
      const newest = await last(filter);
      if (!newest || newest.seq <= sequence) return [];
      return context.since(2, 11)
        ? await batched(context, name, { filter, sequence, limit, newest: newest.seq })
        : await oneByOne(context, name, { filter, sequence, limit, newest: newest.seq });
    },
    remove: (seq) =>
      run(`remove ${seq}`, async () => {
        try {
          return await streams.deleteMessage(name, seq, false);
        } catch (error) {
          const code = codeOf(error);
          const gone = [codes.noMessage, codes.sequenceNotFound, codes.deleteFailed] as number[];
          if (code !== undefined && gone.includes(code)) return false;
          throw error;
        }
      }),
    async purge(filter) {
      await run(`purge ${filter}`, () => streams.purge(name, { filter }));
    },
    async state() {
      const { state } = await run("state", () => streams.info(name));
      return { last: state.last_seq, first: state.first_seq, count: state.messages };
    },
    async subjects(filter) {
      const info = await run("subjects", () => streams.info(name, { subjects_filter: filter }));
      return Object.keys(info.state.subjects ?? {});
    },
  };
}

interface Page {
  filter: string;
  sequence: number;
  limit: number;
  /** What the leader has: an answer that ends before it came from a replica that lags. */
  newest: number;
}

async function batched({ manager, life }: Context, name: string, page: Page): Promise<StoredMsg[]> {
  const { filter, limit, newest } = page;
  const found: StoredMsg[] = [];
  const until = performance.now() + call_ms_max;
  for (let from = page.sequence + 1; found.length < limit && from <= newest; ) {
    const options = { seq: from, next_by_subj: filter, batch: limit - found.length };
    const before = found.length;
    try {
      for await (const message of await manager.direct.getBatch(name, options)) {
        if (message.seq > newest) break;
        found.push(message);
      }
    } catch {
      // No answer, or the replica that answered went away: the next try asks another one.
    }
    life.assertOpen();
    from = (found.at(-1)?.seq ?? from - 1) + 1;
    if (found.length === before) {
      if (performance.now() > until) throw new Error(`${name}: nobody has ${newest}`);
      await pause(retry_ms_min);
    }
  }
  return found;
}

/** For servers without batches: one read after the other, at the leader. */
async function oneByOne(context: Context, name: string, page: Page): Promise<StoredMsg[]> {
  const found: StoredMsg[] = [];
  for (let seq = page.sequence + 1; found.length < page.limit && seq <= page.newest; ) {
    const query = { seq, next_by_subj: page.filter } as never;
    const message = await calling(context, `${name}: read ${seq}`, () =>
      missing(context.manager.streams.getMessage(name, query)),
    );
    if (!message) break;
    found.push(message);
    seq = message.seq + 1;
  }
  return found;
}

async function missing<T>(read: Promise<T | null>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (codeOf(error) === codes.noMessage || codeOf(error) === codes.sequenceNotFound) return null;
    throw error;
  }
}

function headersOf(given: Readonly<Record<string, string>>): MsgHdrs {
  const set = headers();
  for (const [name, value] of Object.entries(given)) set.set(name, encodeURIComponent(value));
  return set;
}

export function headerOf(
  message: { headers?: MsgHdrs | undefined; header?: MsgHdrs },
  name: string,
): string {
  const set = message.headers ?? message.header;
  return decodeURIComponent(set?.get(name) ?? "");
}
