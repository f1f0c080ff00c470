// A finished task as text: the sentence, tables, where the charts are, one line of evidence.

import type { Artifact } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

import type { Words } from "../words.ts";
import { tableLines } from "./table.ts";
import { duration, lines, oneLine, type Paint } from "./text.ts";

export interface Place {
  readonly width: number;
  readonly paint: Paint;
  readonly words: Words;
  /** Paths that were written for an artifact; empty without --out. */
  filesOf(artifact: Artifact): readonly string[];
}

/** Paragraphs, each without a trailing line end. */
export function answerText(task: Task, place: Place): string {
  const { paint, words } = place;
  const artifacts = task.answer?.artifacts ?? [];
  const unwritten = artifacts.filter(
    (artifact) => artifact.kind.case !== "table" && place.filesOf(artifact).length === 0,
  );
  const paragraphs = [
    paint.bold(lines(task.answer?.text ?? "")),
    ...artifacts.map((artifact) => artifactText(artifact, place)),
    ...(unwritten.length > 0 ? [paint.soft(`→ ${words.hint(unwritten.length)}`)] : []),
    paint.soft(evidence(task, words)),
  ];
  return paragraphs.filter((text) => text !== "").join("\n\n");
}

function artifactText(artifact: Artifact, place: Place): string {
  const { paint, words, width } = place;
  const files = place.filesOf(artifact);
  const written = files.length > 0 ? [paint.soft(words.written(files))] : [];
  const { kind } = artifact;
  if (kind.case === "table")
    return [...tableLines(kind.value, width, words), ...written].join("\n");
  if (kind.case === "chart") {
    const { title, mark, alternativeText } = kind.value;
    return [`▦ ${oneLine(title)} (${oneLine(mark)})`, lines(alternativeText), ...written]
      .filter((text) => text !== "")
      .join("\n");
  }
  if (kind.case === "file") return [`▤ ${oneLine(kind.value.filename)}`, ...written].join("\n");
  return "";
}

/** "seattle-weather.csv · 2 steps · 0.42 s · tasks/…". */
export function evidence(task: Task, words: Words): string {
  const sources = new Set((task.answer?.sources ?? []).map(({ title }) => oneLine(title)));
  const { elapsed } = task.usage ?? {};
  const ms = elapsed ? Number(elapsed.seconds) * 1000 + elapsed.nanos / 1e6 : null;
  return [
    ...sources,
    ...(task.steps.length > 0 ? [words.steps(task.steps.length)] : []),
    ...(ms === null ? [] : [duration(ms, words.tag)]),
    task.name,
  ].join(" · ");
}
