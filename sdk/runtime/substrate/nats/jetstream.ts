/**
 * The few calls of the JetStream API that the adapter is made of: requests in JSON, writes with an
 * expectation, reads at the leader, and pages.
 */
import { headers, type Msg, type MsgHdrs } from "@nats-io/transport-node";
import type { Connection } from "./connection.ts";
import { type ApiError, isConflict, Lost, Refused, refusal } from "./faults.ts";

/** A message as a stream keeps it. */
export interface Stored {
  subject: string;
  sequence: number;
  time_ms: number;
  /** Belongs to whoever gets it. */
  payload: Uint8Array;
  header(name: string): string;
}

export interface Write {
  subject: string;
  /** Must not change any more. */
  payload: Uint8Array;
  /** The sequence of the subject's last message, 0 for none. */
  expect?: number | undefined;
  headers?: Record<string, string>;
  /** Takes the place of everything before it under its subject (`replaces`). */
  replaces?: boolean;
}

/** Another message is the last of its subject than the one expected, as far as who was asked knows. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
  /** Whether a try before was not answered, and may have taken effect. */
  readonly lost: boolean;
  readonly #id: string;

  constructor(message: string, id: string, lost: boolean) {
    super(message);
    this.#id = id;
    this.lost = lost;
  }

  /** Whether it is what the refused write would have written. */
  isOwn(stored: Stored): boolean {
    return stored.header(id_header) === this.#id;
  }
}

const id_header = "Nats-Msg-Id";
const decoder = new TextDecoder();
/** What a removal is refused with where there is nothing to remove. */
const gone = [refusal.sequenceNotFound, refusal.messageDeleteFailed, refusal.messageNotFound];

export class JetStream {
  readonly connection: Connection;
  readonly #process = Math.random().toString(36).slice(2, 10) + Date.now().toString(36);
  #writes = 0;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Whether the server is at least of this version. */
  since(major: number, minor: number): boolean {
    const [x = 0, y = 0] = (this.connection.nats.info?.version ?? "").split(".").map(Number);
    return x > major || (x === major && y >= minor);
  }

  /**
   * Whether a message can take the place of those before it by its own header. A bound of one
   * message for each subject does the same, but what such a bound removes is written down nowhere
   * (2.14): after kill -9 of the server it is back, once the message that replaced it was deleted,
   * and an acknowledged message is delivered again. Older servers must do with the bound, since
   * their consumers pass over messages when one replaces another by its header.
   */
  get replaces(): boolean {
    return this.since(2, 11);
  }

  /** A call of the API; what it refuses is thrown as Refused. */
  api<T>(what: string, subject: string, body?: unknown, limit_ms?: number): Promise<T> {
    const ask = {
      subject: `$JS.API.${subject}`,
      payload: body === undefined ? "" : JSON.stringify(body),
    };
    return this.connection.persist(
      what,
      async () => parsed<T>(await this.connection.ask(ask)),
      limit_ms,
    );
  }

  /**
   * Writes once, however often it must be tried, and gives the sequence. A second try carries the
   * same id: the server leaves out what it has, and where it checks the expectation first, what it
   * refuses is looked for. Mismatch when the expectation does not hold.
   */
  async write(what: string, stream: string, write: Write): Promise<number> {
    const id = `${this.#process}${(this.#writes++).toString(36)}`;
    const rolls = write.replaces === true && this.replaces;
    const headers = headersOf(write, id);
    if (rolls) headers.set("Nats-Rollup", "sub");
    const ask = { subject: write.subject, payload: write.payload, headers };
    let lost = false;
    try {
      return await this.connection.persist(what, async (attempt) => {
        try {
          const { seq, duplicate } = parsed<PublishAnswer>(await this.connection.ask(ask));
          // The server may have died between storing it and removing what it replaces.
          if (duplicate && rolls) await this.#clear(stream, write.subject, seq);
          return seq;
        } catch (error) {
          if (error instanceof Lost) lost = true;
          if (attempt === 0 || !(error instanceof Refused && isConflict(error))) throw error;
          const own = await this.#find(stream, write, id);
          if (own === undefined) throw error;
          return own;
        }
      });
    } catch (error) {
      if (error instanceof Refused && isConflict(error))
        throw new Mismatch(error.message, id, lost);
      throw error;
    }
  }

