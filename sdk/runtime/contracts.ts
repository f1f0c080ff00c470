/**
 * Reads what contracts say about methods and fields. The only reader of `keiko.option.v1`: whoever
 * needs a permission, an audit class or a role asks here, and no table of methods exists elsewhere.
 */
import { type DescField, type DescMessage, type DescMethod, getOption } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
  field as rulesOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import {
  Audit,
  DataClass,
  Effect,
  type FieldContract,
  field as fieldOption,
  type MethodContract,
  method as methodOption,
  noun as nounOption,
  type Role,
} from "@keiko/gen/keiko/option/v1/option_pb.js";

/** `package.Service/Method`. */
export function methodPath(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/** Reads an option once: decoding it costs more than everything that is done with it. */
function remembered<K extends object, V>(read: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, V>();
  return (of) => {
    let value = known.get(of);
    if (value === undefined) {
      value = read(of);
      known.set(of, value);
    }
    return value;
  };
}

export const contractOf: (method: DescMethod) => MethodContract = remembered((method) =>
  getOption(method, methodOption),
);

const fieldContractOf: (field: DescField) => FieldContract = remembered((field) =>
  getOption(field, fieldOption),
);

/** The bounds that are checked on every request: `buf.validate.field`. */
export const rulesOf: (field: DescField) => FieldRules = remembered((field) =>
  getOption(field, rulesOption),
);

/**
 * Whether the same call may be sent twice: its contract says that nothing or nothing more comes of it.
 * What has an effect that must be taken back, or cannot be, is never repeated unasked.
 */
export const mayRepeat: (method: DescMethod) => boolean = remembered((method) => {
  const { skill } = contractOf(method);
  if (skill?.effect === Effect.COMPENSATED || skill?.effect === Effect.IRREVERSIBLE) return false;
  const told = method.idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN;
  return told || skill?.effect === Effect.READ_ONLY || skill?.effect === Effect.IDEMPOTENT;
});

/** Why a method may not be served at all; undefined when its contract is complete. */
export function ungoverned(method: DescMethod): string | undefined {
  const contract = contractOf(method);
  if (contract.permission === "") return `${methodPath(method)} names no permission`;
  if (contract.audit === Audit.UNSPECIFIED) return `${methodPath(method)} names no audit class`;
  return undefined;
}

export function roleOf(field: DescField): Role {
  return fieldContractOf(field).role;
}

export function dataClassOf(field: DescField): DataClass {
  const declared = fieldContractOf(field).dataClass;
  return declared === DataClass.UNSPECIFIED ? DataClass.INTERNAL : declared;
}

/** The same request may give another value of it. */
export function varies(field: DescField): boolean {
  return fieldContractOf(field).varies;
}

/** Media types that a file field reads; empty: any. */
export function mediaTypesOf(field: DescField): string[] {
  return fieldContractOf(field).mediaTypes;
}

const nounOptionOf = remembered((message: DescMessage) => getOption(message, nounOption));

/** What people call messages of this type; undefined: it is not an artifact noun. */
export function nounOf(message: DescMessage): { en: string[]; de: string[] } | undefined {
  const noun = nounOptionOf(message);
  if (noun.wordsEn.length === 0 && noun.wordsDe.length === 0) return undefined;
  return { en: noun.wordsEn, de: noun.wordsDe };
}

/** Fields of a message with a given role, in order. */
export function fieldsWithRole(message: DescMessage, role: Role): DescField[] {
  return message.fields.filter((field) => roleOf(field) === role);
}
