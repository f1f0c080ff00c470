/** One subscriber of the bus, the same for every adapter: bounded, and ended by its signal or a close. */
import { Inbox } from "./inbox.ts";
import { assertInteger, pending_messages_max } from "./limits.ts";
import { type BusMessage, SubstrateError } from "./substrate.ts";

interface Life {
  assertOpen(): void;
  onClose(listener: (closed: SubstrateError) => void): () => void;
}

/** @param listen begins to push what matches the pattern; refuses a malformed one; returns how to stop */
export function subscription(
  life: Life,
  pattern: string,
  { signal, pending_max }: { signal: AbortSignal; pending_max: number },
  listen: (inbox: Inbox<BusMessage>) => () => void,
): AsyncIterable<BusMessage> {
  life.assertOpen();
  assertInteger("pending_max", pending_max, 1, pending_messages_max);
  const inbox = new Inbox<BusMessage>(pending_max, () => tooSlow(pattern, pending_max));
  const remove = listen(inbox);
  const stop = () => end();
  const forget = life.onClose((closed) => end(closed));
  const end = (error?: Error) => {
    remove();
    forget();
    signal.removeEventListener("abort", stop);
    inbox.end(error);
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  return read(inbox, end);
}

async function* read(inbox: Inbox<BusMessage>, end: () => void): AsyncGenerator<BusMessage> {
  try {
    for (let next = await inbox.next(); next; next = await inbox.next()) yield next;
  } finally {
    end();
  }
}

function tooSlow(pattern: string, pending_max: number): SubstrateError {
  return new SubstrateError(
    "TOO_SLOW",
    `The subscriber of ${pattern} is more than ${pending_max} messages behind.`,
    { remedy: "Read faster, or allow more with pending_max; then subscribe again." },
  );
}
