/**
 * The conformance suite: what an adapter must do to be a substrate, sentence by sentence of the
 * port. It knows the port only. An adapter's test file calls `describeSubstrate` and is done.
 */
import { describe } from "vitest";
import { describeBlobs } from "./conformance/blobs.ts";
import { describeBus } from "./conformance/bus.ts";
import { describeCrashes } from "./conformance/crashes.ts";
import { describeKeyValue } from "./conformance/kv.ts";
import { describeLifetime } from "./conformance/lifetime.ts";
import { describeLimits } from "./conformance/limits.ts";
import { describeLog } from "./conformance/log.ts";
import { describeQueue } from "./conformance/queue.ts";
import { describeRedelivery } from "./conformance/redelivery.ts";
import type { Open } from "./conformance/setup.ts";
import { describeWatch } from "./conformance/watch.ts";

export type { Open, Opened } from "./conformance/setup.ts";

const parts = {
  kv: describeKeyValue,
  watch: describeWatch,
  log: describeLog,
  memoryQueue: (open: Open) => describeQueue(open, "memory"),
  queue: (open: Open) => describeQueue(open, "disk"),
  memoryRedelivery: (open: Open) => describeRedelivery(open, "memory"),
  redelivery: (open: Open) => describeRedelivery(open, "disk"),
  bus: describeBus,
  blobs: describeBlobs,
  limits: describeLimits,
  lifetime: describeLifetime,
  crashes: describeCrashes,
};

export type Part = keyof typeof parts;

/** `open` makes a fresh, empty store at every call. `only`: for another setting of one adapter. */
export function describeSubstrate(
  name: string,
  open: Open,
  only: readonly Part[] = Object.keys(parts) as Part[],
): void {
  describe(`${name}: conformance`, () => {
    for (const part of only) parts[part](open);
  });
}
