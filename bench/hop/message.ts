/** The one method that every peer of the hop comparison serves and calls. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type IncrementRequest,
  type IncrementResponse,
  ProbeService,
} from "../../test/gen/keiko/probe/v1/probe_service_pb.js";

export const { increment } = ProbeService.method;

const buffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What grpc-js wants to know of a method; the same encoding as everywhere else. */
export const bareDefinition = {
  path: `/${ProbeService.typeName}/${increment.name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: (message: IncrementRequest) => buffer(toBinary(increment.input, message)),
  requestDeserialize: (bytes: Buffer) => fromBinary(increment.input, bytes),
  responseSerialize: (message: IncrementResponse) => buffer(toBinary(increment.output, message)),
  responseDeserialize: (bytes: Buffer) => fromBinary(increment.output, bytes),
};

export const kinds = ["keiko", "grpc-js", "connect-node"] as const;
export type Kind = (typeof kinds)[number];
