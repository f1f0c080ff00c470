/** The reader of the audit log as a unit. */
import { AuditService } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { auditService } from "./audit-service.ts";

export const audit: ServiceDefinition = {
  identity: "audit",
  version: "0.1.0",
  kind: WorkloadKind.BACKBONE,
  serves: [AuditService],
  calls: [],
  async open({ substrate }) {
    return { services: [hosted(AuditService, auditService({ log: substrate.log }))] };
  },
};
