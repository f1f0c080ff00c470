// Between what a plan says of where a value comes from, and what can be chosen from. Pure.

import { create } from "@bufbuild/protobuf";
import {
  type Binding,
  LoopItemSchema,
  type Plan,
  StepOutputSchema,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { type Contracts, type Slot, type Source, slotsOf, sourceFits } from "./plan-shapes.ts";

/** What the plan says when the source is chosen. */
export function valueFrom(source: Source): Binding["value"] {
  switch (source.case) {
    case "parameter":
      return { case: "parameter", value: source.name };
    case "item":
      return { case: "item", value: create(LoopItemSchema, { field: source.field }) };
    case "output": {
      const { step, field } = source;
      return { case: "output", value: create(StepOutputSchema, { step, field }) };
    }
  }
}

/** The key of the source that is chosen, as `sourceKey` gives it; "literal", "attachment 0"; empty:
 * nothing is. */
export function keyOf(value: Binding["value"] | undefined): string {
  switch (value?.case) {
    case "literal":
      return "literal";
    case "attachment":
      return `attachment ${value.value}`;
    case "parameter":
      return `parameter ${value.value}`;
    case "item":
      return `item ${value.value.field}`;
    case "output":
      return `output ${value.value.step} ${value.value.field}`;
    default:
      return "";
  }
}

/** The fields, of whatever step may take it, that a source fits: step and path. */
export function targetsOf(plan: Plan, source: Source, contracts: Contracts): Set<string> {
  const at = source.case === "output" ? plan.steps.findIndex(({ id }) => id === source.step) : -1;
  const takers = plan.steps.slice(at + 1);
  return new Set(
    takers.flatMap((step) =>
      slotsOf(step, contracts).flatMap((slot: Slot) =>
        sourceFits(source, slot) ? targetKey(step.id, slot.path) : [],
      ),
    ),
  );
}

export const targetKey = (step: string, path: string): string => `${step} ${path}`;
