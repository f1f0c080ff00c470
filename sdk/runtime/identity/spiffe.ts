/**
 * Names of workloads in certificates: `spiffe://<trust domain>/<workload>`, the one URI among the
 * subject's alternative names. What a certificate says is believed only after its chain was checked.
 */
import type { X509Certificate } from "node:crypto";

export interface SpiffeId {
  trust_domain: string;
  /** Identity of the workload: "orchestrator". */
  workload: string;
}

const trustDomainPattern = /^[a-z0-9._-]{1,100}$/;
const workloadPattern = /^[a-zA-Z0-9][\w.-]{0,99}(\/[a-zA-Z0-9][\w.-]{0,99}){0,3}$/;
const namePattern = /^URI:spiffe:\/\/([^/]+)\/(.+)$/;

/** Fails when either part cannot stand in a SPIFFE name. */
export function spiffeName({ trust_domain, workload }: SpiffeId): string {
  if (!trustDomainPattern.test(trust_domain)) throw new Error(`no trust domain: "${trust_domain}"`);
  if (!workloadPattern.test(workload)) throw new Error(`no name of a workload: "${workload}"`);
  return `spiffe://${trust_domain}/${workload}`;
}

/** Whom a certificate names; undefined when it names nobody, or more than one. */
export function spiffeOf(certificate: X509Certificate): SpiffeId | undefined {
  const names = certificate.subjectAltName ?? "";
  // Only a name with special characters is quoted; ours have none, and a quoted one could hold a
  // text that reads like another name.
  if (names.includes('"')) return undefined;
  const [name, ...others] = names.split(", ").filter((each) => each.startsWith("URI:"));
  const [, trust_domain, workload] = namePattern.exec(name ?? "") ?? [];
  if (others.length > 0 || trust_domain === undefined || workload === undefined) return undefined;
  if (!trustDomainPattern.test(trust_domain) || !workloadPattern.test(workload)) return undefined;
  return { trust_domain, workload };
}
