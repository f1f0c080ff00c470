// `keiko plan`: shows what would be done.

import { toJson } from "@bufbuild/protobuf";
import type { Binding, Plan, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { CreatePlanResponseSchema, PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";

import { connect } from "../connection.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { checkAttachments, upload } from "../files.ts";
import { oneWord, readOptions } from "../options.ts";
import { problemLines } from "../show/problems.ts";
import { cut, paint as makePaint, oneLine, type Paint } from "../show/text.ts";
import type { Console } from "../terminal.ts";
import { wordsOf } from "../words.ts";

export async function plan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    attach: { type: "string", multiple: true },
    json: { type: "boolean" },
  });
  const goal = oneWord(given, "GOAL");
  const paths = given.texts("attach");
  await checkAttachments(paths);
  const connection = connect(given);
  try {
    const attachments = await upload(connection, paths);
    const response = await connection.client(PlanService).createPlan({ goal, attachments });
    const paint = makePaint(console.colour);
    const said = wordsOf(response.plan?.language);
    if (given.flag("json")) {
      console.out(`${JSON.stringify(toJson(CreatePlanResponseSchema, response), null, 2)}\n`);
    } else {
      if (response.plan)
        console.out(`${planLines(response.plan, console.width, paint).join("\n")}\n`);
      for (const line of problemLines(response.problems, said, paint)) console.err(`${line}\n`);
    }
    return response.plan ? EXIT.done : EXIT.refused;
  } finally {
    connection.close();
  }
}

/** A line for each step, and one for what goes into it. */
export function planLines({ steps, reason }: Plan, width: number, paint: Paint): string[] {
  return [
    ...(reason ? [paint.soft(oneLine(reason)), ""] : []),
    ...steps.flatMap((step, i) => [
      `${i + 1}  ${paint.bold(cut(oneLine(step.title || step.id), width - 3))}`,
      `   ${paint.soft(step.method)}`,
      ...inputLines(step, width).map((line) => `   ${line}`),
    ]),
  ];
}

function inputLines({ inputs, after }: Step, width: number): string[] {
  const bound = inputs.map((binding) => `${binding.field} ← ${sourceOf(binding)}`);
  return [...bound, ...after.map((id) => `after ${id}`)].map((line) =>
    cut(oneLine(line), width - 3),
  );
}

function sourceOf({ value }: Binding): string {
  if (value.case === "attachment") return `attachment ${value.value + 1}`;
  if (value.case === "output") return `${value.value.step}.${value.value.field}`;
  if (value.case === "parameter") return `parameter ${value.value}`;
  if (value.case === "item")
    return value.value.field ? `each element's ${value.value.field}` : "each element";
  const { kind } = value.value ?? {};
  return kind && "value" in kind ? JSON.stringify(kind.value) : "nothing";
}
