/** The shape of an agent. Plain data: no class to extend, nothing to register. */
import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { AgentContext, Progress } from "./context.ts";

type Result<M extends DescMethod> = MessageInitShape<M["output"]>;

/** One function per method of the contract: async, or an async generator that yields progress. */
export type Skills<S extends DescService> = {
  [K in keyof S["method"]]: (
    context: AgentContext,
    input: MessageShape<S["method"][K]["input"]>,
  ) => Promise<Result<S["method"][K]>> | AsyncGenerator<Progress, Result<S["method"][K]>, void>;
};

export interface AgentDefinition<S extends DescService = DescService> {
  /** Identity of the workload: lower case, digits, dashes. */
  name: string;
  /** Semantic version of the program, not of the contract. */
  version: string;
  kind: WorkloadKind;
  contract: S;
  /** The only services that `context.client` can reach. */
  calls: readonly DescService[];
  skills: Skills<S>;
  /** Loads what makes the first call slow; run in the background once the agent is up. */
  warm?: () => Promise<void>;
}

type Given<S extends DescService> = Omit<AgentDefinition<S>, "version" | "kind" | "calls"> &
  Partial<Pick<AgentDefinition<S>, "version" | "kind" | "calls">>;

export function defineAgent<S extends DescService>(definition: Given<S>): AgentDefinition<S> {
  return { version: "0.1.0", kind: WorkloadKind.AGENT, calls: [], ...definition };
}
