/**
 * Answers that something is decided by. A leader that was cut off from the others does not know it for
 * about ten seconds, and says meanwhile what was true before: as the last message of a subject, and as
 * the reason why a write is refused. So a message beside the others is written first, which needs the
 * majority, and only a replica that has seen it is believed. A store without replicas needs none of it.
 */
import type { SubstrateError } from "../substrate.ts";
import { unavailable } from "./faults.ts";
import { type JetStream, Mismatch, type Stored, type Write } from "./jetstream.ts";
import { call_ms_max } from "./limits.ts";
import type { StreamReader } from "./streams.ts";

/** What is there instead of what a write expected; nothing was written. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";
  readonly found: Stored | undefined;

  constructor(found: Stored | undefined) {
    super("another message is the last one");
    this.found = found;
  }
}

export class Fence {
  readonly #jetstream: JetStream;
  readonly #reader: StreamReader;
  readonly #subject: string;

  /** `subject` belongs to the stream, and to nobody else. */
  constructor(jetstream: JetStream, reader: StreamReader, subject: string) {
    this.#jetstream = jetstream;
    this.#reader = reader;
    this.#subject = subject;
  }

  /** The last message, whoever leads; without a majority it fails with UNAVAILABLE. */
  async last(what: string, subject: string): Promise<Stored | undefined> {
    if (!this.#reader.replicated) return this.#reader.last(what, subject);
    const { name } = this.#reader;
    const empty = { subject: this.#subject, payload: new Uint8Array(), replaces: true };
    const fence = await this.#jetstream.write(what, name, empty);
    // Both from one replica at one moment: the one is as new as the other.
    const request = { multi_last: [subject, this.#subject] };
    return this.#jetstream.connection.persist(what, async () => {
      const { messages } = await this.#jetstream.directPage(name, request);
      const seen = messages.find((message) => message.subject === this.#subject)?.sequence ?? 0;
      if (seen < fence) throw this.#jetstream.lagging();
      return messages.find((message) => message.subject !== this.#subject);
    });
  }

  /** Writes with an expectation; Unexpected is thrown only when it truly did not hold. */
  async write(what: string, write: Write & { expect: number }): Promise<number> {
    const end = performance.now() + call_ms_max;
    for (;;) {
      try {
        return await this.#jetstream.write(what, this.#reader.name, write);
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        const found = await this.last(what, write.subject);
        if (found && error.isOwn(found)) return found.sequence;
        // An earlier try may have taken effect, and then somebody may have replaced what it wrote.
        if (error.lost) throw outcomeUnknown(what, error);
        if ((found?.sequence ?? 0) !== write.expect) throw new Unexpected(found);
        // What refused it was cut off: there is another leader, and it is the one to ask.
        if (performance.now() >= end) throw unavailable(what, error);
      }
    }
  }
}

function outcomeUnknown(what: string, cause: Mismatch): SubstrateError {
  return unavailable(what, new Error("a try was not answered, and another write came", { cause }));
}
