/** Reads the audit log, which every server appends to and nobody rewrites. */
import { fromBinary } from "@bufbuild/protobuf";
import { type Record, RecordBatchSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { auditStream } from "@keiko/runtime/audit-sink.ts";
import type { Log, LogRecord } from "@keiko/runtime/substrate/substrate.ts";

/** Records at positions below `before`, newest first, and where to go on; undefined: that was all. */
export async function readNewest(
  log: Log,
  page: { before: number | undefined; limit: number; accept: (record: Record) => boolean },
): Promise<{ records: Record[]; next: number | undefined }> {
  const records: Record[] = [];
  // The log record that the last one shown is of may have more.
  let before = page.before === undefined ? undefined : logPosition(page.before) + 1;
  // Where most are passed over the pages read grow; where none is, no more is read than is shown.
  let limit = Math.min(500, page.limit);
  for (;;) {
    const batch = await log.readBack(auditStream, { ...(before ? { before } : {}), limit });
    for (const record of batch.flatMap(decode)) {
      const position = Number(record.position);
      if (page.before !== undefined && position >= page.before) continue;
      if (page.accept(record)) records.push(record);
      if (records.length === page.limit) return { records, next: position };
    }
    before = batch.at(-1)?.position;
    if (batch.length < limit) return { records, next: undefined };
    limit = Math.min(500, 4 * limit);
  }
}

/** More than are ever written at a time. */
const records_max = 1024;

const logPosition = (position: number) => Math.floor(position / records_max);

/** The newest first. */
function decode({ payload, position }: LogRecord): Record[] {
  const { records } = fromBinary(RecordBatchSchema, payload);
  for (const [n, record] of records.entries()) {
    record.position = BigInt(position * records_max + n);
  }
  return records.reverse();
}
