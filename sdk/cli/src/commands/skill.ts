// `keiko skill`: what this Keiko can do now.

import { toJson } from "@bufbuild/protobuf";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { type Skill, SkillSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import {
  RegistryService,
  SearchSkillsResponseSchema,
} from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";

import { type Connection, connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { readOptions } from "../options.ts";
import { cut, paint as makePaint, type Paint } from "../show/text.ts";
import type { Console } from "../terminal.ts";

export async function skill(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, { json: { type: "boolean" } });
  const [verb = "list", ...rest] = given.words;
  const text = rest.join(" ");
  if (!["list", "search", "show"].includes(verb)) {
    throw new WrongUsage(`"skill ${verb}" is not known: list, search or show.`);
  }
  if (verb !== "list" && text === "") throw new WrongUsage(`skill ${verb}: what is missing.`);
  const connection = connect(given);
  const paint = makePaint(console.colour);
  const json = given.flag("json");
  try {
    if (verb === "show") {
      const found = await find(connection, text);
      console.out(json ? asJson(toJson(SkillSchema, found)) : `${full(found, paint).join("\n")}\n`);
      return EXIT.done;
    }
    const query = verb === "search" ? text : "";
    const response = await connection.client(RegistryService).searchSkills({ query });
    if (json) console.out(asJson(toJson(SearchSkillsResponseSchema, response)));
    for (const { skill: found } of json ? [] : response.skills) {
      if (found) console.out(`${brief(found, console.width, paint).join("\n")}\n`);
    }
    if (response.skills.length === 0)
      console.err(`Nothing found${query ? ` for "${query}"` : ""}.\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** By full name, or by method name where only one skill has it. */
async function find(connection: Connection, text: string): Promise<Skill> {
  const registry = connection.client(RegistryService);
  const name = text.replace(/^skills\//, "");
  if (name.includes("/")) {
    const { skill: found } = await registry.getSkill({ name: `skills/${name}` });
    if (found) return found;
  }
  const { skills } = await registry.searchSkills({ query: "" });
  const all = skills.flatMap(({ skill: one }) => (one ? [one] : []));
  const [match, second] = all.filter(
    ({ method }) => method.split("/")[1]?.toLowerCase() === name.toLowerCase(),
  );
  if (match && !second) return match;
  const names = all.map(({ method }) => method).join(", ");
  throw new CommandFailed(`There is no skill "${text}". There are: ${names}.`);
}

function brief(
  { method, contract, inputTypes, outputTypes }: Skill,
  width: number,
  paint: Paint,
): string[] {
  const summary = contract?.summary?.en ?? "";
  return [
    `${paint.bold(method)}  ${paint.soft(signature(inputTypes, outputTypes))}`,
    `  ${cut(summary, width - 2)}`,
  ];
}

function full(found: Skill, paint: Paint): string[] {
  const { contract, method, permission, inputTypes, outputTypes, workloads, digest } = found;
  const examples = [...(contract?.examplesEn ?? []), ...(contract?.examplesDe ?? [])];
  return [
    paint.bold(method),
    `${contract?.summary?.en ?? ""}`,
    `${contract?.summary?.de ?? ""}`,
    "",
    `takes, gives   ${signature(inputTypes, outputTypes)}`,
    `effect         ${Effect[contract?.effect ?? 0]?.toLowerCase().replaceAll("_", " ")}`,
    `permission     ${permission}`,
    `served by      ${workloads.join(", ")}`,
    `contract       ${digest.slice(0, 12)}`,
    "",
    ...examples.map((example) => `  keiko run ${JSON.stringify(example)}`),
  ];
}

/** "File → Table". */
function signature(inputs: readonly string[], outputs: readonly string[]): string {
  const short = (names: readonly string[]) =>
    names.map((name) => name.split(".").at(-1)).join(", ");
  return `${short(inputs) || "words"} → ${short(outputs) || "words"}`;
}
