/**
 * The authority of one laptop: a certificate for each unit, renewed long before it ends and put into
 * the place of the old one. The authority's key stays in the home; no process but this one reads it.
 */
import { join } from "node:path";
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from "@keiko/runtime/identity/authority.ts";
import { writeIdentity } from "@keiko/runtime/identity/files.ts";

export interface Certificates {
  /** Writes a fresh certificate for each. */
  renew(): Promise<void>;
}

const hosts = ["127.0.0.1", "localhost"];

/** @param folders where identities are kept: `identities/<identity>/` */
export async function openCertificates(options: {
  authority: string;
  identities: string;
  names: readonly string[];
  life_s: number;
}): Promise<Certificates> {
  const authority: CertificateAuthority = await createCertificateAuthority({
    folder: options.authority,
  });
  return {
    async renew() {
      for (const name of options.names) {
        const issued = await authority.issue(name, { life_s: options.life_s, hosts });
        const folder = join(options.identities, name);
        await writeIdentity(folder, { bundle: authority.bundle, ...issued });
      }
    },
  };
}
