// Draws for tests, with one renderer for the whole file.

import type { Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import { type Drawing, drawChart, type Outcome } from "../draw-chart.ts";
import { loadRenderer } from "../render.ts";

const renderer = loadRenderer();

export async function ask(table: Table, ...wishes: string[]): Promise<Outcome> {
  return drawChart({ table, wishes, language: "" }, await renderer);
}

/** Fails when nothing is drawn. */
export async function drawn(table: Table, ...wishes: string[]): Promise<Drawing> {
  const outcome = await ask(table, ...wishes);
  if (!("drawing" in outcome)) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.drawing;
}

/** The cells of the CSV, its head first. */
export function cellsOf({ csv }: Drawing): string[][] {
  return csv
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
}
