/**
 * Gives requests in JSON that cannot be decoded the error that every other bad request gets: the
 * field, the reason, the remedy. The handler has refused them already; this only says it better.
 */
import { createRegistry, toJson } from "@bufbuild/protobuf";
import type {
  UniversalHandler,
  UniversalServerRequest,
  UniversalServerResponse,
} from "@connectrpc/connect/protocol";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { jsonFault } from "./json-fault.ts";

export async function explainJson(
  handler: UniversalHandler,
  request: UniversalServerRequest,
): Promise<UniversalServerResponse> {
  const type = request.header.get("content-type") ?? "";
  const plain = !request.header.has("content-encoding");
  if (!/^application\/json\b/.test(type) || !plain) return handler(request);
  const chunks: Uint8Array[] = [];
  const body = keeping(request.body as AsyncIterable<Uint8Array>, chunks);
  const response = await handler({ ...request, body });
  if (response.status !== 400 || !response.body) return response;
  const sent = await whole(response.body);
  const said = { ...response, body: once(sent) };
  if (response.header?.has("content-encoding") || "details" in JSON.parse(sent.toString()))
    return said;
  const { info, rawMessage } = faultOf(handler, Buffer.concat(chunks).toString());
  const debug = toJson(ErrorInfoSchema, info);
  const details = [{ type: ErrorInfoSchema.typeName, debug }];
  const text = JSON.stringify({ code: "invalid_argument", message: rawMessage, details });
  const header = new Headers(response.header);
  header.delete("content-length");
  return { ...response, header, body: once(Buffer.from(text)) };
}

async function* keeping(source: AsyncIterable<Uint8Array>, chunks: Uint8Array[]) {
  for await (const chunk of source) {
    chunks.push(chunk);
    yield chunk;
  }
}

async function whole(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield new Uint8Array(bytes);
}

function faultOf({ method }: UniversalHandler, text: string) {
  try {
    const registry = createRegistry(method.input);
    const fault = jsonFault(method.input, JSON.parse(text), registry);
    const field = fault?.field ?? "";
    return refuse(Reason.INVALID_FIELD, {
      message: `${field || method.input.name}: ${fault?.message ?? "cannot be read"}`,
      field,
      remedy: `send protobuf JSON of ${method.input.typeName}`,
      metadata: { message: method.input.typeName },
    });
  } catch (cause) {
    return refuse(Reason.INVALID_FIELD, {
      message: `the body is not JSON: ${(cause as Error).message}`,
      remedy: `send protobuf JSON of ${method.input.typeName}`,
      metadata: { message: method.input.typeName },
    });
  }
}
