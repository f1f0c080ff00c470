/** Page tokens: opaque to callers, so that what they stand for can change. */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "./errors.ts";

export function pageToken(after: string | number): string {
  return Buffer.from(JSON.stringify(after)).toString("base64url");
}

/** Undefined for the first page. Fails with INVALID_FIELD on what is not a token of ours. */
export function readPageToken<T extends "string" | "number">(
  token: string,
  type: T,
): (T extends "string" ? string : number) | undefined {
  if (token === "") return undefined;
  try {
    const after: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof after === type) return after as T extends "string" ? string : number;
  } catch {
    // Falls through: what cannot be read is refused like what reads as something else.
  }
  throw refuse(Reason.INVALID_FIELD, {
    message: `page_token "${token}" is not one that this list gave out`,
    field: "page_token",
    remedy: "leave it empty for the first page, then send back `next_page_token`",
    metadata: { page_token: token },
  });
}
