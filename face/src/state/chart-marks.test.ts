import { create } from "@bufbuild/protobuf";
import { ChartMarksSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { expect, test } from "vitest";
import { chartMarks } from "../testing/weather.ts";
import { markAfter, markAt } from "./chart-marks.ts";

const bars = create(ChartMarksSchema, chartMarks);

test("the bar under the pointer is meant, and the nearest beside it", () => {
  expect(markAt(bars, { x: 20, y: 280 }, 40)).toBe(0);
  expect(markAt(bars, { x: 48, y: 280 }, 40)).toBe(0);
  expect(markAt(bars, { x: 53, y: 280 }, 40)).toBe(1);
  expect(markAt(bars, { x: 53, y: 280 }, 4)).toBe(1);
});

test("above a bar that bar is meant, and far outside none", () => {
  expect(markAt(bars, { x: 325, y: 100 }, 40)).toBe(6);
  expect(markAt(bars, { x: 900, y: 280 }, 40)).toBeUndefined();
});

test("beside a lying bar that bar is meant", () => {
  const lying = create(ChartMarksSchema, {
    marks: [
      { x: 50, y: 0, width: 300, height: 20 },
      { x: 50, y: 30, width: 20, height: 20 },
    ],
  });
  expect(markAt(lying, { x: 250, y: 42 }, 40)).toBe(1);
});

test("of boxes over each other the smaller one is meant", () => {
  const boxes = create(ChartMarksSchema, {
    marks: [
      { x: 0, y: 0, width: 100, height: 100 },
      { x: 40, y: 40, width: 10, height: 10 },
    ],
  });
  expect(markAt(boxes, { x: 45, y: 45 }, 20)).toBe(1);
});

test("keys walk in reading order and stop at the ends", () => {
  expect(markAfter("ArrowRight", undefined, 12)).toBe(0);
  expect(markAfter("ArrowRight", 11, 12)).toBe(11);
  expect(markAfter("ArrowLeft", undefined, 12)).toBe(11);
  expect(markAfter("Home", 5, 12)).toBe(0);
  expect(markAfter("a", 5, 12)).toBeUndefined();
  expect(markAfter("ArrowRight", undefined, 0)).toBeUndefined();
});
