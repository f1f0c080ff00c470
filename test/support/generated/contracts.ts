/**
 * Contracts drawn by chance: fields of every kind (scalars of all widths, enums, messages, lists, maps,
 * choices, well-known types), with rules, data classes, effects and what takes them back.
 */
import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  durationFromMs,
  EnumDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  MethodDescriptorProtoSchema,
  MethodOptionsSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
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
} from "@keiko/gen/keiko/option/v1/option_pb.js";
import { type CatalogMethod, catalogMethod } from "@keiko/runtime/catalog.ts";
import { withImports } from "@keiko/runtime/descriptors.ts";
import type { Chance } from "./chance.ts";

const scalars = [
  Type.DOUBLE,
  Type.FLOAT,
  Type.INT64,
  Type.UINT64,
  Type.INT32,
  Type.FIXED64,
  Type.FIXED32,
  Type.BOOL,
  Type.STRING,
  Type.BYTES,
  Type.UINT32,
  Type.SFIXED32,
  Type.SFIXED64,
  Type.SINT32,
  Type.SINT64,
];
const common = [Type.STRING, Type.INT32, Type.INT64, Type.BOOL, Type.DOUBLE];
const known = [
  ".keiko.artifact.v1.File",
  ".google.protobuf.Duration",
  ".google.protobuf.Timestamp",
  ".google.protobuf.Int32Value",
  ".google.protobuf.StringValue",
  ".google.protobuf.DoubleValue",
  ".google.protobuf.Struct",
  ".google.protobuf.Value",
];
const dependencies = [
  file_keiko_artifact_v1_artifact,
  file_google_protobuf_duration,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  file_google_protobuf_struct,
];

/** Few names, so that fields of one name meet, as what takes a call back needs it. */
const names = ["id", "amount", "text", "items", "part", "flag", "when", "note", "kind", "rest"];

const digest = "d".repeat(64);

export function drawContracts(chance: Chance, name: string): CatalogMethod[] {
  const packageName = `generated.${name}`;
  const methods = Array.from({ length: 3 + chance.index(4) }, (_, index) => `Do${index}`);
  const inner = Array.from({ length: 2 }, (_, index) => `Inner${index}`);
  const types = inner.map((one) => `.${packageName}.${one}`);
  const messages = [
    // An inner message holds those before it, so that none holds itself.
    ...inner.map((one, index) => drawMessage(chance, one, types.slice(0, index), packageName)),
    ...methods.flatMap((one) => [
      drawMessage(chance, `${one}Request`, types, packageName),
      drawMessage(chance, `${one}Response`, types, packageName),
    ]),
  ];
  const proto = create(FileDescriptorProtoSchema, {
    name: `generated/${name}.proto`,
    package: packageName,
    syntax: "proto3",
    dependency: dependencies.map(({ proto: { name: path } }) => path),
    enumType: [
      create(EnumDescriptorProtoSchema, {
        name: "Kind",
        value: ["KIND_UNSPECIFIED", "KIND_ONE", "KIND_TWO"].map((value, number) => ({
          name: value,
          number,
        })),
      }),
    ],
    messageType: messages,
    service: [
      {
        name: "Service",
        method: methods.map((one) =>
          create(MethodDescriptorProtoSchema, {
            name: one,
            inputType: `.${packageName}.${one}Request`,
            outputType: `.${packageName}.${one}Response`,
            options: drawContract(chance, `${packageName}.Service/${chance.of(methods)}`),
          }),
        ),
      },
    ],
  });
  const file = [...withImports(dependencies).map((one) => one.proto), proto];
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const service = registry.getService(`${packageName}.Service`)!;
  return service.methods.map((method) => catalogMethod(method, digest));
}

function drawContract(chance: Chance, undoMethod: string) {
  const options = create(MethodOptionsSchema);
  const effect = chance.of([
    ...Array.from({ length: 5 }, () => Effect.READ_ONLY),
    ...Array.from({ length: 3 }, () => Effect.IDEMPOTENT),
    Effect.COMPENSATED,
    Effect.COMPENSATED,
    Effect.IRREVERSIBLE,
  ]);
  const contract = create(MethodContractSchema, {
    permission: "generated.do",
    audit: Audit.READ,
    skill: {
      title: { en: "Do", de: "Tun" },
      summary: { en: "Does.", de: "Tut." },
      effect,
      undoMethod: effect === Effect.COMPENSATED ? undoMethod : "",
      timeMax: durationFromMs(1 + chance.index(5_000)),
      costMicrosMax: BigInt(chance.index(50)),
      needsModel: chance.percent(25),
      needsApproval: chance.percent(10),
      attemptsMax: chance.index(5),
    },
  });
  setExtension(options, methodOption, contract);
  return options;
}

