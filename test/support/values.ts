import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";

export const jsonValue = (json: JsonValue): Value => fromJson(ValueSchema, json);
