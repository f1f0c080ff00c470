/**
 * The streams of one substrate: made when missing, changed when their bounds differ, and read so
 * that a read sees every write that was acknowledged before. The only replica of a stream may be
 * read directly; of several, only the leader is asked, or what another replica gave is compared
 * with what the leader has.
 */
import { fault, Refused, refusal, unavailable } from "./faults.ts";
import type { GetRequest, JetStream, Stored } from "./jetstream.ts";
import { call_ms_max, duplicate_window_ms, feed_bytes, open_ms_max } from "./limits.ts";

export interface StreamConfig {
  name: string;
  subjects: string[];
  storage: "file" | "memory";
  num_replicas: number;
  max_bytes: number;
  max_msgs?: number;
  max_msgs_per_subject?: number;
  description?: string;
  allow_msg_ttl?: boolean;
  allow_rollup_hdrs?: boolean;
}

/** For a stream that keeps the last message of each subject (`JetStream.replaces`). */
export function lastOnly({ replaces }: JetStream): Partial<StreamConfig> {
  return replaces ? { allow_rollup_hdrs: true } : { max_msgs_per_subject: 1 };
}

export interface StreamInfo {
  config: StreamConfig & Record<string, unknown>;
  state: {
    messages: number;
    bytes: number;
    first_seq: number;
    last_seq: number;
    num_subjects?: number;
    subjects?: Record<string, number>;
  };
  total?: number;
}

const nanoseconds = (ms: number) => ms * 1_000_000;

/** Undefined when there is no such stream. */
export async function streamInfo(
  jetstream: JetStream,
  name: string,
  body?: { subjects_filter: string; offset?: number },
  limit_ms = call_ms_max,
): Promise<StreamInfo | undefined> {
  try {
    return await jetstream.api<StreamInfo>(
      `The stream ${name}`,
      `STREAM.INFO.${name}`,
      body,
      limit_ms,
    );
  } catch (error) {
    if (error instanceof Refused && error.is(refusal.streamNotFound)) return undefined;
    throw fault(`The stream ${name}`, error);
  }
}

/** Makes the stream or changes it to `wanted`; several processes may do so at the same time. */
export async function ensureStream(
  jetstream: JetStream,
  wanted: StreamConfig,
): Promise<StreamInfo> {
  const whole = {
    max_msgs: -1,
    max_msgs_per_subject: -1,
    retention: "limits",
    discard: "new",
    max_consumers: -1,
    max_age: 0,
    allow_direct: true,
    duplicate_window: nanoseconds(duplicate_window_ms),
    ...wanted,
  };
  const what = `The stream ${wanted.name}`;
  for (let round = 0; ; round++) {
    const found = await streamInfo(jetstream, wanted.name, undefined, open_ms_max);
    if (found && fits(found.config, whole)) return found;
    const verb = found ? "UPDATE" : "CREATE";
    // Sequences are fences: when a stream is made again, in memory, they must not come again.
    const fresh = wanted.storage === "memory" && jetstream.since(2, 10);
    const made = fresh ? { ...whole, first_seq: Date.now() * 1_000 } : whole;
    const body = found ? { ...found.config, ...whole } : made;
    try {
      return await jetstream.api(what, `STREAM.${verb}.${wanted.name}`, body, open_ms_max);
    } catch (error) {
      const raced = error instanceof Refused && error.is(refusal.streamNameInUse);
      if (!raced || round > 5) throw fault(what, error);
    }
  }
}

function fits(found: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => JSON.stringify(found[key] ?? absent[key]) === JSON.stringify(value),
  );
}

/** What the server leaves out of its answer when it is so. */
const absent: Record<string, unknown> = { allow_msg_ttl: false, description: "", max_age: 0 };

export class StreamReader {
  readonly name: string;
  readonly #jetstream: JetStream;
  readonly #replicated: boolean;

  constructor(jetstream: JetStream, name: string, replicas: number) {
    this.#jetstream = jetstream;
    this.name = name;
    this.#replicated = replicas > 1;
  }

  get replicated(): boolean {
    return this.#replicated;
  }

  /** One round trip to the only replica, or to the leader. */
  get(what: string, request: GetRequest): Promise<Stored | undefined> {
    return this.#persist(what, () =>
      this.#replicated
        ? this.#jetstream.leaderGet(this.name, request)
        : this.#jetstream.directGet(this.name, request),
    );
  }

  last(what: string, filter: string): Promise<Stored | undefined> {
    return this.get(what, { last_by_subj: filter });
  }

  /**
   * Messages of the filter from a sequence on: at most `limit`, fewer only when there are no more
   * or they are large. `more` says which.
   */
  page(
    what: string,
    filter: string,
    from: number,
    limit: number,
  ): Promise<{ messages: Stored[]; more: boolean }> {
    return this.#persist(what, async (attempt) => {
      if (!this.#jetstream.since(2, 11)) return this.#pageOneByOne(filter, from, limit);
      const request = { seq: from, next_by_subj: filter, batch: limit, max_bytes: feed_bytes };
      const page = this.#jetstream.directPage(this.name, request);
      if (!this.#replicated) {
        const { messages, pending } = await page;
        return { messages, more: pending > 0 };
      }
      // Any replica may give the page; the leader says how far it must reach.
      const newest = this.#jetstream.leaderGet(this.name, { last_by_subj: filter });
      const given = await page.catch((error: unknown) => ({ error }));
      const last = (await newest)?.sequence ?? 0;
      if ("error" in given) return this.#pageOneByOne(filter, from, limit);
      const { messages, pending } = given;
      const reached = messages.at(-1)?.sequence ?? from - 1;
      if (messages.length === limit) return { messages, more: pending > 0 || reached < last };
      if (pending > 0 || reached >= last) return { messages, more: pending > 0 };
      if (attempt < 2) return this.page(what, filter, from, limit);
      return this.#pageOneByOne(filter, from, limit);
    });
  }

  /** What servers without pages can do, and what helps when the nearest replica lags. */
  async #pageOneByOne(filter: string, from: number, limit: number) {
    const messages: Stored[] = [];
    for (let seq = from; messages.length < limit; ) {
      const request = { seq, next_by_subj: filter };
      const message = await this.#jetstream.leaderGet(this.name, request);
      if (!message) return { messages, more: false };
      messages.push(message);
      seq = message.sequence + 1;
    }
    return { messages, more: true };
  }

  /** The subjects of a filter that have messages, and the sequence up to which that is known. */
  async subjects(filter: string): Promise<{ subjects: string[]; last: number }> {
    const subjects: string[] = [];
    for (let offset = 0, last: number | undefined; ; ) {
      const body = { subjects_filter: filter, offset };
      const info = await streamInfo(this.#jetstream, this.name, body);
      if (!info) throw unavailable(`The stream ${this.name}`, "it does not exist");
      last ??= info.state.last_seq;
      const page = Object.keys(info.state.subjects ?? {});
      subjects.push(...page);
      offset += page.length;
      if (page.length === 0 || offset >= (info.total ?? 0)) return { subjects, last };
    }
  }

  async #persist<T>(what: string, trying: (attempt: number) => Promise<T>): Promise<T> {
    try {
      return await this.#jetstream.connection.persist(what, trying);
    } catch (error) {
      throw fault(what, error);
    }
  }
}
