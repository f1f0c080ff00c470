/** A steady load of calls that the contract allows to be repeated, one kind for each workload. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { AuditService } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { atSteadyRate } from "../support/steady-rate.ts";
import type { MeshCaller } from "../support/up.ts";

export interface LoadReport {
  calls: number;
  failed: number;
  /** What they failed with, the most frequent first. */
  reasons: string[];
  p50_ms: number;
  p99_ms: number;
  slowest_ms: number;
}

export type Repeatable = () => Promise<unknown>;

/** One call to each workload that serves calls. */
export function repeatableCalls({ client }: MeshCaller, file: File): Record<string, Repeatable> {
  const timeoutMs = 20_000;
  const trace = { traceId: "0".repeat(31).concat("1") };
  return {
    registry: () => client(RegistryService).searchSkills({ query: "chart" }, { timeoutMs }),
    policy: () => client(PolicyService).getPolicySet({}, { timeoutMs }),
    audit: () => client(AuditService).listRecords({ pageSize: 1 }, { timeoutMs }),
    orchestrator: () => client(TaskService).listTasks({ pageSize: 1 }, { timeoutMs }),
    // There is no such trace, which is an answer like any other.
    observability: () =>
      client(ObservabilityService)
        .getTrace(trace, { timeoutMs })
        .catch((error) => {
          if (ConnectError.from(error).code !== Code.NotFound) throw error;
        }),
    data: () => client(DataService).previewTable({ source: file, rowCount: 1 }, { timeoutMs }),
  };
}

/** Calls at a steady rate, each kind in turn, until the signal aborts. */
export async function steadyLoad(
  calls: readonly Repeatable[],
  options: { per_second: number; signal: AbortSignal },
): Promise<LoadReport> {
  const { per_second, signal } = options;
  const took: number[] = [];
  const reasons = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const one = async (call: Repeatable) => {
    const began = performance.now();
    try {
      await call();
    } catch (error) {
      const { code, rawMessage } = ConnectError.from(error);
      const reason = `${Code[code]}: ${rawMessage.slice(0, 160)}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    took.push(performance.now() - began);
  };
  let sent = 0;
  const start = () => {
    const running_one = one(calls[sent++ % calls.length]!).finally(() =>
      running.delete(running_one),
    );
    running.add(running_one);
  };
  await atSteadyRate(per_second, () => !signal.aborted, start);
  await Promise.all(running);
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(share * (took.length - 1))] ?? 0;
  const sorted = [...reasons].sort((a, b) => b[1] - a[1]);
  return {
    calls: took.length,
    failed: sorted.reduce((sum, [, count]) => sum + count, 0),
    reasons: sorted.map(([reason, count]) => `${count} × ${reason}`),
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    slowest_ms: took.at(-1) ?? 0,
  };
}
