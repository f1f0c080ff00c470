/** The agents that come with Keiko. */
import type { AgentDefinition } from "@keiko/agent";
import { dataAgent } from "@keiko/agent-data/agent.ts";
import { limitsFor } from "@keiko/agent-data/limits.ts";
import { visual } from "@keiko/agent-visual/agent.ts";
import { limits } from "@keiko/runtime/limits.ts";

/** @param file_bytes_max the largest file that can be attached */
export function agentsFor({ file_bytes_max = limits.file_bytes_max } = {}) {
  const data = dataAgent(limitsFor({ file_bytes_max }));
  return [data, visual] as unknown as readonly AgentDefinition[];
}
