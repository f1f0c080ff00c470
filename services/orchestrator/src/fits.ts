/** What a skill takes: the goal in words, files of some kinds, fields that must be filled. */
import type { DescField } from "@bufbuild/protobuf";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Role } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { fieldsWithRole, mediaTypesOf, rulesOf } from "@keiko/runtime/contracts.ts";

export function takesGoal(skill: CatalogMethod): boolean {
  return fieldsWithRole(skill.method.input, Role.GOAL).length > 0;
}

export function acceptsFile(field: DescField, file: File): boolean {
  if (field.fieldKind !== "message" || field.message.typeName !== FileSchema.typeName) return false;
  const accepted = mediaTypesOf(field);
  return accepted.length === 0 || accepted.includes(file.mediaType);
}

/** Fields that must be filled. */
export function requiredFields(skill: CatalogMethod): DescField[] {
  return skill.method.input.fields.filter((field) => rulesOf(field).required);
}
