/** An agent as a unit of Keiko: beside others in one process, or alone in its own. */
import type { DescService } from "@bufbuild/protobuf";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import type { AgentDefinition } from "./define.ts";
import { agentService } from "./serve.ts";

export function agentWorkload<S extends DescService>(agent: AgentDefinition<S>): ServiceDefinition {
  const { name, version, kind, contract, calls, warm } = agent;
  return {
    identity: name,
    version,
    kind,
    serves: [contract],
    calls,
    steps: true,
    async open({ substrate, dialer, log }) {
      const services = [agentService(agent, { substrate, dialer, log })];
      return { services, ...(warm ? { warm } : {}) };
    },
  };
}
