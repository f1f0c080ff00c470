/**
 * Reads the audit log. It implements keiko.audit.v1.AuditService; the records are written by the
 * chain of every server, and nothing here or elsewhere changes or removes one.
 */
import type { ServiceImpl } from "@connectrpc/connect";
import type { AuditService } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { pageToken, readPageToken } from "@keiko/runtime/page.ts";
import type { Log } from "@keiko/runtime/substrate/substrate.ts";
import { readNewest } from "./audit-store.ts";

export interface Deps {
  log: Log;
}

export function auditService({ log }: Deps) {
  return {
    async listRecords({ pageSize, pageToken: token, method, failedOnly }) {
      const { records, next } = await readNewest(log, {
        before: readPageToken(token, "number"),
        limit: pageSize || 100,
        accept: (record) =>
          (method === "" || record.method === method) && !(failedOnly && record.code === "ok"),
      });
      return { records, nextPageToken: next === undefined ? "" : pageToken(next) };
    },
  } satisfies ServiceImpl<typeof AuditService>;
}