  /** Removes what is before the message under its subject. */
  async #clear(stream: string, filter: string, seq: number): Promise<void> {
    const ask = {
      subject: `$JS.API.STREAM.PURGE.${stream}`,
      payload: JSON.stringify({ filter, seq }),
    };
    parsed(await this.connection.ask(ask));
  }

  /** The message that an earlier try wrote: the first behind the expected one, or the last. */
  async #find(stream: string, { subject, expect }: Write, id: string): Promise<number | undefined> {
    const first = await this.leaderGet(stream, { seq: (expect ?? 0) + 1, next_by_subj: subject });
    return first?.header(id_header) === id ? first.sequence : undefined;
  }

  /** One try of a read that only the stream's leader answers. */
  async leaderGet(stream: string, what: GetRequest): Promise<Stored | undefined> {
    const ask = { subject: `$JS.API.STREAM.MSG.GET.${stream}`, payload: JSON.stringify(what) };
    try {
      return fromApi(parsed<{ message: ApiMessage }>(await this.connection.ask(ask)).message);
    } catch (error) {
      if (error instanceof Refused && error.is(refusal.messageNotFound)) return undefined;
      throw error;
    }
  }

  /** One try of a read that any replica answers. */
  async directGet(stream: string, what: GetRequest): Promise<Stored | undefined> {
    const ask = { subject: `$JS.API.DIRECT.GET.${stream}`, payload: JSON.stringify(what) };
    const message = await this.connection.ask(ask);
    const code = message.headers?.code ?? 0;
    if (code === 404) return undefined;
    if (code !== 0) throw new Lost(`a read was answered with status ${code}`);
    return fromDirect(message);
  }

  /** One try of a page that any replica answers; `pending` is how many more the replica has. */
  async directPage(
    stream: string,
    what: GetRequest,
  ): Promise<{ messages: Stored[]; pending: number }> {
    const ask = { subject: `$JS.API.DIRECT.GET.${stream}`, payload: JSON.stringify(what) };
    const messages: Stored[] = [];
    let pending = 0;
    let status = 0;
    await this.connection.askMany(ask, (message) => {
      status = message.headers?.code ?? 0;
      if (status === 0) messages.push(fromDirect(message));
      if (status === 204) pending = Number(message.headers?.get("Nats-Num-Pending") ?? 0);
      return status !== 0;
    });
    if (status !== 204 && status !== 404)
      throw new Lost(`a page was answered with status ${status}`);
    return { messages, pending };
  }

  /** A replica that does not have what was written already: another try may find it. */
  lagging(): Lost {
    return new Lost("a replica lags behind");
  }

  /** One try of removing the message with this sequence: whether it was there. */
  async removed(stream: string, sequence: number): Promise<boolean> {
    const payload = JSON.stringify({ seq: sequence, no_erase: true });
    try {
      parsed(
        await this.connection.ask({ subject: `$JS.API.STREAM.MSG.DELETE.${stream}`, payload }),
      );
      return true;
    } catch (error) {
      if (error instanceof Refused && error.is(...gone)) return false;
      throw error;
    }
  }

  /** Removes the message with this sequence; harmless when it is gone. */
  async remove(what: string, stream: string, sequence: number): Promise<void> {
    await this.connection.persist(what, () => this.removed(stream, sequence));
  }
}

export interface GetRequest {
  seq?: number;
  last_by_subj?: string;
  next_by_subj?: string;
  /** The last messages of several subjects, from one moment. */
  multi_last?: string[];
  batch?: number;
  max_bytes?: number;
}

interface PublishAnswer {
  seq: number;
  /** It was there already, from an earlier try. */
  duplicate?: boolean;
}

interface ApiMessage {
  subject: string;
  seq: number;
  time: string;
  data?: string;
  hdrs?: string;
}

function parsed<T>(message: Msg): T {
  const answer = JSON.parse(decoder.decode(message.data)) as T & { error?: ApiError };
  if (answer.error) throw new Refused(answer.error);
  return answer;
}

function headersOf({ expect, headers: more }: Write, id: string): MsgHdrs {
  const made = headers();
  made.set(id_header, id);
  if (expect !== undefined) made.set("Nats-Expected-Last-Subject-Sequence", String(expect));
  for (const name in more) made.set(name, more[name]!);
  return made;
}

function fromApi({ subject, seq, time, data, hdrs }: ApiMessage): Stored {
  const head = hdrs === undefined ? "" : Buffer.from(hdrs, "base64").toString();
  return {
    subject,
    sequence: seq,
    time_ms: Date.parse(time),
    payload: data === undefined ? new Uint8Array() : new Uint8Array(Buffer.from(data, "base64")),
    header: (name) => headerIn(head, name),
  };
}

function headerIn(head: string, name: string): string {
  const start = head.indexOf(`\r\n${name}:`);
  if (start < 0) return "";
  const from = start + name.length + 3;
  return head.slice(from, head.indexOf("\r\n", from)).trim();
}

function fromDirect(message: Msg): Stored {
  const found = message.headers!;
  return {
    subject: found.get("Nats-Subject"),
    sequence: Number(found.get("Nats-Sequence")),
    time_ms: Date.parse(found.get("Nats-Time-Stamp")),
    // A copy: what arrived shares its memory with whatever came in the same packet.
    payload: new Uint8Array(message.data),
    header: (name) => found.get(name),
  };
}

/** A message that a consumer delivered; its reply subject carries the rest. */
export function fromDelivery(message: Msg): Stored & Delivered {
  const tokens = message.reply!.split(".");
  // $JS.ACK.<stream>.<consumer>.<count>.<sequence>.<order>.<time>.<pending>; newer ones have a
  // domain and an account behind ACK, and may have a token at the end.
  const at = tokens.length > 9 ? 6 : 4;
  return {
    subject: message.subject,
    sequence: Number(tokens[at + 1]),
    order: Number(tokens[at + 2]),
    count: Number(tokens[at]),
    pending: Number(tokens[at + 4]),
    time_ms: Number(tokens[at + 3]!.slice(0, -6)),
    payload: new Uint8Array(message.data),
    header: (name) => message.headers?.get(name) ?? "",
    reply: message.reply!,
  };
}

export interface Delivered {
  /** The consumer's own number of this delivery, without gaps. */
  order: number;
  /** How often this message was delivered. */
  count: number;
  /** Messages that wait behind this one. */
  pending: number;
  reply: string;
}
