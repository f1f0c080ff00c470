/** Connect's typed clients over a grpc-js channel: 2.6 times connect-node's client and server. */
import {
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { createContextValues, type Transport } from "@connectrpc/connect";
import { runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";
import {
  type ChannelCredentials,
  type ClientReadableStream,
  type ClientWritableStream,
  Client as GrpcClient,
  type Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { headers } from "../call.ts";
import { methodPath } from "../contracts.ts";
import { limits } from "../limits.ts";
import { fromMetadata, fromStatus, toMetadata } from "./grpc-status.ts";
import { outgoing } from "./outgoing.ts";

export interface GrpcTransportOptions {
  /** A grpc-js target: "127.0.0.1:5000", "dns:///data:5000". */
  target: string;
  credentials: ChannelCredentials;
  /** A fresh workload token for each call; undefined: the server will refuse. */
  token: (() => string) | undefined;
}

export function createGrpcTransport(options: GrpcTransportOptions): Transport & { close(): void } {
  const client = new GrpcClient(options.target, options.credentials, {
    "grpc.max_receive_message_length": limits.message_bytes_max,
    "grpc.max_send_message_length": limits.message_bytes_max,
  });
  const prepare = (
    header: ConstructorParameters<typeof Headers>[0],
    timeoutMs: number | undefined,
    signal: AbortSignal | undefined,
    stream: boolean,
  ) => {
    const out = outgoing(header, timeoutMs, signal, stream);
    if (options.token) out.header.set(headers.authorization, `Bearer ${options.token()}`);
    return out;
  };
  return {
    close: () => client.close(),
    unary(method, signal, timeoutMs, header, input, values) {
      const out = prepare(header, timeoutMs, signal, false);
      return runUnaryCall({
        timeoutMs: out.timeout_ms,
        ...(out.signal ? { signal: out.signal } : {}),
        req: {
          ...common(method, out.header),
          stream: false,
          method,
          message: input,
          contextValues: values ?? createContextValues(),
        },
        next: (request) =>
          new Promise((resolve, reject) => {
            const response = new Headers();
            const trailer = new Headers();
            const call = client.makeUnaryRequest(
              `/${methodPath(method)}`,
              (message: MessageShape<typeof method.input>) => bytesOf(method.input, message),
              (bytes: Buffer) => fromBinary(method.output, bytes),
              request.message,
              toMetadata(request.header),
              { deadline: Date.now() + out.timeout_ms },
              (error, message) => {
                if (error) return reject(fromStatus(error));
                resolve({
                  stream: false,
                  service: method.parent,
                  method,
                  header: response,
                  trailer,
                  message: message!,
                });
              },
            );
            call.on("metadata", (metadata: Metadata) => copy(metadata, response));
            call.on("status", ({ metadata }: { metadata: Metadata }) => copy(metadata, trailer));
            request.signal.addEventListener("abort", () => call.cancel(), { once: true });
          }),
      });
    },
    stream(method, signal, timeoutMs, header, input, values) {
      const out = prepare(header, timeoutMs, signal, true);
      return runStreamingCall({
        timeoutMs: out.timeout_ms,
        ...(out.signal ? { signal: out.signal } : {}),
        req: {
          ...common(method, out.header),
          stream: true,
          method,
          message: input,
          contextValues: values ?? createContextValues(),
        },
        next: async (request) => {
          const call = client.makeBidiStreamRequest(
            `/${methodPath(method)}`,
            (message: MessageShape<typeof method.input>) => bytesOf(method.input, message),
            (bytes: Buffer) => fromBinary(method.output, bytes),
            toMetadata(request.header),
            { deadline: Date.now() + out.timeout_ms },
          );
          const response = new Headers();
          const trailer = new Headers();
          call.on("metadata", (metadata: Metadata) => copy(metadata, response));
          call.on("status", ({ metadata }: { metadata: Metadata }) => copy(metadata, trailer));
          request.signal.addEventListener("abort", () => call.cancel(), { once: true });
          void send(request.message, call);
          return {
            stream: true,
            service: method.parent,
            method,
            header: response,
            trailer,
            message: receive(call as ClientReadableStream<MessageShape<typeof method.output>>),
          };
        },
      });
    },
  };
}

function common(method: DescMethod, header: Headers) {
  const url = `grpc:/${methodPath(method)}`;
  return { requestMethod: "POST", url, service: method.parent, header };
}

function bytesOf(schema: DescMessage, message: MessageShape<DescMessage>): Buffer {
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function send<T>(messages: AsyncIterable<T>, call: ClientWritableStream<T>): Promise<void> {
  try {
    for await (const message of messages) {
      if (!call.write(message)) {
        await new Promise((resolve) => {
          call.once("drain", resolve);
          call.once("close", resolve);
          call.once("error", resolve);
        });
      }
    }
    call.end();
  } catch {
    // The iterable is the caller's own: its error ends the call, and the caller sees that.
    call.cancel();
  }
}

async function* receive<T>(call: ClientReadableStream<T>): AsyncIterable<T> {
  try {
    yield* call as AsyncIterable<T>;
  } catch (error) {
    throw fromStatus(error as ServiceError);
  }
}

function copy(metadata: Metadata, into: Headers): void {
  fromMetadata(metadata).forEach((value, name) => {
    into.set(name, value);
  });
}
