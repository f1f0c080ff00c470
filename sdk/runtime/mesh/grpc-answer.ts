/** Answers one call: takes the messages off its stream, passes them to the host, writes what comes back. */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { createContextValues, type MethodImplSpec } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "../errors.ts";
import type { Host, IncomingCall } from "../host.ts";
import { provenWorkloadKey } from "../interceptors/authenticate.ts";
import { FrameReader, framed, headerOf, timeoutOf, trailersOf } from "./grpc-wire.ts";

type AnyMessage = MessageShape<DescMessage>;

/** The connection that calls come by. */
export interface CallSource {
  /** Whom the certificate of the other end named; undefined: it has none, a token must say. */
  workload: string | undefined;
  /** Requests that have not come whole yet, and since when. */
  unfinished: Map<ServerHttp2Stream, number>;
}

export interface Served {
  host: Host;
  spec: MethodImplSpec;
}

const responseHeaders = { ":status": 200, "content-type": "application/grpc+proto" } as const;
const trailersFollow = { waitForTrailers: true } as const;

/** Answers with an error and nothing else: headers and trailers in one, which clients may retry. */
export function answerError(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  stream.respond({ ...responseHeaders, ...trailersOf(error) }, { endStream: true });
  // What else the caller would send has nobody who reads it.
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

export function answer(
  served: Served,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  source: CallSource,
): void {
  if (served.spec.kind === "unary") answerUnary(served, stream, headers, source);
  else void answerStream(served, stream, headers, source);
}

function answerUnary(
  { host, spec }: Served,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  source: CallSource,
): void {
  const reader = new FrameReader();
  let request: Buffer | undefined;
  let failure: unknown;
  source.unfinished.set(stream, Date.now());
  stream.on("data", (piece: Buffer) => {
    if (failure) return;
    try {
      for (const message of reader.push(piece)) {
        if (request) throw notOne("more");
        request = message;
      }
    } catch (error) {
      failure = error;
      answerError(stream, error);
    }
  });
  stream.on("end", () => {
    source.unfinished.delete(stream);
    if (failure) return;
    if (!request || !reader.whole)
      answerError(stream, notOne(request ? "half of a second" : "none"));
    else void respondUnary({ host, spec }, stream, request, incoming(stream, headers, source));
  });
}

async function respondUnary(
  { host, spec }: Served,
  stream: ServerHttp2Stream,
  encoded: Buffer,
  call: IncomingCall,
): Promise<void> {
  try {
    const request = decode(spec, encoded);
    const { message } = await host.unary(spec, request, Object.assign(call, { encoded }));
    const frame = framed(toBinary(spec.method.output, message));
    if (stream.destroyed || stream.closed) return;
    stream.respond(responseHeaders, trailersFollow);
    stream.on("wantTrailers", succeeded);
    stream.end(frame);
  } catch (error) {
    answerError(stream, error);
  }
}

const okTrailers = { "grpc-status": "0" } as const;

function succeeded(this: ServerHttp2Stream): void {
  this.sendTrailers(okTrailers);
}

async function answerStream(
  { host, spec }: Served,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  source: CallSource,
): Promise<void> {
  let failure: unknown;
  try {
    const call = incoming(stream, headers, source);
    const { messages } = host.stream(spec, requests(spec, stream), call);
    for await (const message of messages) {
      if (stream.destroyed || stream.closed) return;
      if (!stream.headersSent) stream.respond(responseHeaders, trailersFollow);
      const more = stream.write(framed(toBinary(spec.method.output, message)));
      // A reader that does not keep up holds the writer back instead of filling memory.
      if (!more) await flushed(stream);
    }
  } catch (error) {
    failure = error;
  }
  endStream(stream, failure);
}

/** Ends a stream of answers, however far it got. */
export function endStream(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed || stream.closed || stream.writableEnded) return;
  if (!stream.headersSent) {
    if (error) {
      answerError(stream, error);
      return;
    }
    stream.respond(responseHeaders, trailersFollow);
  }
  stream.once("wantTrailers", () => {
    stream.sendTrailers(trailersOf(error));
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  });
  stream.end();
}

function flushed(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener("drain", done);
      stream.removeListener("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}

function incoming(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { workload }: CallSource,
): IncomingCall {
  let controller: AbortController | undefined;
  const values = createContextValues();
  if (workload !== undefined) values.set(provenWorkloadKey, workload);
  return {
    header: headerOf(headers),
    values,
    timeout_ms: timeoutOf(headers["grpc-timeout"] as string | undefined),
    get signal() {
      if (!controller) {
        const made = new AbortController();
        if (stream.closed) made.abort(gone);
        else stream.once("close", () => made.abort(gone));
        controller = made;
      }
      return controller.signal;
    },
  };
}

const gone = Object.freeze(refuse(Reason.CANCELLED, { message: "the caller went away" }));

async function* requests(spec: MethodImplSpec, stream: ServerHttp2Stream) {
  const reader = new FrameReader();
  // Not to read on must not end the stream: answers still go the other way.
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    for (const message of reader.push(piece as Buffer)) yield decode(spec, message);
  }
  if (!reader.whole) throw notOne("half a message");
}

function decode(spec: MethodImplSpec, bytes: Uint8Array): AnyMessage {
  try {
    return fromBinary(spec.method.input, bytes);
  } catch (cause) {
    throw refuse(Reason.INVALID_FIELD, {
      message: `the request is no ${spec.method.input.typeName}: ${(cause as Error).message}`,
      remedy: "encode the message that the contract names",
      metadata: { message: spec.method.input.typeName },
    });
  }
}

function notOne(came: string) {
  return refuse(Reason.INVALID_FIELD, {
    message: `one message was expected, ${came} came`,
    remedy: "send one message, then close the sending side",
  });
}
