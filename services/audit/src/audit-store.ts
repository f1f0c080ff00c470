/** The audit log in the substrate: one stream, appended to by every server, never rewritten. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Record, RecordSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import type { AuditSink } from "@keiko/runtime/interceptors/audit.ts";
import { limits } from "@keiko/runtime/limits.ts";
import type { Log, LogRecord } from "@keiko/runtime/substrate/substrate.ts";

export const auditStream = "audit";

/** What a server's chain writes to. */
export function auditSink(log: Log): AuditSink {
  let pending = 0;
  return {
    async append(record, { awaited } = { awaited: true }) {
      if (pending >= limits.audit_pending_max) {
        throw new Error(`${pending} audit records wait to be written, the store does not keep up`);
      }
      pending++;
      try {
        const within_ms = awaited ? 0 : limits.audit_read_within_ms;
        await log.append(auditStream, toBinary(RecordSchema, record), { within_ms });
      } finally {
        pending--;
      }
    },
  };
}

/** Records at positions below `before`, newest first, and where to go on; undefined: that was all. */
export async function readNewest(
  log: Log,
  page: { before: number | undefined; limit: number; accept: (record: Record) => boolean },
): Promise<{ records: Record[]; next: number | undefined }> {
  const records: Record[] = [];
  let before = page.before;
  for (;;) {
    const batch = await log.readBack(auditStream, { ...(before ? { before } : {}), limit: 500 });
    for (const stored of batch) {
      const record = decode(stored);
      before = stored.position;
      if (page.accept(record)) records.push(record);
      if (records.length === page.limit) return { records, next: before };
    }
    if (batch.length < 500) return { records, next: undefined };
  }
}

function decode({ payload, position }: LogRecord): Record {
  const record = fromBinary(RecordSchema, payload);
  record.position = BigInt(position);
  return record;
}
