/**
 * Establishes who calls. In one process the transport vouches for its owner; over the network the
 * connection's certificate proves the workload, or a token does. A user is named by the workload
 * that acts for them; whether it may act for anyone is policy's to say.
 */
import { createContextKey, type Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Caller, callKey, headers, peerKey } from "../call.ts";
import { refuse } from "../errors.ts";
import { type TokenVerifier, unauthenticated } from "../identity.ts";
import { limits } from "../limits.ts";

/** Set by a server whose connections prove the workload at their other end; no header can forge it. */
export const provenWorkloadKey = createContextKey<string | undefined>(undefined, {
  description: "workload proven by the connection",
});

const userPattern = /^users\/[A-Za-z0-9._@-]{1,120}$/;

export function authenticate(deps: { tokens: TokenVerifier | undefined }): Interceptor {
  return (next) => (request) => {
    const call = request.contextValues.get(callKey);
    if (!call) throw new Error("authenticate needs trace before it");
    if (call.depth > limits.call_depth_max) {
      throw refuse(Reason.LIMIT_EXCEEDED, {
        message: `calls are nested ${call.depth} deep, the limit is ${limits.call_depth_max}`,
        remedy: "break the circle of services that call each other",
        metadata: { limit: String(limits.call_depth_max), value: String(call.depth) },
      });
    }
    call.caller =
      request.contextValues.get(peerKey) ??
      fromNetwork(request.header, request.contextValues.get(provenWorkloadKey), deps.tokens);
    return next(request);
  };
}

function fromNetwork(
  header: Headers,
  proven: string | undefined,
  tokens: TokenVerifier | undefined,
): Caller {
  const workload = proven ?? byToken(header, tokens);
  const user = header.get(headers.user) ?? "";
  if (user !== "" && !userPattern.test(user)) {
    throw unauthenticated(`"${user}" is no user name`, "name a user as users/{id}");
  }
  return { workload, user };
}

function byToken(header: Headers, tokens: TokenVerifier | undefined): string {
  const [scheme, token, ...rest] = (header.get(headers.authorization) ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token || rest.length > 0 || !tokens) {
    throw unauthenticated("no workload token came with the call", "send `authorization: Bearer …`");
  }
  return tokens.verify(token).workload;
}
