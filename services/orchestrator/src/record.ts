/** A task as a thing to keep: its journal, and the contracts that it was compiled against. */
import { create, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type RecordedTask,
  RecordedTaskSchema,
  type Transition,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { decodeDescriptors } from "@keiko/runtime/descriptors.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import type { Contracts } from "./contracts.ts";

export async function recordOf(
  transitions: Transition[],
  contracts: Contracts,
): Promise<RecordedTask> {
  const needed = new Map<string, { service: string; digest: string }>();
  for (const { kind } of transitions.flatMap(({ events }) => events)) {
    if (kind.case !== "created" && kind.case !== "replanned") continue;
    for (const { method, digest, undo } of kind.value.plan?.steps ?? []) {
      for (const [path, of] of [[method, digest] as const, [undo?.method, undo?.digest] as const]) {
        if (path && of) needed.set(of, { service: path.split("/")[0]!, digest: of });
      }
    }
  }
  const found = [...needed.values()].map(async ({ service, digest }) => ({
    service,
    digest,
    descriptors: await contracts.descriptors(service, digest),
  }));
  return create(RecordedTaskSchema, { transitions, contracts: await Promise.all(found) });
}

/** Throws for what is none. */
export function readRecord(bytes: Uint8Array): {
  transitions: Transition[];
  contracts: Contracts;
} {
  try {
    const { transitions, contracts } = fromBinary(RecordedTaskSchema, bytes);
    if (transitions[0]?.events[0]?.kind.case !== "created") throw new Error("it creates no task");
    const files = contracts.map(({ digest, descriptors }) => [
      digest,
      decodeDescriptors(descriptors),
    ]);
    return { transitions, contracts: contractsIn(new Map(files as [string, FileRegistry][])) };
  } catch (error) {
    throw refuse(Reason.INVALID_FIELD, {
      message: `this is no recorded task: ${error instanceof Error ? error.message : String(error)}`,
      field: "recorded",
      remedy: "record one with `keiko task record`",
    });
  }
}

function contractsIn(files: ReadonlyMap<string, FileRegistry>): Contracts {
  return {
    async load() {},
    descriptors: () => Promise.reject(new Error("what is recorded is not recorded again")),
    method(path, digest) {
      const [service = "", name] = path.split("/");
      return files
        .get(digest)
        ?.getService(service)
        ?.methods.find((method) => method.name === name);
    },
  };
}
