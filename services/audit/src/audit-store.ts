/** Reads the audit log, which every server appends to and nobody rewrites. */
import { fromBinary } from "@bufbuild/protobuf";
import { type Record, RecordSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { auditStream } from "@keiko/runtime/audit-sink.ts";
import type { Log, LogRecord } from "@keiko/runtime/substrate/substrate.ts";

/** Records at positions below `before`, newest first, and where to go on; undefined: that was all. */
export async function readNewest(
  log: Log,
  page: { before: number | undefined; limit: number; accept: (record: Record) => boolean },
): Promise<{ records: Record[]; next: number | undefined }> {
  const records: Record[] = [];
  let before = page.before;
  // Where most are passed over the pages read grow; where none is, no more is read than is shown.
  let limit = Math.min(500, page.limit);
  for (;;) {
    const batch = await log.readBack(auditStream, { ...(before ? { before } : {}), limit });
    for (const stored of batch) {
      const record = decode(stored);
      before = stored.position;
      if (page.accept(record)) records.push(record);
      if (records.length === page.limit) return { records, next: before };
    }
    if (batch.length < limit) return { records, next: undefined };
    limit = Math.min(500, 4 * limit);
  }
}

function decode({ payload, position }: LogRecord): Record {
  const record = fromBinary(RecordSchema, payload);
  record.position = BigInt(position);
  return record;
}
