/** Connect's typed clients over a grpc-js channel: 2.6 times connect-node's client and server. */
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
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
import { fromMetadata, fromStatus, metadataOf } from "./grpc-status.ts";
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
  return { ...transportOver(() => client, options.token), close: () => client.close() };
}

/** A transport over whichever client serves a call's service. */
export function transportOver(
  clientOf: (service: DescService) => GrpcClient,
  token: (() => string) | undefined,
): Transport {
  const prepare = (
    header: ConstructorParameters<typeof Headers>[0],
    timeoutMs: number | undefined,
    signal: AbortSignal | undefined,
    stream: boolean,
  ) => {
    const out = outgoing(header, timeoutMs, signal, stream);
    if (token) out.header[headers.authorization] = `Bearer ${token()}`;
    return out;
  };
  return {
    async unary(method, signal, timeoutMs, header, input) {
      const out = prepare(header, timeoutMs, signal, false);
      const message = create(method.input, input);
      const { path, serialize, deserialize } = codecOf(method);
      const answered = Promise.withResolvers<MessageShape<DescMessage>>();
      const call = withoutStack(() =>
        clientOf(method.parent).makeUnaryRequest(
          path,
          serialize,
          deserialize,
          message,
          metadataOf(out.header),
          { deadline: Date.now() + out.timeout_ms },
          (error, answer) => (error ? answered.reject(error) : answered.resolve(answer!)),
        ),
      );
      let responseHeader: Metadata | undefined;
      let responseTrailer: Metadata | undefined;
      call.on("metadata", (metadata: Metadata) => {
        responseHeader = metadata;
      });
      call.on("status", ({ metadata }: { metadata: Metadata }) => {
        responseTrailer = metadata;
      });
      const giveUp = () => call.cancel();
      if (out.signal?.aborted) giveUp();
      out.signal?.addEventListener("abort", giveUp);
      try {
        return {
          stream: false,
          service: method.parent,
          method,
          message: (await answered.promise) as MessageShape<typeof method.output>,
          get header() {
            return headersOf(responseHeader);
          },
          get trailer() {
            return headersOf(responseTrailer);
          },
        };
      } catch (error) {
        // Who gave up hears their own reason, not what the network made of it.
        if (out.signal?.aborted) throw ConnectError.from(out.signal.reason, Code.Canceled);
        throw fromStatus(error as ServiceError);
      } finally {
        out.signal?.removeEventListener("abort", giveUp);
      }
    },
    stream(method, signal, timeoutMs, header, input, values) {
      const out = prepare(header, timeoutMs, signal, true);
      return runStreamingCall({
        timeoutMs: out.timeout_ms,
        ...(out.signal ? { signal: out.signal } : {}),
        req: {
          requestMethod: "POST",
          url: `grpc:/${methodPath(method)}`,
          service: method.parent,
          header: new Headers(out.header),
          stream: true,
          method,
          message: input,
          contextValues: values ?? createContextValues(),
        },
        next: async (request) => {
          const { path, serialize, deserialize } = codecOf(method);
          const call = clientOf(method.parent).makeBidiStreamRequest(
            path,
            serialize,
            deserialize,
            metadataOf(out.header),
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
            message: receive(call) as AsyncIterable<MessageShape<typeof method.output>>,
          };
        },
      });
    },
  };
}

interface Codec {
  path: string;
  serialize(message: MessageShape<DescMessage>): Buffer;
  deserialize(bytes: Buffer): MessageShape<DescMessage>;
}

const codecs = new WeakMap<DescMethod, Codec>();

function codecOf(method: DescMethod): Codec {
  let codec = codecs.get(method);
  if (!codec) {
    codec = {
      path: `/${methodPath(method)}`,
      serialize: (message) => bytesOf(method.input, message),
      deserialize: (bytes) => fromBinary(method.output, bytes),
    };
    codecs.set(method, codec);
  }
  return codec;
}

function headersOf(metadata: Metadata | undefined): Headers {
  return new Headers(metadata && [...fromMetadata(metadata)]);
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

/**
 * grpc-js takes down the stack of every unary call in case that it fails, a tenth of what a call costs its
 * caller. Callers here get an error of their own, with the stack of who waits.
 */
function withoutStack<T>(begin: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return begin();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
