/**
 * Decides who stands at the door. A browser shows its session cookie, a program its token. A cookie
 * travels by itself, so a request that carries one must come from our own pages; and the name by
 * which we are called must be ours, or a foreign site could have its name point here.
 */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { unauthenticated } from "@keiko/runtime/identity.ts";
import type { Sessions } from "./sessions.ts";

export const sessionCookie = "keiko_session";

export interface Doorkeeper {
  /** `users/{id}`. Fails with UNAUTHENTICATED. */
  admit(headers: Headers): Promise<string>;
  /** Fails with PERMISSION_DENIED when we are addressed by a name that is not ours. */
  guardHost(host: string | undefined): void;
}

export function createDoorkeeper(sessions: Sessions, hosts: readonly string[]): Doorkeeper {
  const names = new Set(hosts);
  return {
    guardHost(host) {
      const name = (host ?? "").replace(/:\d+$/, "").toLowerCase();
      if (names.has(name)) return;
      throw refuse(Reason.PERMISSION_DENIED, {
        message: `"${host ?? ""}" is not a name of this Keiko`,
        remedy: `use http://${hosts[0]}`,
        metadata: { host: host ?? "" },
      });
    },
    async admit(headers) {
      const [scheme = "", token = ""] = (headers.get("authorization") ?? "").split(" ");
      if (scheme.toLowerCase() === "bearer") {
        const user = sessions.userOfToken(token);
        if (user) return user;
        throw unauthenticated("the token is not valid", "read it again from the file `token`");
      }
      const session = cookie(headers.get("cookie") ?? "", sessionCookie);
      const user = session ? await sessions.userOfSession(session) : undefined;
      if (!user) {
        throw unauthenticated("nobody is signed in", "open the link that `npm start` printed");
      }
      guardOrigin(headers);
      return user;
    },
  };
}

function guardOrigin(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const foreign = site ? site !== "same-origin" && site !== "none" : false;
  const other = origin ? hostOf(origin) !== headers.get("host") : false;
  if (foreign || other) {
    throw refuse(Reason.PERMISSION_DENIED, {
      message: `a page of ${origin ?? "another site"} may not use this session`,
      remedy: "use the console, or a token for programs",
      metadata: { origin: origin ?? "" },
    });
  }
}

// Of a sandboxed page the origin is "null", which is no address and nobody's.
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

export function cookie(header: string, name: string): string | undefined {
  for (const part of header.split(";")) {
    const [key, ...value] = part.trim().split("=");
    if (key === name) return value.join("=");
  }
  return undefined;
}
