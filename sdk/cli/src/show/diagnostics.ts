// Problems of a file as compilers print them: where, what, the line itself, what to do.

import type { FileProblem } from "../plan-text.ts";
import { columnsOf, lines, oneLine, type Paint } from "./text.ts";

export function diagnosticLines(
  path: string,
  text: string,
  problems: readonly FileProblem[],
  paint: Paint,
): string[] {
  const source = text.split(/\r?\n/);
  return problems.flatMap(({ place, message, remedy }) => {
    const where = place ? `${path}:${place.line}:${place.column}` : path;
    return [
      `${paint.bold(`${where}:`)} ${paint.bad("error:")} ${lines(message)}`,
      ...(place ? excerpt(source[place.line - 1] ?? "", place.line, place.column, paint) : []),
      ...(remedy ? [`  ${paint.soft("remedy:")} ${lines(remedy)}`] : []),
    ];
  });
}

/** The line, and below it where in it. */
function excerpt(line: string, number: number, column: number, paint: Paint): string[] {
  const gutter = `  ${number} | `;
  // Control characters become one space each, so that what follows stays where it is.
  const plain = [...line].map((letter) => oneLine(letter) || " ").join("");
  const before = columnsOf(plain.slice(0, column - 1));
  return [
    `${paint.soft(gutter)}${plain.trimEnd()}`,
    `${paint.soft(`${" ".repeat(gutter.length - 2)}| `)}${" ".repeat(before)}${paint.bad("^")}`,
  ];
}
