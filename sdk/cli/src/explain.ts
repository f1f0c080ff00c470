// Turns whatever went wrong into what a person can act on: message, field, remedy. Never a stack.

import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@keiko/gen/keiko/error/v1/error_pb.js";

import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "./exit.ts";

export function explain(error: unknown, command: string): { text: string; code: ExitCode } {
  if (error instanceof WrongUsage) {
    const text = `keiko: ${error.message} See "keiko help ${command}".`;
    return { text, code: EXIT.wrongUsage };
  }
  if (error instanceof CommandFailed) return { text: `keiko: ${error.message}`, code: EXIT.failed };
  if (error instanceof ConnectError) {
    // What a person asked for cannot be as things stand: nothing was done.
    const refused = REFUSALS.has(error.code) && REFUSES.has(command);
    return { text: explainCall(error), code: refused ? EXIT.refused : EXIT.failed };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { text: `keiko: ${message}`, code: EXIT.failed };
}

const REFUSALS = new Set([Code.FailedPrecondition, Code.AlreadyExists]);
const REFUSES = new Set(["task", "plan", "run"]);

// What Keiko itself advises is for people in a browser.
const SIGN_IN = "point --home at the folder of the Keiko that runs; the token in it signs you in";

function explainCall(error: ConnectError): string {
  const [info] = error.findDetails(ErrorInfoSchema);
  const lines = [`keiko: ${sentence(error.rawMessage || Code[error.code] || "the call failed")}`];
  if (info?.field) lines.push(`  field:  ${info.field}`);
  const remedy = error.code === Code.Unauthenticated ? SIGN_IN : info?.remedy;
  if (remedy) lines.push(`  remedy: ${remedy}`);
  for (const suggestion of info?.suggestions ?? []) lines.push(`  try:    ${suggestion}`);
  return lines.join("\n");
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
