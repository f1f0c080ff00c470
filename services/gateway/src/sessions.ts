/**
 * Who is signed in. A start prints a link with a code that works once and gives the browser a
 * session; programs on the same machine read a token from a file that only its owner can read. Kept
 * are hashes, so that the store gives nobody a way in.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { KeyValue } from "@keiko/runtime/substrate/substrate.ts";
import { limits } from "./limits.ts";

export interface Sessions {
  /** A code for the next link; each works once, and until the process ends. */
  newCode(): string;
  /** The session that the code opens; undefined: wrong, used or out of date. */
  redeem(code: string): Promise<string | undefined>;
  /** `users/{id}` of a session or a token; undefined: nobody's. */
  userOfSession(session: string): Promise<string | undefined>;
  userOfToken(token: string): string | undefined;
  end(session: string): Promise<void>;
}

/** `user`: whom codes and token stand for; on a laptop there is one. */
export function createSessions(
  kv: KeyValue,
  options: { user: string; token: string; now: () => number },
): Sessions {
  const { user, token, now } = options;
  const codes = new Map<string, number>();
  const known = new Map<string, { user: string; expires: number }>();
  const key = (session: string) => `session/${hash(session)}`;
  return {
    newCode() {
      const code = randomBytes(24).toString("base64url");
      codes.set(hash(code), now() + limits.sign_in_code_life_ms);
      return code;
    },
    async redeem(code) {
      const expires = codes.get(hash(code));
      codes.delete(hash(code));
      if (expires === undefined || expires <= now()) return undefined;
      const session = randomBytes(32).toString("base64url");
      const entry = { user, expires: now() + limits.session_life_ms };
      await kv.put(key(session), new TextEncoder().encode(JSON.stringify(entry)));
      return session;
    },
    async userOfSession(session) {
      const id = key(session);
      const entry = known.get(id) ?? parse((await kv.get(id, { decides: true }))?.value);
      if (!entry || entry.expires <= now()) return undefined;
      if (known.size > 1000) known.clear();
      known.set(id, entry);
      return entry.user;
    },
    userOfToken: (given) =>
      timingSafeEqual(Buffer.from(hash(given)), Buffer.from(hash(token))) ? user : undefined,
    async end(session) {
      known.delete(key(session));
      await kv.delete(key(session));
    },
  };
}

function hash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function parse(bytes: Uint8Array | undefined): { user: string; expires: number } | undefined {
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}
