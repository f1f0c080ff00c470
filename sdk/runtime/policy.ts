/**
 * Decides whether a call may happen, in this process, from a Cedar policy set. A call needs two
 * yeses: the workload may, and the user it acts for may. No set, no matching policy, or an error
 * while deciding all mean no.
 */
import { createHash } from "node:crypto";
import {
  type AuthorizationAnswer,
  preparsePolicySet,
  statefulIsAuthorized,
} from "@cedar-policy/cedar-wasm/nodejs";
import type { Caller } from "./call.ts";
import { limits } from "./limits.ts";

export interface Question {
  caller: Caller;
  permission: string;
  /** Full name of the service. */
  service: string;
  /** The method is offered to planners. */
  skill: boolean;
}

export interface Decision {
  allowed: boolean;
  /** Ids of the policies that decided. */
  policies: string[];
  /** Who was refused, in words; empty when allowed. */
  refusal: string;
}

export interface Decider {
  decide(question: Question): Decision;
  readonly revision: string;
}

/** Policies as `{id: Cedar source}`. Throws with Cedar's message when one does not parse. */
export function createDecider(policies: Record<string, string>): Decider {
  const revision = policyRevision(policies);
  const parsed = preparsePolicySet(revision, { staticPolicies: policies });
  if (parsed.type === "failure") {
    throw new Error(`policies: ${parsed.errors.map((error) => error.message).join("; ")}`);
  }
  const decided = new Map<string, Decision>();
  return {
    revision,
    decide(question) {
      const { caller, permission, service, skill } = question;
      const key = `${caller.workload}|${caller.user}|${permission}|${service}|${skill}`;
      let decision = decided.get(key);
      if (!decision) {
        decision = decideBoth(revision, question);
        if (decided.size >= limits.decisions_cached_max) decided.clear();
        decided.set(key, decision);
      }
      return decision;
    },
  };
}

/** Refuses everything: what a server uses until it has a policy set. */
export const denyAll: Decider = {
  revision: "",
  decide: () => ({ allowed: false, policies: [], refusal: "no policy set is loaded" }),
};

export function policyRevision(policies: Record<string, string>): string {
  const entries = Object.entries(policies).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex");
}

function decideBoth(revision: string, question: Question): Decision {
  const { caller, permission } = question;
  const workload = ask(revision, question, { type: "Workload", id: caller.workload });
  if (!workload.allowed) {
    return { ...workload, refusal: `workload "${caller.workload}" may not "${permission}"` };
  }
  if (caller.user === "") return workload;
  const id = caller.user.replace(/^users\//, "");
  const user = ask(revision, question, { type: "User", id });
  const policies = [...workload.policies, ...user.policies];
  if (!user.allowed) {
    return { allowed: false, policies, refusal: `${caller.user} may not "${permission}"` };
  }
  return { allowed: true, policies, refusal: "" };
}

function ask(
  revision: string,
  { caller, permission, service, skill }: Question,
  principal: { type: string; id: string },
): Decision {
  const answer: AuthorizationAnswer = statefulIsAuthorized({
    principal,
    action: { type: "Action", id: permission },
    resource: { type: "Service", id: service },
    context: { skill, on_behalf: caller.user !== "" },
    preparsedPolicySetId: revision,
    entities: [],
  });
  if (answer.type === "failure") return { allowed: false, policies: [], refusal: "" };
  const { decision, diagnostics } = answer.response;
  const sound = diagnostics.errors.length === 0;
  return { allowed: decision === "allow" && sound, policies: diagnostics.reason, refusal: "" };
}
