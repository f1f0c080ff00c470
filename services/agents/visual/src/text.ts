// Fits texts into a width: wraps at spaces and shortens what still is too long.

import type { Typeface } from "./typeface.ts";

export interface Fit {
  readonly size: number;
  readonly weight: number;
  /** Pixels. */
  readonly width: number;
  readonly lines: number;
}

/** Splits a text into at most `lines` lines; the last one ends in "…" when something is left over. */
export function wrap(text: string, fit: Fit, typeface: Pick<Typeface, "width">): string[] {
  const fits = (line: string) => typeface.width(line, fit.size, fit.weight) <= fit.width;
  const words = text.split(/\s+/).filter((word) => word !== "");
  const lines: string[] = [];
  let line = "";
  for (const [i, word] of words.entries()) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || fits(longer)) {
      line = longer;
      continue;
    }
    if (lines.length === fit.lines - 1) {
      lines.push(shorten([line, ...words.slice(i)].join(" "), fit, typeface));
      return lines;
    }
    lines.push(shorten(line, fit, typeface));
    line = word;
  }
  return [...lines, shorten(line, fit, typeface)];
}

/** Cuts a line at its end until it fits with an ellipsis. */
export function shorten(
  text: string,
  fit: Omit<Fit, "lines">,
  typeface: Pick<Typeface, "width">,
): string {
  const fits = (line: string) => typeface.width(line, fit.size, fit.weight) <= fit.width;
  if (fits(text)) return text;
  const chars = [...text];
  let low = 0;
  let high = chars.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(`${chars.slice(0, middle).join("").trimEnd()}…`)) low = middle;
    else high = middle - 1;
  }
  return `${chars.slice(0, low).join("").trimEnd()}…`;
}
