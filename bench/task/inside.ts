/**
 * A Keiko with the probe agent in this process, and a client of its tasks as a program inside gets
 * one. An agent that may call TaskService is how a program inside Keiko comes by it: its first call
 * hands out the context's client, behind which lies the same chain as for every other caller.
 */
import { type Client, createClient } from "@connectrpc/connect";
import { type AgentDefinition, defineAgent } from "@keiko/agent";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { compose } from "@keiko/local/compose.ts";
import { ensureToken } from "@keiko/local/home.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { ProbeService } from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { transportTo } from "../../test/support/keiko.ts";
import { literal, planOf, step } from "../../test/support/plans.ts";
import { probeAgent } from "../../test/support/probe-agent.ts";
import { runTask } from "./run.ts";

export interface Inside {
  base: string;
  token: string;
  substrate: Substrate;
  /** Milliseconds from opening the store until all tasks of before were taken up. */
  start_ms: number;
  tasks: Client<typeof TaskService>;
  stop(): Promise<void>;
}

export async function startInside(
  home: string,
  others: readonly AgentDefinition[] = [],
): Promise<Inside> {
  const began = performance.now();
  const substrate = await openEmbedded({ home });
  const token = await ensureToken(home);
  const handedOut = Promise.withResolvers<Client<typeof TaskService>>();
  const probe = probeAgent(substrate.log);
  const agent = defineAgent({
    ...probe,
    contract: ProbeService,
    calls: [TaskService],
    skills: {
      ...probe.skills,
      increment(context, input) {
        handedOut.resolve(context.client(TaskService));
        return probe.skills.increment(context, input);
      },
    },
  });
  const keiko = await compose({
    substrate,
    token,
    port: 0,
    log: createLog((line) => console.error(line), { level: "warn" }),
    agents: [agent as unknown as AgentDefinition, ...others],
  });
  const start_ms = performance.now() - began;
  const base = `http://127.0.0.1:${keiko.port}`;
  const outside = createClient(TaskService, transportTo(base, token));
  await runTask(outside, planOf(step("a", "Increment", literal("value", 0))));
  return {
    base,
    token,
    substrate,
    start_ms,
    tasks: await handedOut.promise,
    async stop() {
      await keiko.stop();
      await substrate.close();
    },
  };
}
