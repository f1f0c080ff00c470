import type { JsonValue } from "@bufbuild/protobuf";
import type { Plan, Problem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
export function instantiate(
  plan: Plan,
  _: Record<string, JsonValue>,
): { plan: Plan | undefined; problems: Problem[] } {
  return { plan, problems: [] };
}
