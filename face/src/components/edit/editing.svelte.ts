import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { createContext } from "svelte";
import type { PlanEditor } from "../../state/plan-editor.svelte.ts";
import { shortType } from "../../state/plan-graph.ts";

/** The plan that is being written, for every part of its form. */
export const [useEditor, provideEditor] = createContext<PlanEditor>();

type StepOfPlan = Plan["steps"][number];

/** What people see of a step, whether somebody has written it or not. */
export function titleOf(step: StepOfPlan, skills: readonly Skill[], language: "de" | "en"): string {
  if (step.title) return step.title;
  if (step.question) return step.question.text || step.id;
  if (step.subPlan) return step.subPlan.name.replace("plans/", "");
  const skill = skills.find(({ method }) => method === step.method);
  return skill?.contract?.title?.[language] || shortType(step.method.replace("/", "."));
}

/** The id of the control of a field, so that the graph can lead to it. */
export const controlId = (step: string, path: string): string => `field-${step}-${path}`;
