/** An agent whose behaviour is known, for tests and benches of everything around agents. */

import { durationMs } from "@bufbuild/protobuf/wkt";
import { defineAgent, fail, retryable } from "@keiko/agent";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Log as Ledger } from "@keiko/runtime/substrate/substrate.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";

/** The stream in the ledger that `Record` writes to: one record per effect. */
export const ledgerStream = "probe-ledger";

export function probeAgent(ledger: Ledger) {
  const failures = new Map<string, number>();
  return defineAgent({
    name: "probe",
    contract: ProbeService,
    skills: {
      async increment(_, { value }) {
        return { value: value + 1n };
      },
      async record(context, { entry, afterValue }) {
        const text = `${entry}:${afterValue}`;
        // An effect in a system that removes duplicates by key, as payment systems do.
        const position = await context.step("ledger", (key) => appendOnce(ledger, key, text));
        return { position: BigInt(position), entry };
      },
      async *wait(context, { time }) {
        yield context.progress("waiting");
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(resolve, time ? durationMs(time) : 0);
          context.signal.addEventListener("abort", () => {
            clearTimeout(timer);
            reject(context.signal.reason);
          });
        });
        return {};
      },
      async fail(context, { times, retryable: again, bug }) {
        const key = context.principal.user;
        const failed = failures.get(key) ?? 0;
        if (failed >= times) {
          failures.delete(key);
          return { failed };
        }
        failures.set(key, failed + 1);
        if (bug) throw new TypeError("the secret is hunter2");
        if (again) throw retryable("not yet", { after_ms: 1 });
        throw fail(Reason.WRONG_STATE, { message: "told to fail", remedy: "tell it otherwise" });
      },
      count: (() => {
        throw new Error("count streams; it is hosted by the tests that need it");
      }) as never,
    },
  });
}

async function appendOnce(ledger: Ledger, key: string, entry: string): Promise<number> {
  const stream = `${ledgerStream}/${key}`;
  const [done] = await ledger.read(stream, { limit: 1 });
  if (done) return done.position;
  return ledger.append(stream, new TextEncoder().encode(entry), { expect: 0 });
}
