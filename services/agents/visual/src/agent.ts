// The agent `visual`: hands a table to the drawing thread and keeps what comes back as files. Which
// chart it is, and how it looks and reads, is decided in the pure files beside this one.

import { type AgentContext, defineAgent, fail } from "@keiko/agent";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { VisualService } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";

import type { ChartRequest } from "./draw-chart.ts";
import { openDrawingThread } from "./drawing-thread.ts";
import { filesOf } from "./files.ts";
import { readSpecification } from "./read-kept.ts";
import { completeTable } from "./table-data.ts";

const thread = openDrawingThread();

export const visual = defineAgent({
  name: "visual",
  contract: VisualService,
  warm: () => thread.warm(),
  skills: {
    async drawChart(context, { table, wish, language }) {
      if (!table) throw fail(Reason.INVALID_FIELD, MISSING_TABLE);
      return draw(context, { table, wishes: [wish], language });
    },
    async changeChart(context, { chart, wish, language }) {
      const file = chart?.specification;
      const kept = file && (await readSpecification(file, context.artifacts));
      if (!kept) throw fail(Reason.INVALID_FIELD, UNKNOWN_SPECIFICATION);
      const wishes = [...kept.wishes, wish];
      return draw(context, { ...kept, wishes, language: language || kept.language });
    },
  },
});

async function draw(context: Pick<AgentContext, "artifacts" | "signal">, request: ChartRequest) {
  const table = await completeTable(request.table, context.artifacts);
  const outcome = await thread.draw({ ...request, table });
  context.signal.throwIfAborted();
  if ("refusal" in outcome) throw fail(Reason.INPUT_MISSING, outcome.refusal);
  if ("unknown" in outcome) throw fail(Reason.NOT_UNDERSTOOD, outcome.unknown);
  const { title, alternativeText, mark, reason, warning, suggestions } = outcome.drawing;
  const files = await filesOf(outcome.drawing, context.artifacts);
  const chart = { title, alternativeText, mark, ...files };
  return { chart, reason, warning, suggestions: [...suggestions] };
}

const MISSING_TABLE = {
  message: "table: the request carries no table.",
  remedy: "Send the table to draw.",
  field: "table",
};

const UNKNOWN_SPECIFICATION = {
  message: "chart.specification: this file is no specification that a chart was drawn from here.",
  remedy: "Send a chart as DrawChart or ChangeChart returned it.",
  field: "chart.specification",
};
