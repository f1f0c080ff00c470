/**
 * Health on a port of its own, in plain text: probes of Kubernetes bring no certificate and take a
 * number for a port. Nothing else answers there.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import {
  Health,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as Serving,
} from "@keiko/gen/grpc/health/v1/health_pb.js";

export interface HealthPort {
  /** `host:port`. */
  address: string;
  /** From now on the answer is SERVING, until the process drains. */
  ready(): void;
  close(): Promise<void>;
}

const { check } = Health.method;
const definition = {
  check: {
    path: `/${Health.typeName}/${check.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: HealthCheckRequest) => Buffer.from(toBinary(check.input, message)),
    requestDeserialize: (bytes: Buffer) => fromBinary(check.input, bytes),
    responseSerialize: (message: HealthCheckResponse) =>
      Buffer.from(toBinary(check.output, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(check.output, bytes),
  },
};

export async function serveHealth(options: {
  address: string;
  draining: () => boolean;
}): Promise<HealthPort> {
  let ready = false;
  const server = new Server({ "grpc.max_receive_message_length": 4096 });
  type Call = ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>;
  server.addService(definition, {
    check({ request }: Call, reply: sendUnaryData<HealthCheckResponse>) {
      const serving = ready && !options.draining() ? Serving.SERVING : Serving.NOT_SERVING;
      const status = request.service === "" ? serving : Serving.SERVICE_UNKNOWN;
      reply(null, create(check.output, { status }));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync(options.address, credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `${options.address.replace(/:\d+$/, "")}:${port}`,
    ready() {
      ready = true;
    },
    async close() {
      server.forceShutdown();
    },
  };
}
