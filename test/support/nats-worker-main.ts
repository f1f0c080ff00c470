/** Takes a message, says so, waits for a line, says its word about the message and prints how it went. */
import { once } from "node:events";
import { type NatsOptions, openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import type { Delivery } from "@keiko/runtime/substrate/substrate.ts";

const [options = "", queue = "", word] = process.argv.slice(2);
const substrate = await openNats(JSON.parse(options) as NatsOptions);

const words: Record<string, (delivery: Delivery) => Promise<void>> = {
  ack: ({ ack }) => ack(),
  extend: ({ extend }) => extend(),
  retry: ({ retry }) => retry({ after_ms: 0 }),
  reject: ({ reject }) => reject("woke up late"),
};

async function handle(delivery: Delivery): Promise<void> {
  console.log("holds");
  await once(process.stdin, "data");
  const said = await words[word!]!(delivery).then(
    () => "done",
    (error) => error.code,
  );
  console.log(`said ${said}`);
}

const { signal } = new AbortController();
const consumed = substrate.queue.consume(queue, { concurrency: 1, signal }, handle);
// What consuming asks of the server first has long been answered when this was.
await substrate.queue.depth(queue);
await substrate.queue.depth(queue);
console.log("waits");
await consumed;
