/** gRPC health for any server: what is served, and whether it is draining. */
import type { HandlerContext } from "@connectrpc/connect";
import { HealthCheckResponse_ServingStatus as Serving } from "@keiko/gen/grpc/health/v1/health_pb.js";

export interface HealthSource {
  /** Full names of what is served now. */
  services(): string[];
  draining(): boolean;
}

/** How often a watcher's server looks whether the answer has changed. */
const look_ms = 200;

/** The implementation of `grpc.health.v1.Health`. */
export function health(source: HealthSource) {
  const serving = () => (source.draining() ? Serving.NOT_SERVING : Serving.SERVING);
  const of = (service: string) => {
    const known = service === "" || source.services().includes(service);
    return { status: known ? serving() : Serving.SERVICE_UNKNOWN };
  };
  return {
    check: ({ service }: { service: string }) => of(service),
    list: () => ({
      statuses: Object.fromEntries(source.services().map((name) => [name, of(name)])),
    }),
    async *watch({ service }: { service: string }, { signal }: HandlerContext) {
      let said: Serving | undefined;
      while (!signal.aborted) {
        const { status } = of(service);
        if (status !== said) yield { status };
        said = status;
        await new Promise((next) => setTimeout(next, look_ms).unref());
      }
    },
  };
}
