/**
 * A channel's credentials that follow a workload's identity. grpc-js knows the name of a channel,
 * not who may answer at each of its addresses, and fixes certificates when a channel is made; so the
 * connection is made here, with the certificate of the moment, and checks the server's name itself.
 */
import { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { connect, type PeerCertificate } from "node:tls";
import { CallCredentials, ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";
import { spiffeOf } from "./spiffe.ts";
import type { WorkloadIdentity } from "./workload-identity.ts";

/** Channel option by which a balancer says who must answer at an address. */
export const expectedIdentityOption = "keiko.expected_identity";

type SecureConnector = ReturnType<ChannelCredentials["_createSecureConnector"]>;
type SecureConnection = Awaited<ReturnType<SecureConnector["connect"]>>;
type Own = Pick<WorkloadIdentity, "workload" | "trust_domain" | "secureContext">;

export class IdentityCredentials extends ChannelCredentials {
  readonly #own: Own;
  readonly #expected: string | undefined;

  /** Without `expected` each address must come with the option above. */
  constructor(own: Own, expected: string | undefined) {
    super();
    this.#own = own;
    this.#expected = expected;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return (
      other instanceof IdentityCredentials &&
      other.#own === this.#own &&
      other.#expected === this.#expected
    );
  }

  override _createSecureConnector(
    _target: unknown,
    options: ChannelOptions,
    callCredentials?: CallCredentials,
  ): SecureConnector {
    const named = options[expectedIdentityOption] as string | undefined;
    const expected = named ?? this.#expected;
    const credentials = callCredentials ?? CallCredentials.createEmpty();
    return {
      connect: (socket) => secured(socket, this.#own, expected),
      waitForReady: async () => {},
      getCallCredentials: () => credentials,
      destroy: () => {},
    };
  }
}

function secured(socket: Socket, own: Own, expected: string | undefined) {
  return new Promise<SecureConnection>((resolve, reject) => {
    const closed = () => reject(new Error("the connection was closed during the handshake"));
    const secure = connect({
      socket,
      secureContext: own.secureContext,
      minVersion: "TLSv1.3",
      ALPNProtocols: ["h2"],
      checkServerIdentity: (_, certificate) => notWhom(expected, own, certificate),
    });
    secure.once("secureConnect", () => {
      secure.removeListener("close", closed);
      if (secure.authorized) resolve({ socket: secure, secure: true });
      else reject(secure.authorizationError);
    });
    // It stays: an error after the handshake is grpc-js's to handle, and must not be uncaught before.
    secure.on("error", reject);
    secure.once("close", closed);
  });
}

/** Why the server is not who is wanted; undefined when it is. */
function notWhom(
  expected: string | undefined,
  own: Own,
  { raw }: PeerCertificate,
): Error | undefined {
  if (expected === undefined) return new Error("nobody said who must answer at this address");
  const found = spiffeOf(new X509Certificate(raw));
  if (found?.workload === expected && found.trust_domain === own.trust_domain) return undefined;
  const name = found
    ? `spiffe://${found.trust_domain}/${found.workload}`
    : "nobody of a known name";
  return new Error(
    `${name} answers where spiffe://${own.trust_domain}/${expected} is expected; is another process on its port?`,
  );
}
