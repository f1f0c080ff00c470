/**
 * An authority of our own: it names workloads by certificates that live an hour at most, so that
 * nothing has to be revoked. For one machine and for tests; in a cluster the policy service holds one.
 */
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { limits } from "../limits.ts";
import { authorityCertificate, type Issuing, workloadCertificate } from "./certificates.ts";
import { replaceFiles } from "./files.ts";
import { spiffeName } from "./spiffe.ts";

export interface CertificateAuthority {
  /** PEM of the authorities to trust. */
  bundle: string;
  /** A new key and its certificate, both PEM. Fails for a life over `certificate_life_s_max`. */
  issue(
    workload: string,
    options?: { life_s?: number; hosts?: string[] },
  ): Promise<{ certificate: string; key: string }>;
}

export interface AuthorityOptions {
  /** Where key and certificate of the authority are kept; undefined: in memory. */
  folder?: string;
  /** First part of every name that it gives. */
  trust_domain?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

interface Kept {
  key: KeyObject;
  certificate: string;
}

/** Clocks differ: a certificate is good a little before it was made. */
const skew_s = 60;

export async function createCertificateAuthority(
  options: AuthorityOptions = {},
): Promise<CertificateAuthority> {
  const { folder, trust_domain = "keiko.local", now = Date.now } = options;
  const kept = (folder && (await readKept(folder, now()))) || makeKept(trust_domain, now());
  if (folder) {
    const key = kept.key.export({ type: "pkcs8", format: "pem" }) as string;
    await replaceFiles(folder, { "authority-key.pem": key, "authority.pem": kept.certificate });
  }
  const { notAfter, issuer } = readCertificate(kept.certificate);
  return {
    bundle: kept.certificate,
    async issue(workload, { life_s = limits.certificate_life_s_max, hosts = [] } = {}) {
      if (life_s > limits.certificate_life_s_max) {
        throw new Error(
          `a certificate of ${life_s} s is asked for, ${limits.certificate_life_s_max} is the most`,
        );
      }
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const until = Math.min(now() + life_s * 1000, notAfter.getTime());
      const uri = spiffeName({ trust_domain, workload });
      const issuing = { issuer, signingKey: kept.key, ...span(now(), until) };
      return {
        certificate: workloadCertificate(issuing, { publicKey, name: workload, uri, hosts }),
        key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
      };
    },
  };
}

function makeKept(trust_domain: string, now: number): Kept {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = `Keiko authority of ${trust_domain}`;
  const until = now + limits.authority_life_s * 1000;
  const issuing: Issuing = { issuer, signingKey: privateKey, ...span(now, until) };
  return {
    key: privateKey,
    certificate: authorityCertificate(issuing, `spiffe://${trust_domain}`),
  };
}

/** Undefined when there is none yet, or when it has lived through most of its life. */
async function readKept(folder: string, now: number): Promise<Kept | undefined> {
  try {
    const certificate = await readFile(join(folder, "authority.pem"), "utf8");
    const key = createPrivateKey(await readFile(join(folder, "authority-key.pem")));
    const { notAfter, matches } = readCertificate(certificate);
    if (!matches(key)) throw new Error(`${folder}: the authority's key and certificate differ`);
    const left_s = (notAfter.getTime() - now) / 1000;
    return left_s > limits.authority_life_s / 10 ? { key, certificate } : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readCertificate(certificate: string) {
  const read = new X509Certificate(certificate);
  return {
    notAfter: read.validToDate,
    issuer: read.subject.replace(/^CN=/, ""),
    matches: (key: KeyObject) => read.checkPrivateKey(key),
  };
}

function span(now: number, until: number): { from: Date; until: Date } {
  return { from: new Date(now - skew_s * 1000), until: new Date(until) };
}
