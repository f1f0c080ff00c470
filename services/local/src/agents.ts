/** The agents that come with Keiko. */
import type { AgentDefinition } from "@keiko/agent";
import { data } from "@keiko/agent-data/agent.ts";
import { visual } from "@keiko/agent-visual/agent.ts";

export const agents = [data, visual] as unknown as readonly AgentDefinition[];
