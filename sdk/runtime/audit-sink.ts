/** Where the chain of every server writes its records: one stream of the log, appended to only. */
import { toBinary } from "@bufbuild/protobuf";
import { RecordSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import type { AuditSink } from "./interceptors/audit.ts";
import { limits } from "./limits.ts";
import type { Log } from "./substrate/substrate.ts";

export const auditStream = "audit";

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
