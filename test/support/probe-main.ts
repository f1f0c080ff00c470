/** The probe agent in a process of its own, as anybody's agent would be. */
import { agentWorkload } from "@keiko/agent";
import { main } from "@keiko/runtime/process/run.ts";
import { probeAgent } from "./probe-agent.ts";

await main(() => {
  const described = agentWorkload(probeAgent(undefined as never));
  return {
    ...described,
    open: (context) => agentWorkload(probeAgent(context.substrate.log)).open(context),
  };
});
