/**
 * The contract planner: makes a plan from a goal without a model. What people call an artifact is in
 * its contract, what a skill is for is in its examples, and what fits what is in the types; so it
 * looks for the artifact that the goal names, else for the skill that the words fit best, and chains
 * backwards over types to what was attached. Pure. It would rather say "I cannot, because" than plan
 * something that nobody asked for.
 */
import { create } from "@bufbuild/protobuf";
import { ChartSchema, type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Role } from "@keiko/gen/keiko/option/v1/option_pb.js";
import {
  type Plan,
  PlanSchema,
  type Problem,
  ProblemSchema,
  Stage,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { fieldsWithRole, nounOf } from "@keiko/runtime/contracts.ts";
import { nounsOf } from "@keiko/runtime/descriptors.ts";
import { type Chain, type ChainFailure, chainTo, continuation } from "./chain.ts";
import type { Earlier } from "./earlier.ts";
import { requiredFields, takesGoal } from "./fits.ts";
import { goesOn, type Language, languageOf, names, stemsOf } from "./words.ts";

export interface PlannerInput {
  goal: string;
  attachments: readonly File[];
  skills: readonly CatalogMethod[];
  /** Paths of skills whose texts fit the goal's words, best first. */
  ranked: readonly string[];
  /** What was asked before about the same attachments, oldest first. */
  earlier?: readonly string[];
  /** What was drawn before, where the goal continues a task. */
  chart?: Earlier["chart"];
  /** It was drawn by the very task that the goal continues. */
  drew?: boolean;
  /** The language spoken before; a goal of few words may not say its own. */
  spoken?: Language;
}

export interface Planned {
  plan: Plan | undefined;
  problems: Problem[];
}

export function planGoal(input: PlannerInput): Planned {
  const language = languageOf(input.goal, input.spoken);
  const rank = new Map(input.ranked.map((path, index) => [path, index]));
  const skills = [...input.skills].sort(
    (a, b) => (rank.get(a.path) ?? 1e6) - (rank.get(b.path) ?? 1e6) || (a.path < b.path ? -1 : 1),
  );
  const change = changeOf(input, skills, language);
  if (change) return { plan: finished(input.goal, language, change, ""), problems: [] };
  const targets = candidates(input, skills, language);
  if (targets.length === 0) return { plan: undefined, problems: [noSkill(skills, language)] };
  const failures: ChainFailure[] = [];
  for (const { skill, why } of targets) {
    const chain = chainTo(skill, { ...input, skills, language });
    if ("missing" in chain) failures.push(chain);
    else return { plan: finished(input.goal, language, chain, why), problems: [] };
  }
  return { plan: undefined, problems: failures.slice(0, 1).map((one) => missing(one, language)) };
}

/**
 * "as a line", after a chart: a skill that makes a chart out of a chart, when it knows every word. The
 * words are its own, or name what the chart shows; one of its own must be among them, because the
 * name of a column alone asks something of the table.
 */
function changeOf(
  { goal, chart }: PlannerInput,
  skills: readonly CatalogMethod[],
  language: Language,
): Chain | undefined {
  if (!chart) return undefined;
  const noun = ChartSchema.typeName;
  const said = [...new Set(stemsOf(goal, language))].filter((stem) => !/^\d+$/.test(stem));
  const shown = new Set(stemsOf(chart.words, language));
  const changing = skills.find((skill) => {
    if (!takesGoal(skill) || !skill.outputTypes.includes(noun)) return false;
    if (!requiredFields(skill).some((field) => field.message?.typeName === noun)) return false;
    const own = textStems(skill, language);
    return said.every((stem) => own.has(stem) || shown.has(stem)) && said.some((s) => own.has(s));
  });
  if (!changing) return undefined;
  return continuation(changing, { goal, language, made: { type: noun, value: chart.chart } });
}

interface Target {
  skill: CatalogMethod;
  /** The word that asked for it; empty: its texts fit. */
  why: string;
}

/** Skills that could end the plan, best first. */
function candidates(
  { goal, attachments, drew }: PlannerInput,
  skills: readonly CatalogMethod[],
  language: Language,
): Target[] {
  const asked = skills.flatMap((skill) => {
    const word = nounsOf(skill.method.output)
      .filter(({ type }) => !consumes(skill, type.typeName))
      .map(({ type }) => names(goal, nounOf(type)!))
      .find((found) => found !== undefined);
    return word && makesFromNouns(skill) ? [{ skill, why: word }] : [];
  });
  if (asked.length > 0) return asked;
  // "and per year?", after a chart: another chart.
  const drawn = drew && goesOn(goal, language) ? skills.filter(draws) : [];
  const stems = new Set(stemsOf(goal, language));
  // What makes one thing out of the same thing only goes on from something that is there.
  const answering = skills.filter(
    (skill) =>
      fieldsWithRole(skill.method.output, Role.ANSWER).length > 0 &&
      !skill.outputTypes.some((type) => consumes(skill, type)),
  );
  const fitting = answering.filter((skill) => {
    const share = covered(stems, skill, language);
    // A skill that never sees the words may only serve goals that its own texts spell out.
    if (!takesGoal(skill)) return share === 1;
    // What was attached is meant for a skill that takes files, also when it turns out not to read it.
    return (
      share >= 0.5 || (attachments.length > 0 && skill.inputTypes.includes(FileSchema.typeName))
    );
  });
  const exact = fitting.filter((skill) => !takesGoal(skill));
  return [...drawn, ...exact, ...fitting.filter(takesGoal)].map((skill) => ({ skill, why: "" }));
}

const draws = (skill: CatalogMethod) =>
  skill.outputTypes.includes(ChartSchema.typeName) &&
  !consumes(skill, ChartSchema.typeName) &&
  makesFromNouns(skill);

/** Draws on other steps: such a skill ends a plan when its noun is asked for. */
function makesFromNouns(skill: CatalogMethod): boolean {
  return skill.inputTypes.some((type) => type !== FileSchema.typeName);
}

function consumes(skill: CatalogMethod, type: string): boolean {
  return skill.inputTypes.includes(type);
}

/** The share of the goal's words that the skill's own texts contain. */
function covered(stems: ReadonlySet<string>, skill: CatalogMethod, language: Language): number {
  if (stems.size === 0) return 0;
  const known = textStems(skill, language);
  return [...stems].filter((stem) => known.has(stem)).length / stems.size;
}

function textStems({ skill }: CatalogMethod, language: Language): Set<string> {
  if (!skill) return new Set();
  const texts =
    language === "de"
      ? [...skill.examplesDe, skill.summary?.de ?? "", skill.title?.de ?? ""]
      : [...skill.examplesEn, skill.summary?.en ?? "", skill.title?.en ?? ""];
  return new Set(texts.flatMap((text) => stemsOf(text, language)));
}

function finished(goal: string, language: Language, chain: Chain, why: string): Plan {
  const last = chain.steps.at(-1)!;
  const reason = why
    ? `"${why}" asks for what ${last.method} makes; the rest provides its inputs`
    : `the goal fits what ${last.method} is for`;
  return create(PlanSchema, { goal, language, steps: chain.steps, planner: "contract", reason });
}

function noSkill(skills: readonly CatalogMethod[], language: Language): Problem {
  const suggestions = skills.flatMap(
    ({ skill }) => (language === "de" ? skill?.examplesDe : skill?.examplesEn)?.slice(0, 1) ?? [],
  );
  const message =
    language === "de"
      ? "Keine der vorhandenen Fähigkeiten passt zu diesem Ziel."
      : "None of the skills that are there serves this goal.";
  const remedy =
    language === "de"
      ? "Eine Tabelle anhängen und danach fragen, oder mit `keiko skill list` nachsehen, was möglich ist."
      : "Attach a table and ask about it, or see what is possible with `keiko skill list`.";
  const reason = Reason.NO_SKILL;
  return problem({ field: "goal", reason, message, remedy, suggestions: suggestions.slice(0, 3) });
}

function missing({ missing: lack, attachment }: ChainFailure, language: Language): Problem {
  const german = language === "de";
  const accepted = lack.mediaTypes.join(", ");
  if (attachment) {
    const { filename, mediaType } = attachment;
    return problem({
      field: "attachments[0].media_type",
      reason: Reason.UNREADABLE_FILE,
      message: german
        ? `„${filename}“ ist ${mediaType}; keine der vorhandenen Fähigkeiten kann das lesen.`
        : `"${filename}" is ${mediaType}; none of the skills that are there reads that.`,
      remedy: german ? `Möglich sind: ${accepted}.` : `These can be read: ${accepted}.`,
      metadata: { filename, media_type: mediaType },
    });
  }
  return problem({
    field: "attachments",
    reason: Reason.INPUT_MISSING,
    message: german
      ? `Dafür fehlt eine Eingabe: ${lack.skill} braucht „${lack.field}“.`
      : `An input is missing: ${lack.skill} needs "${lack.field}".`,
    remedy: german
      ? "Eine Datei anhängen (CSV, TSV, JSON oder Parquet)."
      : "Attach a file (CSV, TSV, JSON or Parquet).",
    metadata: { field: lack.field, method: lack.skill },
  });
}

function problem(parts: {
  field: string;
  reason: Reason;
  message: string;
  remedy: string;
  suggestions?: string[];
  metadata?: Record<string, string>;
}): Problem {
  return create(ProblemSchema, { stage: Stage.PLAN, ...parts });
}
