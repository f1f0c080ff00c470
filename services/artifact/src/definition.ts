/** The keeper of files as a unit. */
import { ArtifactService } from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { artifactService } from "./artifact-service.ts";

/** @param file_bytes_max the largest file that is taken */
export function artifact({ file_bytes_max }: { file_bytes_max: number }): ServiceDefinition {
  return {
    identity: "artifact",
    version: "0.1.0",
    kind: WorkloadKind.BACKBONE,
    serves: [ArtifactService],
    calls: [],
    async open({ substrate, emit }) {
      const deps = { blobs: substrate.blobs, file_bytes_max, emit };
      return { services: [hosted(ArtifactService, artifactService(deps))] };
    },
  };
}
