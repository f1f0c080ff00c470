// Where in the editor a problem of the compiler belongs. Pure.

import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Trouble } from "../remote/trouble.ts";

export interface PlacedProblem {
  message: string;
  remedy: string;
  /** Path in the plan, as the compiler gives it. */
  path: string;
  /** Id of the step; empty: it is about the plan. */
  step: string;
  /** What of the step or the plan: "inputs", "when[0]", "approval", "parameters[1]". */
  part: string;
  /** The request field that is at fault; empty: none alone. */
  field: string;
}

/** `trouble` is a problem, or a call that was refused because of the plan. */
export function placeProblem(
  trouble: Pick<Trouble, "field" | "message" | "remedy">,
  metadata: Readonly<Record<string, string>>,
  plan: Plan,
): PlacedProblem {
  const path = trouble.field.replace(/^plan\./, "");
  const [, index, rest = ""] = /^steps\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  const step = index === undefined ? undefined : plan.steps[Number(index)];
  const inside = step ? rest : path;
  const [, input] = /^inputs\[(\d+)\]/.exec(inside) ?? [];
  const field =
    input === undefined
      ? inside === "inputs"
        ? (metadata.field ?? "")
        : ""
      : (step?.inputs[Number(input)]?.field ?? "");
  const [, part = ""] = /^([a-z_]+(?:\[\d+\])?)/.exec(inside) ?? [];
  return {
    message: trouble.message,
    remedy: trouble.remedy,
    path,
    step: step?.id ?? "",
    part: part.startsWith("inputs") ? "inputs" : part,
    field,
  };
}

/** Those of a step that belong to one of the parts. */
export const problemsAt = (
  problems: readonly PlacedProblem[],
  step: string,
  part: string,
): PlacedProblem[] =>
  problems.filter(
    (one) => one.step === step && (one.part === part || one.part.startsWith(`${part}[`)),
  );
