// The agent `visual`: hands a table to the drawing thread and keeps what comes back as files. Which
// chart it is, and how it looks and reads, is decided in the pure files beside this one.

import { defineAgent, fail } from "@keiko/agent";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { VisualService } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";

import { openDrawingThread } from "./drawing-thread.ts";
import { filenameOf } from "./filename.ts";
import { completeTable } from "./table-data.ts";

const thread = openDrawingThread();

export const visual = defineAgent({
  name: "visual",
  contract: VisualService,
  warm: () => thread.warm(),
  skills: {
    async drawChart(context, { table, wish, language }) {
      if (!table) throw fail(Reason.INVALID_FIELD, MISSING_TABLE);
      const complete = await completeTable(table, context.artifacts);
      const outcome = await thread.draw({ table: complete, wish, language });
      context.signal.throwIfAborted();
      if ("refusal" in outcome) throw fail(Reason.INPUT_MISSING, outcome.refusal);
      const { drawing } = outcome;
      const name = filenameOf(drawing.title);
      const encode = (text: string) => new TextEncoder().encode(text);
      const [svg, png, specification] = await Promise.all(
        [
          { ending: "svg", mediaType: "image/svg+xml", bytes: encode(drawing.svg) },
          { ending: "png", mediaType: "image/png", bytes: drawing.png },
          {
            ending: "vl.json",
            mediaType: "application/vnd.vegalite+json",
            bytes: encode(JSON.stringify(drawing.specification, null, 2)),
          },
        ].map(({ ending, mediaType, bytes }) =>
          context.artifacts.write({ filename: `${name}.${ending}`, mediaType, bytes }),
        ),
      );
      const { title, alternativeText, mark, reason } = drawing;
      return { chart: { title, alternativeText, mark, svg, png, specification }, reason };
    },
  },
});

const MISSING_TABLE = {
  message: "table: the request carries no table.",
  remedy: "Send the table to draw.",
  field: "table",
};
