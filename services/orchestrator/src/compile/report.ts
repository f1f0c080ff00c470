/** How checks say what is wrong. */
import { create } from "@bufbuild/protobuf";
import type { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Problem, ProblemSchema, Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

/** `field`: where in the plan, "steps[1].inputs[0].output.field". */
export type Report = (
  field: string,
  reason: Reason,
  message: string,
  remedy: string,
  metadata?: Record<string, string>,
) => void;

export function reporter(into: Problem[]): Report {
  return (field, reason, message, remedy, metadata = {}) => {
    const stage = Stage.COMPILE;
    into.push(create(ProblemSchema, { stage, field, reason, message, remedy, metadata }));
  };
}
