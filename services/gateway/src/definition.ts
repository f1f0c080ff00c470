/** The gateway as a unit: it serves nobody inside, and lets in whoever is outside. */
import { join } from "node:path";
import { ArtifactService } from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import { createSessions } from "./sessions.ts";

export interface GatewaySettings {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Of whoever sits at this machine; from the token file. */
  token: string;
  /** Largest file that is taken. */
  file_bytes_max: number;
}

/** One signed-in person on one machine. */
const localUser = "users/local";
const consoleFolder = join(import.meta.dirname, "../../../face/dist");
const close_ms = 2_000;

export function gateway(settings: GatewaySettings): ServiceDefinition & {
  /** Where it listens; fails before it has started. */
  opened(): Gateway;
} {
  let open: Gateway | undefined;
  const opened = () => {
    if (!open) throw new Error("the gateway has not started");
    return open;
  };
  return {
    identity: "gateway",
    version: "0.1.0",
    kind: WorkloadKind.BACKBONE,
    serves: [],
    calls: [ArtifactService],
    catalog: true,
    single: "sign-in links are kept in memory, so a second one would not know them",
    opened,
    async open({ substrate, catalog, transport, audit, log, now }) {
      const { host, port, token, file_bytes_max } = settings;
      const sessions = createSessions(substrate.kv, { user: localUser, token, now });
      const deps = { catalog, transport, sessions, audit, log, file_bytes_max };
      return {
        services: [],
        async start() {
          open = await openGateway({ ...deps, console: consoleFolder }, { host, port });
        },
        async stop() {
          await open?.close(close_ms);
        },
        link: () => opened().signInLink(),
      };
    },
  };
}
