/**
 * kei-agent: write an agent as plain data. A contract, what it calls, and one function per method;
 * `context` is the only power a skill has, and its type says what that is.
 */
export type { AgentContext, Artifacts, NewFile, Progress } from "./context.ts";
export { type AgentDefinition, defineAgent, type Skills } from "./define.ts";
export { fail, retryable } from "./failure.ts";
export { agentService } from "./serve.ts";
export { agentWorkload } from "./workload.ts";
