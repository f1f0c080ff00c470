import { create, toBinary } from "@bufbuild/protobuf";
import { fileDesc } from "@bufbuild/protobuf/codegenv2";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** Stands in for the file that defines validation rules: contracts import it by name, and options
 * that nobody here reads stay unknown fields. */
export const file_buf_validate_validate = fileDesc(
  base64Encode(
    toBinary(
      FileDescriptorProtoSchema,
      create(FileDescriptorProtoSchema, {
        name: "buf/validate/validate.proto",
        package: "buf.validate",
        syntax: "proto3",
      }),
    ),
  ),
);