function drawMessage(
  chance: Chance,
  name: string,
  types: readonly string[],
  packageName: string,
): DescriptorProto {
  const message = create(DescriptorProtoSchema, { name });
  const unused = [...names];
  const count = 1 + chance.index(6);
  for (let number = 1; number <= count; number++) {
    const field = unused.splice(chance.index(unused.length), 1)[0]!;
    message.field.push(drawField(chance, message, field, number, types, packageName));
  }
  return message;
}

function drawField(
  chance: Chance,
  owner: DescriptorProto,
  name: string,
  number: number,
  types: readonly string[],
  packageName: string,
): FieldDescriptorProto {
  const jsonName = name;
  const type = drawType(chance, types, packageName);
  const plain = { name, number, jsonName, label: Label.OPTIONAL, ...type };
  const kind = chance.index(100);
  if (kind < 25) {
    return described(
      chance,
      create(FieldDescriptorProtoSchema, { ...plain, label: Label.REPEATED }),
    );
  }
  if (kind < 32) return drawMap(chance, owner, plain, type, packageName);
  const field = create(FieldDescriptorProtoSchema, plain);
  if (kind < 47) {
    if (owner.oneofDecl.length === 0) owner.oneofDecl.push({ name: "choice" } as never);
    field.oneofIndex = 0;
    return field;
  }
  return described(chance, field);
}

function drawMap(
  chance: Chance,
  owner: DescriptorProto,
  plain: { name: string; number: number; jsonName: string },
  type: ReturnType<typeof drawType>,
  packageName: string,
): FieldDescriptorProto {
  const entry = `${plain.name[0]!.toUpperCase()}${plain.name.slice(1)}Entry`;
  const key = chance.of([Type.STRING, Type.INT32, Type.INT64, Type.BOOL]);
  owner.nestedType.push(
    create(DescriptorProtoSchema, {
      name: entry,
      options: { mapEntry: true },
      field: [
        { name: "key", number: 1, jsonName: "key", label: Label.OPTIONAL, type: key },
        { name: "value", number: 2, jsonName: "value", label: Label.OPTIONAL, ...type },
      ],
    }),
  );
  return create(FieldDescriptorProtoSchema, {
    ...plain,
    label: Label.REPEATED,
    type: Type.MESSAGE,
    typeName: `.${packageName}.${owner.name}.${entry}`,
  });
}

function drawType(chance: Chance, types: readonly string[], packageName: string) {
  const kind = chance.index(100);
  if (kind < 40) return { type: chance.of(common) };
  if (kind < 60) return { type: chance.of(scalars) };
  if (kind < 67) return { type: Type.ENUM, typeName: `.${packageName}.Kind` };
  const typeName = kind < 82 && types.length > 0 ? chance.of(types) : chance.of(known);
  return { type: Type.MESSAGE, typeName };
}

function described(chance: Chance, field: FieldDescriptorProto): FieldDescriptorProto {
  const options = create(FieldOptionsSchema);
  const dataClass = chance.of([
    ...Array.from({ length: 8 }, () => DataClass.UNSPECIFIED),
    DataClass.SECRET,
    DataClass.PERSONAL,
    DataClass.UNTRUSTED,
  ]);
  const role = chance.percent(5) ? Role.GOAL : Role.UNSPECIFIED;
  if (dataClass || role) {
    setExtension(options, fieldOption, create(FieldContractSchema, { dataClass, role }));
  }
  const rules = chance.percent(35) ? drawRules(chance, field) : undefined;
  if (rules) setExtension(options, rulesOption, rules);
  field.options = options;
  return field;
}

function drawRules(chance: Chance, { label, type }: FieldDescriptorProto): FieldRules | undefined {
  if (label === Label.REPEATED) {
    const repeated = { maxItems: BigInt(1 + chance.index(5)) };
    return create(FieldRulesSchema, { type: { case: "repeated", value: repeated } });
  }
  const least = chance.index(3) - 1;
  switch (type) {
    case Type.MESSAGE:
      return create(FieldRulesSchema, { required: true });
    case Type.STRING:
      return create(FieldRulesSchema, {
        required: chance.percent(30),
        type: { case: "string", value: { minLen: BigInt(chance.index(2)), maxLen: 12n } },
      });
    case Type.INT32: {
      const value = { greaterThan: { case: "gte" as const, value: least } };
      return create(FieldRulesSchema, { type: { case: "int32", value } });
    }
    case Type.INT64: {
      const value = { greaterThan: { case: "gte" as const, value: BigInt(least) } };
      return create(FieldRulesSchema, { type: { case: "int64", value } });
    }
    default:
      return undefined;
  }
}
