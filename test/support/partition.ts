/**
 * A cluster of three NATS servers that can be parted: each in a network of its own where this process may make
 * such, behind gates where it may not. Clients reach every server all the time.
 */
import type { NatsServers } from "./nats.ts";
import { startBehindGates } from "./partition-gates.ts";
import { mayMakeNamespaces, startInNamespaces } from "./partition-namespaces.ts";

export interface PartedServers extends NatsServers {
  form: PartedForm;
  /** Servers of one group hear each other and nobody else; those in no group are alone. */
  part(...groups: readonly (readonly number[])[]): void;
  /** All hear each other again. */
  heal(): void;
}

/**
 * `namespaces`: what is sent to a server that is cut off is lost, and so is what it sends. `gates`: it is held
 * back until the servers hear each other again, which takes no rights.
 */
export type PartedForm = "namespaces" | "gates";

export const partedForm = (): PartedForm => (mayMakeNamespaces() ? "namespaces" : "gates");

export function startParted(form = partedForm()): Promise<PartedServers> {
  return form === "namespaces" ? startInNamespaces() : startBehindGates();
}
