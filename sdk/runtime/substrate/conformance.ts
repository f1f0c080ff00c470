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

/** `open` makes a fresh, empty store at every call. */
export function describeSubstrate(name: string, open: Open): void {
  describe(`${name}: conformance`, () => {
    describeKeyValue(open);
    describeWatch(open);
    describeLog(open);
    describeQueue(open, "memory");
    describeQueue(open, "disk");
    describeRedelivery(open, "memory");
    describeRedelivery(open, "disk");
    describeBus(open);
    describeBlobs(open);
    describeLimits(open);
    describeLifetime(open);
    describeCrashes(open);
  });
}
