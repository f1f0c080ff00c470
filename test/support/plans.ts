/** Plans over the probe's skills. */
import {
  create,
  fromJson,
  type JsonValue,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type BindingSchema,
  type Plan,
  PlanSchema,
  type StepSchema,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";

type Binding = Exclude<MessageInitShape<typeof BindingSchema>, Message>;

export const probe = (method: string) => `keiko.probe.v1.ProbeService/${method}`;

export function literal(field: string, value: JsonValue): Binding {
  return { field, value: { case: "literal", value: fromJson(ValueSchema, value) } };
}

export function output(field: string, step: string, from: string): Binding {
  return { field, value: { case: "output", value: { step, field: from } } };
}

export function step(
  id: string,
  method: string,
  ...inputs: Binding[]
): MessageInitShape<typeof StepSchema> {
  return { id, method: probe(method), inputs };
}

export function planOf(...steps: MessageInitShape<typeof StepSchema>[]): Plan {
  return create(PlanSchema, { goal: "probe", language: "en", steps });
}

/** increment, increment, increment: each takes what the one before gave. */
export function threeSteps(): Plan {
  return planOf(
    step("a", "Increment", literal("value", 0)),
    step("b", "Increment", output("value", "a", "value")),
    step("c", "Increment", output("value", "b", "value")),
  );
}
