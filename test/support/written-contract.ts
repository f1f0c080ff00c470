/**
 * A contract in a few words, for tests of what reads contracts: a line for each field, "repeated int32
 * amounts", and after its name what else is said of it: required, secret, personal, untrusted, goal,
 * `in:choice`, `max:3` (of text, its length; of numbers, the number).
 */
import {
  create,
  createFileRegistry,
  type Message,
  type MessageInitShape,
  setExtension,
} from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  durationFromMs,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_duration,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  MethodOptionsSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import {
  FieldRulesSchema,
  field as rulesOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { file_keiko_artifact_v1_artifact } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import {
  Audit,
  DataClass,
  Effect,
  FieldContractSchema,
  field as fieldOption,
  MethodContractSchema,
  method as methodOption,
  Role,
  type SkillSchema,
} from "@keiko/gen/keiko/option/v1/option_pb.js";
import { type CatalogMethod, catalogMethod } from "@keiko/runtime/catalog.ts";
import { withImports } from "@keiko/runtime/descriptors.ts";

const dependencies = [
  file_keiko_artifact_v1_artifact,
  file_google_protobuf_duration,
  file_google_protobuf_wrappers,
];

type SkillInit = Exclude<MessageInitShape<typeof SkillSchema>, Message>;

export interface Written {
  /** Fields by message; a method `Do` takes `DoRequest` and gives `DoResponse`. */
  messages: Record<string, string[]>;
  methods: Record<string, SkillInit>;
}

/** Paths are `written.Service/Do`. */
export function writtenContract({ messages, methods }: Written): CatalogMethod[] {
  const proto = create(FileDescriptorProtoSchema, {
    name: "written.proto",
    package: "written",
    syntax: "proto3",
    dependency: dependencies.map(({ proto: { name } }) => name),
    enumType: [
      { name: "Kind", value: ["NONE", "ONE", "TWO"].map((name, number) => ({ name, number })) },
    ],
    messageType: Object.entries(messages).map(([name, fields]) => messageOf(name, fields)),
    service: [
      {
        name: "Service",
        method: Object.entries(methods).map(([name, skill]) => ({
          name,
          inputType: `.written.${name}Request`,
          outputType: `.written.${name}Response`,
          options: methodOptions(skill),
        })),
      },
    ],
  });
  const file = [...withImports(dependencies).map((one) => one.proto), proto];
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const digest = "d".repeat(64);
  return registry
    .getService("written.Service")!
    .methods.map((method) => catalogMethod(method, digest));
}

function methodOptions(skill: SkillInit) {
  const options = create(MethodOptionsSchema);
  const contract = create(MethodContractSchema, {
    permission: "written.do",
    audit: Audit.READ,
    skill: { effect: Effect.READ_ONLY, timeMax: durationFromMs(1_000), ...skill },
  });
  setExtension(options, methodOption, contract);
  return options;
}

function messageOf(name: string, lines: string[]): DescriptorProto {
  const message = create(DescriptorProtoSchema, { name });
  for (const [index, line] of lines.entries()) {
    const words = line.split(" ");
    const repeated = words[0] === "repeated" && words.shift() !== undefined;
    const [type = "", field = "", ...said] = words;
    const choice = said.find((one) => one.startsWith("in:"))?.slice(3);
    if (choice && message.oneofDecl.length === 0) {
      message.oneofDecl.push({ $typeName: "google.protobuf.OneofDescriptorProto", name: choice });
    }
    message.field.push(
      create(FieldDescriptorProtoSchema, {
        name: field,
        jsonName: field.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
        number: index + 1,
        label: repeated ? Label.REPEATED : Label.OPTIONAL,
        ...typeOf(type),
        options: fieldOptions(type, said),
        ...(choice ? { oneofIndex: 0 } : {}),
      }),
    );
  }
  return message;
}

function typeOf(name: string): Pick<FieldDescriptorProto, "type" | "typeName"> {
  const scalar = Type[name.toUpperCase() as keyof typeof Type];
  if (scalar !== undefined) return { type: scalar, typeName: "" };
  const typeName = name.includes(".") ? `.${name}` : `.written.${name}`;
  return { type: name === "Kind" ? Type.ENUM : Type.MESSAGE, typeName };
}

const classes: Record<string, DataClass> = {
  secret: DataClass.SECRET,
  personal: DataClass.PERSONAL,
  untrusted: DataClass.UNTRUSTED,
};

function fieldOptions(type: string, said: readonly string[]) {
  const options = create(FieldOptionsSchema);
  const dataClass = said.map((one) => classes[one]).find((one) => one !== undefined);
  const role = said.includes("goal") ? Role.GOAL : Role.UNSPECIFIED;
  setExtension(
    options,
    fieldOption,
    create(FieldContractSchema, { role, dataClass: dataClass ?? DataClass.UNSPECIFIED }),
  );
  const max = said.find((one) => one.startsWith("max:"))?.slice(4);
  const rules = create(FieldRulesSchema, { required: said.includes("required") });
  if (max && type === "string") rules.type = text(BigInt(max));
  else if (max && type === "int32") rules.type = atMost(Number(max));
  setExtension(options, rulesOption, rules);
  return options;
}

const text = (maxLen: bigint) =>
  create(FieldRulesSchema, { type: { case: "string", value: { maxLen } } }).type;
const atMost = (value: number) => {
  const lessThan = { case: "lte" as const, value };
  return create(FieldRulesSchema, { type: { case: "int32", value: { lessThan } } }).type;
};
