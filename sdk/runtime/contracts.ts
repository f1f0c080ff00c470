/**
 * Reads what contracts say about methods and fields. The only reader of `keiko.option.v1`: whoever
 * needs a permission, an audit class or a role asks here, and no table of methods exists elsewhere.
 */
import { type DescField, type DescMessage, type DescMethod, getOption } from "@bufbuild/protobuf";
import {
  Audit,
  DataClass,
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

const contracts = new WeakMap<DescMethod, MethodContract>();

export function contractOf(method: DescMethod): MethodContract {
  let contract = contracts.get(method);
  if (!contract) {
    contract = getOption(method, methodOption);
    contracts.set(method, contract);
  }
  return contract;
}

/** Why a method may not be served at all; undefined when its contract is complete. */
export function ungoverned(method: DescMethod): string | undefined {
  const contract = contractOf(method);
  if (contract.permission === "") return `${methodPath(method)} names no permission`;
  if (contract.audit === Audit.UNSPECIFIED) return `${methodPath(method)} names no audit class`;
  return undefined;
}

export function roleOf(field: DescField): Role {
  return getOption(field, fieldOption).role;
}

export function dataClassOf(field: DescField): DataClass {
  const declared = getOption(field, fieldOption).dataClass;
  return declared === DataClass.UNSPECIFIED ? DataClass.INTERNAL : declared;
}

/** Media types that a file field reads; empty: any. */
export function mediaTypesOf(field: DescField): string[] {
  return getOption(field, fieldOption).mediaTypes;
}

/** What people call messages of this type; undefined: it is not an artifact noun. */
export function nounOf(message: DescMessage): { en: string[]; de: string[] } | undefined {
  const noun = getOption(message, nounOption);
  if (noun.wordsEn.length === 0 && noun.wordsDe.length === 0) return undefined;
  return { en: noun.wordsEn, de: noun.wordsDe };
}

/** Fields of a message with a given role, in order. */
export function fieldsWithRole(message: DescMessage, role: Role): DescField[] {
  return message.fields.filter((field) => roleOf(field) === role);
}
