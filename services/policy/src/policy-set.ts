/**
 * The policy set: what is written in policies/, and one permit per call that a workload declares in
 * its definition. The folder is part of the program, not of its data.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { policySetTextToParts } from "@cedar-policy/cedar-wasm/nodejs";

export interface DeclaredCalls {
  workload: string;
  /** Full names of the services that it calls. */
  services: readonly string[];
  /** Full names of those that it offers; unset: none. */
  serves?: readonly string[];
}

/** The policies that come with Keiko. */
export const policyFolder = join(import.meta.dirname, "../policies");

/** Policies by id. Throws naming the file when one does not parse or has no @id. */
export async function loadPolicies(
  declared: readonly DeclaredCalls[],
  from = policyFolder,
): Promise<Record<string, string>> {
  const policies: Record<string, string> = {};
  for (const file of (await readdir(from)).filter((name) => name.endsWith(".cedar")).sort()) {
    const parts = policySetTextToParts(await readFile(join(from, file), "utf8"));
    if (parts.type === "failure") {
      throw new Error(`${file}: ${parts.errors.map(({ message }) => message).join("; ")}`);
    }
    for (const text of parts.policies) {
      const id = /@id\("([^"]+)"\)/.exec(text)?.[1];
      if (!id) throw new Error(`${file}: every policy needs an @id`);
      if (policies[id]) throw new Error(`${file}: there are two policies "${id}"`);
      policies[id] = text;
    }
  }
  for (const { workload, services, serves = [] } of declared) {
    if (services.length > 0) policies[`calls-of-${workload}`] = permitCalls(workload, services);
    if (serves.length > 0) policies[`serves-of-${workload}`] = permitServing(workload, serves);
  }
  return policies;
}

function permitCalls(workload: string, services: readonly string[]): string {
  return [
    `permit (principal == Workload::"${workload}", action, resource)`,
    `when { ${among(services)} && action != Action::"registry.serve" };`,
  ].join("\n");
}

// Whoever could offer what is another's would be sent what is meant for them.
function permitServing(workload: string, services: readonly string[]): string {
  return [
    `permit (principal == Workload::"${workload}", action == Action::"registry.serve", resource)`,
    `when { ${among(services)} };`,
  ].join("\n");
}

function among(services: readonly string[]): string {
  const names = services.map((name) => `Service::"${name}"`).join(", ");
  return `[${names}].contains(resource)`;
}
