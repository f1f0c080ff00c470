import { create } from "@bufbuild/protobuf";
import { CreatedSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Values } from "@keiko/orchestrator/draft.ts";
import { begin } from "@keiko/orchestrator/machine.ts";
import { createMissed } from "@keiko/orchestrator/missed.ts";
import type { TaskState } from "@keiko/orchestrator/task-state.ts";
import type { EventChange } from "@keiko/runtime/events.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { expect, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { catalogOf, everything } from "../support/catalog.ts";
import { planOf, step } from "../support/plans.ts";

const values: Values = { holds: () => true, count: () => 0, words: () => "" };

function running(name: string, owner: string, method: string): TaskState {
  const plan = planOf(step("a", method));
  const created = create(CreatedSchema, { name, owner, plan });
  return begin(created, [], { now: 1, values }).task;
}

test("when the last workload goes that unfinished tasks need, their owners are told once", () => {
  const catalog = catalogOf();
  const told: { change: EventChange; owner: string | undefined }[] = [];
  const tasks = [
    running("tasks/1", "users/ann", "Increment"),
    running("tasks/2", "users/ann", "Record"),
    running("tasks/3", "users/bob", "Increment"),
  ];
  const look = createMissed({
    catalog,
    tasks: () => tasks,
    emit: (change, about) => told.push({ change, owner: about?.owner }),
    log: silentLog,
  });
  look();
  expect(told).toEqual([]);
  catalog.remove("workloads/visualservice");
  look();
  expect(told).toEqual([]);
  catalog.remove("workloads/probeservice");
  look();
  look();
  const service = ProbeService.typeName;
  expect(told).toEqual([
    {
      change: {
        case: "contractMissed",
        value: { service, tasks: ["tasks/1", "tasks/2"], taskCount: 2 },
      },
      owner: "users/ann",
    },
    {
      change: { case: "contractMissed", value: { service, tasks: ["tasks/3"], taskCount: 1 } },
      owner: "users/bob",
    },
  ]);
});

test("one of two that go is not missed", () => {
  const catalog = catalogOf([...everything]);
  const [probe] = [...catalogOf([ProbeService]).services()];
  const told: EventChange[] = [];
  const look = createMissed({
    catalog,
    tasks: () => [running("tasks/1", "users/ann", "Increment")],
    emit: (change) => told.push(change),
    log: silentLog,
  });
  const offered = { $typeName: "keiko.registry.v1.Service", name: ProbeService.typeName } as never;
  const second = { name: "workloads/second", identity: "second", services: [offered] } as never;
  catalog.put(second, () => probe!.files);
  look();
  catalog.remove("workloads/probeservice");
  look();
  expect(told).toEqual([]);
  catalog.remove("workloads/second");
  look();
  expect(told).toHaveLength(1);
});
