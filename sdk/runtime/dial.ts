/**
 * Clients for what a workload declared that it calls, and for nothing else: the same declaration
 * gives the network policy, so a call that is not declared must not work on a laptop either.
 */
import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "./errors.ts";

export interface Dialer {
  /** A typed client; the same one each time. Fails with UNDECLARED_CALL. */
  client<S extends DescService>(service: S): Client<S>;
}

export function createDialer(options: {
  workload: string;
  calls: readonly DescService[];
  transport: Transport;
}): Dialer {
  const { workload, calls, transport } = options;
  const declared = new Set(calls.map((service) => service.typeName));
  const clients = new Map<string, unknown>();
  return {
    client<S extends DescService>(service: S) {
      if (!declared.has(service.typeName)) {
        throw refuse(Reason.UNDECLARED_CALL, {
          message: `"${workload}" does not declare that it calls ${service.typeName}`,
          remedy: "add the service to `calls` in the workload's definition",
          metadata: { workload, service: service.typeName },
        });
      }
      let client = clients.get(service.typeName) as Client<S> | undefined;
      if (!client) {
        client = createClient(service, transport);
        clients.set(service.typeName, client);
      }
      return client;
    },
  };
}
