// The file that says where each figure stands and what it is: `ChartMarks` as protobuf JSON.

import { create, toJsonString } from "@bufbuild/protobuf";
import { ChartMarksSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import type { Figure } from "./figures.ts";
import type { Scene } from "./scene.ts";

const MARKS_MAX = 2000;

/** In reading order; of more figures than the contract takes, those that stand first. */
export function chartMarksOf({ width, height, boxes }: Scene, figures: readonly Figure[]): string {
  const marks = boxes.flatMap(({ figure, ...box }) => {
    const said = figures[figure];
    return said ? [{ ...box, ...said }] : [];
  });
  const message = create(ChartMarksSchema, { width, height, marks: marks.slice(0, MARKS_MAX) });
  return toJsonString(ChartMarksSchema, message);
}
