// What happens in the house, told as the real service tells it.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Event, EventSchema } from "@keiko/gen/keiko/event/v1/event_pb.js";

export type Change = NonNullable<MessageInitShape<typeof EventSchema>["change"]>;

export class Events {
  #kept: Event[] = [];
  #count = 0;
  #line = new AbortController();
  #wake = new Set<() => void>();

  tell(source: string, change: Change): void {
    const id = `${String(++this.#count).padStart(9, "0")}-0000000000000000`;
    const time = timestampFromMs(Date.now());
    this.#kept.push(create(EventSchema, { id, time, source, change }));
    for (const wake of this.#wake) wake();
  }

  /** How many listen. */
  get listeners(): number {
    return this.#wake.size;
  }

  /** Breaks every stream, as a server that ends does. */
  break(): void {
    this.#line.abort();
    this.#line = new AbortController();
    for (const wake of this.#wake) wake();
  }

  /** Nothing that was told before can be asked for any more. */
  forget(): void {
    this.#kept = [];
  }

  async *watch(after: string, signal: AbortSignal) {
    const line = this.#line.signal;
    let at = this.#kept.length;
    if (after) at = this.#kept.findIndex(({ id }) => id === after) + 1;
    if (after && at === 0) throw new ConnectError(`${after} is not kept`, Code.NotFound);
    let wake = () => {};
    const ring = () => wake();
    this.#wake.add(ring);
    signal.addEventListener("abort", ring, { once: true });
    try {
      for (; at < this.#kept.length; at++) yield { event: this.#kept[at]! };
      yield {};
      while (!signal.aborted) {
        if (line.aborted) throw new ConnectError("the server ends", Code.Aborted);
        const event = this.#kept[at];
        if (event) at++;
        if (event) yield { event };
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.#wake.delete(ring);
    }
  }
}
