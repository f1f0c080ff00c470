import { ScalarType } from "@bufbuild/protobuf";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { type Type, text, texts } from "../../state/plan-types.ts";

/** The type of field whose control takes such a value. */
export function typeOfParameter(type: ParameterType): Type {
  switch (type) {
    case ParameterType.INTEGER:
      return { kind: "scalar", scalar: ScalarType.INT64 };
    case ParameterType.NUMBER:
      return { kind: "scalar", scalar: ScalarType.DOUBLE };
    case ParameterType.TRUTH:
      return { kind: "scalar", scalar: ScalarType.BOOL };
    case ParameterType.FILE:
      return { kind: "message", message: FileSchema };
    case ParameterType.TEXTS:
      return texts;
    default:
      return text;
  }
}

export const parameterTypes = [
  ParameterType.TEXT,
  ParameterType.INTEGER,
  ParameterType.NUMBER,
  ParameterType.TRUTH,
  ParameterType.FILE,
  ParameterType.TEXTS,
] as const;
