// `keiko plan`: shows what would be done.

import { toJson } from "@bufbuild/protobuf";
import { CreatePlanResponseSchema, PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";

import { connect } from "../connection.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { checkAttachments, upload } from "../files.ts";
import { oneWord, readOptions } from "../options.ts";
import { planLines } from "../show/plan.ts";
import { problemLines } from "../show/problems.ts";
import { paint as makePaint } from "../show/text.ts";
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
