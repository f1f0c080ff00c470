/** Between Connect's errors and grpc-js's: status, message and details, both ways. */

import { Code, ConnectError } from "@connectrpc/connect";
import { findTrailerError, setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { Metadata, type ServiceError, type StatusObject, type status } from "@grpc/grpc-js";
import { HeaderMap } from "../header-map.ts";

const details = "grpc-status-details-bin";

export function toStatus(error: unknown): StatusObject {
  const failure = ConnectError.from(error);
  const trailer = new Headers();
  setTrailerStatus(trailer, failure);
  const metadata = new Metadata();
  const encoded = trailer.get(details);
  if (encoded) metadata.set(details, Buffer.from(encoded, "base64"));
  return { code: failure.code as number as status, details: failure.rawMessage, metadata };
}

export function fromStatus(error: ServiceError): ConnectError {
  const trailer = new Headers({
    "grpc-status": String(error.code),
    "grpc-message": encodeURIComponent(error.details ?? ""),
  });
  const [encoded] = error.metadata?.get(details) ?? [];
  if (encoded) trailer.set(details, Buffer.from(encoded as Buffer).toString("base64"));
  return findTrailerError(trailer) ?? new ConnectError(error.message, Code.Unknown);
}

export function metadataOf(header: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(header)) {
    metadata.set(name, name.endsWith("-bin") ? Buffer.from(value, "base64") : value);
  }
  return metadata;
}

export function fromMetadata(metadata: Metadata): Headers {
  const header = new HeaderMap();
  for (const [name, value] of Object.entries(metadata.getMap())) {
    header.set(name, typeof value === "string" ? value : value.toString("base64"));
  }
  return header;
}
