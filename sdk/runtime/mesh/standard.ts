/**
 * What the field expects of every gRPC server besides its own services: health, open to whatever
 * probes it, and reflection, for callers who prove who they are.
 */
import { Health } from "@keiko/gen/grpc/health/v1/health_pb.js";
import { ServerReflection } from "@keiko/gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as ServerReflectionAlpha } from "@keiko/gen/grpc/reflection/v1alpha/reflection_pb.js";
import { health } from "../health.ts";
import { assembleHost, type Host } from "../host.ts";
import type { TokenVerifier } from "../identity.ts";
import { authenticate } from "../interceptors/authenticate.ts";
import { errors } from "../interceptors/errors.ts";
import { trace } from "../interceptors/trace.ts";
import type { Log } from "../log.ts";
import { reflection } from "../reflection.ts";

export interface StandardDeps {
  /** Undefined: connections prove who calls. */
  tokens: TokenVerifier | undefined;
  log: Log;
  /** Whether the server is about to stop; the host is told later, when no call can be lost. */
  stopping?: () => boolean;
}

export function standardHosts(host: Host, deps: StandardDeps): Host[] {
  const { tokens, log, stopping = () => false } = deps;
  const services = [...host.services, Health, ServerReflection, ServerReflectionAlpha];
  const reflected = reflection(() => services);
  const described = [ServerReflection, ServerReflectionAlpha].map((service) => ({
    service,
    implementation: reflected,
  }));
  const proven = [
    trace({ server: host.name, spans: undefined }),
    errors({ log }),
    authenticate({ tokens }),
  ];
  const probed = health({
    services: () => host.services.map(({ typeName }) => typeName),
    draining: () => host.draining || stopping(),
  });
  return [
    assembleHost("health", [{ service: Health, implementation: probed }], []),
    assembleHost("reflection", described, proven),
  ];
}
