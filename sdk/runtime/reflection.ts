/**
 * gRPC server reflection, by which grpcurl and buf curl see what is served. One implementation for
 * both published versions and for every server: it answers from whatever list of services it is given.
 */
import type { DescFile, DescService } from "@bufbuild/protobuf";
import { toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { ServerReflectionRequest } from "@keiko/gen/grpc/reflection/v1/reflection_pb.js";
import { withImports } from "./descriptors.ts";

type Ask = ServerReflectionRequest["messageRequest"];

/** The implementation of `grpc.reflection.v1` and `v1alpha` ServerReflection alike. */
export function reflection(services: () => readonly DescService[]) {
  return {
    async *serverReflectionInfo(requests: AsyncIterable<{ host: string; messageRequest: Ask }>) {
      for await (const request of requests) {
        const messageResponse = answer(request.messageRequest, services());
        yield { validHost: request.host, originalRequest: request as never, messageResponse };
      }
    },
  };
}

function answer(ask: Ask, services: readonly DescService[]) {
  switch (ask.case) {
    case "listServices": {
      const names = services.map(({ typeName }) => ({ name: typeName }));
      const service = names.sort((a, b) => (a.name < b.name ? -1 : 1));
      return { case: "listServicesResponse" as const, value: { service } };
    }
    case "fileByFilename":
      return withFiles(
        find(services, ({ proto }) => proto.name === ask.value),
        ask.value,
      );
    case "fileContainingSymbol":
      return withFiles(
        find(services, (file) => declares(file, ask.value)),
        ask.value,
      );
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = ask.value;
      const holds = (file: DescFile) =>
        file.extensions.some(
          ({ extendee, number }) =>
            extendee.typeName === containingType && number === extensionNumber,
        );
      return withFiles(find(services, holds), `${containingType} ${extensionNumber}`);
    }
    case "allExtensionNumbersOfType": {
      const numbers = allFiles(services).flatMap(({ extensions }) =>
        extensions.filter(({ extendee }) => extendee.typeName === ask.value),
      );
      const extensionNumber = numbers.map(({ number }) => number);
      const value = { baseTypeName: ask.value, extensionNumber };
      return { case: "allExtensionNumbersResponse" as const, value };
    }
    default:
      return failure(Code.InvalidArgument, "the request asks for nothing");
  }
}

function withFiles(file: DescFile | undefined, wanted: string) {
  if (!file) return failure(Code.NotFound, `"${wanted}" is not served here`);
  const fileDescriptorProto = withImports([file]).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse" as const, value: { fileDescriptorProto } };
}

function failure(code: Code, errorMessage: string) {
  return { case: "errorResponse" as const, value: { errorCode: code as number, errorMessage } };
}

function find(services: readonly DescService[], matches: (file: DescFile) => boolean) {
  return allFiles(services).find(matches);
}

function allFiles(services: readonly DescService[]): DescFile[] {
  return withImports(services.map(({ file }) => file));
}

// A symbol is a service, method, message, enum, field or extension with its full name.
function declares(file: DescFile, symbol: string): boolean {
  const types = [...file.services, ...file.messages, ...file.enums, ...file.extensions];
  if (types.some(({ typeName }) => typeName === symbol)) return true;
  const inside = types.find(({ typeName }) => symbol.startsWith(`${typeName}.`));
  if (!inside) return false;
  const rest = symbol.slice(inside.typeName.length + 1);
  if (inside.kind === "service") return inside.methods.some(({ name }) => name === rest);
  return inside.kind === "message";
}
