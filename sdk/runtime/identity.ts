/**
 * Who a workload is. An authority signs short-lived tokens; every server verifies them with the
 * public key alone. In one process the transport vouches for its owner and no token is needed.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "./errors.ts";
import { limits } from "./limits.ts";

export interface TokenClaims {
  /** Identity of the workload. */
  workload: string;
  /** Seconds since the epoch. */
  expires: number;
}

export interface Authority {
  /** A token for a workload, good for `token_life_s`. */
  issue(workload: string): string;
  publicKey: KeyObject;
}

/** An authority whose key lives in this process: for one machine, and for tests. */
export function createAuthority(now: () => number = Date.now): Authority {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    publicKey,
    issue(workload) {
      const expires = Math.floor(now() / 1000) + limits.token_life_s;
      const body = encode(JSON.stringify({ workload, expires } satisfies TokenClaims));
      return `${body}.${sign(null, Buffer.from(body), privateKey).toString("base64url")}`;
    },
  };
}

export interface TokenVerifier {
  /** Fails with UNAUTHENTICATED when the token is malformed, forged or out of date. */
  verify(token: string): TokenClaims;
}

export function createTokenVerifier(
  key: KeyObject | string,
  now: () => number = Date.now,
): TokenVerifier {
  const publicKey = typeof key === "string" ? createPublicKey(key) : key;
  const verified = new Map<string, TokenClaims>();
  return {
    verify(token) {
      const known = verified.get(token);
      const claims = known ?? readToken(token, publicKey);
      if (claims.expires * 1000 <= now()) {
        verified.delete(token);
        throw unauthenticated(
          "the workload token is out of date",
          "ask the authority for a new one",
        );
      }
      if (known) return known;
      if (verified.size >= limits.tokens_cached_max) verified.clear();
      verified.set(token, claims);
      return claims;
    },
  };
}

function readToken(token: string, publicKey: KeyObject): TokenClaims {
  const [body = "", signature = "", ...rest] = token.split(".");
  const genuine =
    rest.length === 0 &&
    verify(null, Buffer.from(body), publicKey, Buffer.from(signature, "base64url"));
  if (!genuine) {
    throw unauthenticated("the workload token is not genuine", "send a token of this installation");
  }
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as TokenClaims;
  return claims;
}

export function unauthenticated(message: string, remedy: string) {
  return refuse(Reason.UNAUTHENTICATED, { message, remedy });
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}
