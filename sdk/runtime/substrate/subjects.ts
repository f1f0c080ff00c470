/** Subjects and patterns of the bus, the same for every adapter. */
import { assertName } from "./limits.ts";
import { SubstrateError } from "./substrate.ts";

function refuse(field: string, text: string, remedy: string): never {
  throw new SubstrateError("INVALID", `${field} ${JSON.stringify(text)} is malformed.`, { remedy });
}

/** Refuses what is not dot-separated tokens without wildcards and white space. */
export function assertSubject(subject: string): void {
  assertName("subject", subject);
  const malformed = /\s|\*|>|\.\.|^\.|\.$/.test(subject);
  if (malformed)
    refuse("subject", subject, "Use tokens separated by single dots; only patterns have * or >.");
}

/** The tokens of a pattern, refused when a wildcard is not a token of its own. */
export function parsePattern(pattern: string): string[] {
  assertName("pattern", pattern);
  const tokens = pattern.split(".");
  const sound = tokens.every(
    (token, i) =>
      token === "*" || (token === ">" && i === tokens.length - 1) || /^[^\s*>]+$/.test(token),
  );
  if (!sound) refuse("pattern", pattern, "Use * for a whole token, and > only as the last token.");
  return tokens;
}

/** Whether a subject, given as tokens, matches a parsed pattern. */
export function matches(pattern: readonly string[], subject: readonly string[]): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (i >= subject.length) return false;
    if (pattern[i] === ">") return true;
    if (pattern[i] !== "*" && pattern[i] !== subject[i]) return false;
  }
  return pattern.length === subject.length;
}
