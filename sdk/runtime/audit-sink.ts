/**
 * Where the chain of every server writes its records: one stream of the log, appended to only. What
 * nobody waits for is written a moment later, together with whatever else there is by then, because
 * every write is a sync.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import { type Record, RecordBatchSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import type { AuditSink } from "./interceptors/audit.ts";
import { limits } from "./limits.ts";
import type { Log } from "./substrate/substrate.ts";

export const auditStream = "audit";

export interface ClosableAuditSink extends AuditSink {
  /** Writes what waits; resolves when nothing does any more. */
  flush(): Promise<void>;
}

interface Batch {
  records: Record[];
  written: Promise<void>;
  write: () => void;
}

export function auditSink(log: Log): ClosableAuditSink {
  const under = new Set<Promise<void>>();
  let pending = 0;
  let next: Batch | undefined;

  const open = (): Batch => {
    const records: Record[] = [];
    const { promise: begun, resolve: write } = Promise.withResolvers<void>();
    const timer = setTimeout(write, limits.audit_read_within_ms);
    const written = begun
      .then(() => {
        clearTimeout(timer);
        if (next === batch) next = undefined;
        return log.append(
          auditStream,
          toBinary(RecordBatchSchema, create(RecordBatchSchema, { records })),
        );
      })
      .then(() => {})
      .finally(() => {
        pending -= records.length;
        under.delete(written);
      });
    const batch: Batch = { records, written, write };
    under.add(written);
    return batch;
  };

  return {
    append(record, { awaited } = { awaited: true }) {
      if (pending >= limits.audit_pending_max) {
        const text = `${pending} audit records wait to be written, the store does not keep up`;
        return Promise.reject(new Error(text));
      }
      pending++;
      next ??= open();
      const { records, written, write } = next;
      records.push(record);
      if (awaited || records.length >= limits.audit_batch_max) {
        next = undefined;
        write();
      }
      return written;
    },
    async flush() {
      next?.write();
      await Promise.allSettled(under);
    },
  };
}
