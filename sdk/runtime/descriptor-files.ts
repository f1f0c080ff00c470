/**
 * Descriptor files in memory, each once. Every contract brings along what it imports, and most import
 * the same: without sharing, a thousand registered services would hold a thousand copies of the
 * options and rules, and decode each of them. Equal files with equal imports are one object here, for
 * as long as somebody uses it.
 */
import { createHash } from "node:crypto";
import {
  createFileRegistry,
  type DescFile,
  type FileRegistry,
  fromBinary,
  toBinary,
} from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** Of `google.protobuf.FileDescriptorSet`, its only one. */
const files_field = 1;

const shared = new Map<string, WeakRef<DescFile>>();
/** A file with its imports; lives as long as the file. */
const registries = new WeakMap<DescFile, FileRegistry>();
const unused = new FinalizationRegistry<string>((key) => {
  if (!shared.get(key)?.deref()) shared.delete(key);
});

const encoded = new WeakMap<DescFile, Uint8Array>();

/** The files as an encoded `google.protobuf.FileDescriptorSet`, in the order given. */
export function encodeFiles(files: readonly DescFile[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const file of files) {
    let bytes = encoded.get(file);
    if (!bytes) {
      bytes = toBinary(FileDescriptorProtoSchema, file.proto);
      encoded.set(file, bytes);
    }
    writer.tag(files_field, WireType.LengthDelimited).bytes(bytes);
  }
  return writer.finish();
}

/** Throws when the bytes are no `google.protobuf.FileDescriptorSet`, or an import is missing. */
export function decodeFiles(set: Uint8Array): FileRegistry {
  const files = new Map<string, DescFile>();
  for (const bytes of filesIn(set)) {
    const file = fileOf(bytes, files);
    files.set(file.proto.name, file);
  }
  const imported = new Set([...files.values()].flatMap(({ dependencies }) => dependencies));
  const own = [...files.values()].filter((file) => !imported.has(file));
  const [first, ...others] = own.map((file) => registries.get(file)!);
  return first && others.length === 0
    ? first
    : createFileRegistry(...(first ? [first, ...others] : []));
}

/** The encoded files of a set, still encoded: what is known already need not be decoded again. */
function filesIn(set: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(set);
  const files: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === files_field && type === WireType.LengthDelimited) files.push(reader.bytes());
    else reader.skip(type, field);
  }
  return files;
}

function fileOf(bytes: Uint8Array, imports: ReadonlyMap<string, DescFile>): DescFile {
  const key = createHash("sha256").update(bytes).digest("base64");
  const known = shared.get(key)?.deref();
  // The same text can mean something else over other imports.
  if (known?.dependencies.every((file) => imports.get(file.proto.name) === file)) return known;
  const proto = fromBinary(FileDescriptorProtoSchema, bytes);
  const registry = createFileRegistry(proto, (name) => imports.get(name));
  const file = registry.getFile(proto.name)!;
  shared.set(key, new WeakRef(file));
  registries.set(file, registry);
  unused.register(file, key);
  return file;
}
