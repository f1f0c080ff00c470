// `keiko call`: any registered method, by the descriptors that the registry has of it.

import {
  createFileRegistry,
  type DescMethod,
  fromBinary,
  fromJson,
  type JsonValue,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";

import { type Connection, connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { readOptions } from "../options.ts";
import type { Console } from "../terminal.ts";

export async function call(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {});
  const [path, json = "{}", ...more] = given.words;
  const [, service, name] = /^([A-Za-z0-9_.]+)\/([A-Za-z0-9_]+)$/.exec(path ?? "") ?? [];
  if (!service || !name) throw new WrongUsage("The method is missing: keiko.x.v1.Service/Method.");
  if (more.length > 0)
    throw new WrongUsage("The request is one word: put the JSON in single quotes.");
  const value = readJson(json === "-" ? await console.input() : json);
  const connection = connect(given);
  try {
    const { method, registry } = await describe(connection, service, name);
    const requests = readRequests(method, value, registry);
    for await (const response of send(connection.transport, method, requests, console)) {
      const indent = isStream(method) ? undefined : 2;
      console.out(
        `${JSON.stringify(toJson(method.output, response, { registry }), null, indent)}\n`,
      );
    }
    return EXIT.done;
  } finally {
    connection.close();
  }
}

function readJson(text: string): JsonValue {
  try {
    return JSON.parse(text.trim() === "" ? "{}" : text);
  } catch (error) {
    throw new WrongUsage(`The request is not JSON: ${(error as Error).message}.`);
  }
}

async function describe(connection: Connection, service: string, name: string) {
  const { descriptors } = await connection.client(RegistryService).getDescriptors({ service });
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const methods = registry.getService(service)?.methods ?? [];
  const method = methods.find((one) => one.name === name);
  if (method) return { method, registry };
  const names = methods.map((one) => one.name).join(", ");
  throw new CommandFailed(`${service} has no method "${name}". It has: ${names}.`);
}

function readRequests(method: DescMethod, value: JsonValue, registry: Registry): Message[] {
  const many = method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming";
  if (many && !Array.isArray(value)) {
    throw new WrongUsage(`${method.name} takes a stream: give a JSON list of requests.`);
  }
  try {
    return (many && Array.isArray(value) ? value : [value]).map((one) =>
      fromJson(method.input, one, { registry }),
    );
  } catch (error) {
    throw new WrongUsage(
      `The request does not fit ${method.input.typeName}: ${(error as Error).message}.`,
    );
  }
}

/** Sends and yields; Ctrl-C ends a stream as its end would. */
async function* send(
  transport: Transport,
  method: DescMethod,
  requests: readonly Message[],
  console: Console,
): AsyncGenerator<Message> {
  const stop = new AbortController();
  const release = console.onInterrupt(() => stop.abort());
  try {
    if (method.methodKind === "unary") {
      const [request] = requests;
      const { message } = await transport.unary(
        method as DescMethod & { methodKind: "unary" },
        stop.signal,
        undefined,
        undefined,
        request ?? {},
      );
      yield message;
      return;
    }
    const stream = (async function* () {
      yield* requests;
    })();
    const { message } = await transport.stream(
      method as DescMethod & { methodKind: "server_streaming" },
      stop.signal,
      undefined,
      undefined,
      stream,
    );
    yield* message;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    release();
  }
}

function isStream({ methodKind }: DescMethod): boolean {
  return methodKind === "server_streaming" || methodKind === "bidi_streaming";
}
