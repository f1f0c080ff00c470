/** A contract as data: the descriptors of a service with everything they need, and their digest. */
import { createHash } from "node:crypto";
import {
  create,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescService,
  type FileRegistry,
} from "@bufbuild/protobuf";
import { type FileDescriptorSet, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { nounOf } from "./contracts.ts";
import { decodeFiles, encodeFiles } from "./descriptor-files.ts";

/** The files and all that they import, each after what it imports. */
export function withImports(files: readonly DescFile[]): DescFile[] {
  const seen = new Map<string, DescFile>();
  const visit = (file: DescFile) => {
    if (seen.has(file.proto.name)) return;
    file.dependencies.forEach(visit);
    seen.set(file.proto.name, file);
  };
  files.forEach(visit);
  return [...seen.values()];
}

const filesOf = (services: readonly DescService[]) => withImports(services.map(({ file }) => file));

/** The files of the services and all imports, each after those it imports. */
export function descriptorsOf(services: readonly DescService[]): FileDescriptorSet {
  const file = filesOf(services).map(({ proto }) => proto);
  return create(FileDescriptorSetSchema, { file });
}

/** The same, encoded. */
export function encodeDescriptors(services: readonly DescService[]): Uint8Array {
  return encodeFiles(filesOf(services));
}

/** Throws when the bytes are no descriptor set or an import is missing. */
export function decodeDescriptors(bytes: Uint8Array): FileRegistry {
  return decodeFiles(bytes);
}

const digests = new WeakMap<DescService, string>();

/** SHA-256 over the descriptors of everything the service needs, lower-case hex. */
export function digestOf(service: DescService): string {
  let digest = digests.get(service);
  if (!digest) {
    digest = createHash("sha256")
      .update(encodeDescriptors([service]))
      .digest("hex");
    digests.set(service, digest);
  }
  return digest;
}

/** Where in a message the artifact nouns are: path and type, repeated fields included. */
export interface NounField {
  /** "table", "answer.chart" */
  path: string;
  field: DescField;
  type: DescMessage;
  repeated: boolean;
}

/** Nouns of a message, the outermost ones: what is inside a noun belongs to it. */
export function nounsOf(message: DescMessage, prefix = "", depth = 0): NounField[] {
  if (depth > 3) return [];
  return message.fields.flatMap((field) => {
    const type = field.message;
    if (!type) return [];
    const path = `${prefix}${field.name}`;
    const repeated = field.fieldKind !== "message";
    if (nounOf(type)) return [{ path, field, type, repeated }];
    return repeated ? [] : nounsOf(type, `${path}.`, depth + 1);
  });
}
