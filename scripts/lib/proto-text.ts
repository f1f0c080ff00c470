/**
 * Writes a file descriptor back as `.proto` source. Needed once: no npm or Debian package ships
 * buf/validate/validate.proto, but @bufbuild/protovalidate carries its descriptor, and buf compiles
 * sources only. Covers what that file uses (proto2 and proto3, nested types, oneofs, extensions and
 * options with message values), and fails on what it does not.
 */
import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  getExtension,
  hasExtension,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { toText } from "@bufbuild/protobuf/txtpb";
import { Edition, FieldDescriptorProto_Label } from "@bufbuild/protobuf/wkt";

type Options = Message & Record<string, unknown>;

export function protoText(file: DescFile): string {
  const syntax = file.edition === Edition.EDITION_PROTO2 ? "proto2" : "proto3";
  const lines = [`syntax = "${syntax}";`, `package ${file.proto.package};`];
  lines.push(...file.proto.dependency.map((path) => `import "${path}";`));
  const packageOptions = file.proto.options;
  if (packageOptions?.goPackage) lines.push(`option go_package = "${packageOptions.goPackage}";`);
  for (const extension of file.extensions) lines.push(extend(extension, file));
  for (const message of file.messages) lines.push(messageText(message, file));
  for (const item of file.enums) lines.push(enumText(item));
  return `${lines.join("\n")}\n`;
}

function extend(extension: DescExtension, file: DescFile): string {
  return `extend ${extension.extendee.typeName} {\n${fieldText(extension, file)}\n}`;
}

function messageText(message: DescMessage, file: DescFile): string {
  const lines = [`message ${message.name} {`];
  lines.push(...customOptions(message.proto.options as Options | undefined, message.file));
  for (const range of message.proto.extensionRange) {
    const end = range.end === 536870912 ? "max" : range.end - 1;
    lines.push(`extensions ${range.start} to ${end};`);
  }
  for (const range of message.proto.reservedRange) {
    lines.push(`reserved ${range.start} to ${range.end - 1};`);
  }
  for (const name of message.proto.reservedName) lines.push(`reserved "${name}";`);
  for (const member of message.members) {
    if (member.kind === "oneof") {
      lines.push(`oneof ${member.name} {`);
      lines.push(...customOptions(member.proto.options as Options | undefined, message.file));
      lines.push(...member.fields.map((field) => fieldText(field, file)), "}");
    } else lines.push(fieldText(member, file));
  }
  lines.push(...message.nestedMessages.map((nested) => messageText(nested, file)));
  lines.push(...message.nestedEnums.map(enumText), "}");
  return lines.join("\n");
}

function enumText(item: DescEnum): string {
  const values = item.values.map((value) => `  ${value.name} = ${value.number};`);
  return [`enum ${item.name} {`, ...values, "}"].join("\n");
}

function fieldText(field: DescField | DescExtension, file: DescFile): string {
  const options = field.proto.options as Options | undefined;
  const parts = [...customOptions(options, file)].map((option) =>
    option.replace(/^option /, "").replace(/;$/, ""),
  );
  const suffix = parts.length > 0 ? ` [${parts.join(", ")}]` : "";
  return `${label(field, file)}${typeText(field)} ${field.name} = ${field.number}${suffix};`;
}

function label(field: DescField | DescExtension, file: DescFile): string {
  if (field.fieldKind === "map" || (field.kind === "field" && field.oneof)) return "";
  if (field.proto.label === FieldDescriptorProto_Label.REPEATED) return "repeated ";
  if (field.proto.label === FieldDescriptorProto_Label.REQUIRED) return "required ";
  return field.proto.proto3Optional || file.edition === Edition.EDITION_PROTO2 ? "optional " : "";
}

function typeText(field: DescField | DescExtension): string {
  if (field.fieldKind === "map") {
    const value =
      field.mapKind === "scalar"
        ? scalarName(field.scalar)
        : `.${(field.mapKind === "enum" ? field.enum : field.message).typeName}`;
    return `map<${scalarName(field.mapKey)}, ${value}>`;
  }
  if (field.message) return `.${field.message.typeName}`;
  if (field.enum) return `.${field.enum.typeName}`;
  if (field.scalar === undefined) throw new Error(`${field}: a field without a type`);
  return scalarName(field.scalar);
}

function scalarName(type: ScalarType): string {
  return ScalarType[type].toLowerCase();
}

function customOptions(options: Options | undefined, file: DescFile): string[] {
  if (!options) return [];
  const found = file.extensions.filter(
    (extension) =>
      extension.extendee.typeName === options.$typeName && hasExtension(options, extension),
  );
  return found.map((extension) => {
    if (!extension.message) throw new Error(`${extension}: only message options are written`);
    const value = getExtension(options, extension) as Message;
    return `option (${extension.typeName}) = {\n${toText(extension.message, value)}\n};`;
  });
}
