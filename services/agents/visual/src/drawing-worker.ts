// The inside of the drawing thread: loads the renderer once and answers one order after the other.

import { parentPort } from "node:worker_threads";
import { create, fromBinary } from "@bufbuild/protobuf";
import { ColumnType, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import { drawChart, type Outcome } from "./draw-chart.ts";
import type { Delivery, Order } from "./drawing-thread.ts";
import { loadRenderer } from "./render.ts";

const renderer = loadRenderer();
let queue: Promise<void> = Promise.resolve();

parentPort?.on("message", (order: Order) => {
  queue = queue.then(async () => {
    const delivery: Delivery = await serve(order.request).then(
      (outcome) => ({ id: order.id, outcome }),
      (error: unknown) => ({ id: order.id, error }),
    );
    parentPort?.postMessage(delivery);
  });
});

/** Drawn once to be warm: what is compiled for one chart is compiled for all. */
const SMALL = create(TableSchema, {
  columns: [
    { name: "a", type: ColumnType.TEXT },
    { name: "b", type: ColumnType.NUMBER },
  ],
  rows: [
    {
      cells: [{ value: { case: "text", value: "x" } }, { value: { case: "number", value: 1 } }],
    },
  ],
});

async function serve(request: Order["request"]): Promise<Outcome | null> {
  const loaded = await renderer;
  if (!request)
    return drawChart({ table: SMALL, wishes: [""], language: "en" }, loaded).then(() => null);
  const table = fromBinary(TableSchema, request.table);
  return drawChart({ table, wishes: request.wishes, language: request.language }, loaded);
}
