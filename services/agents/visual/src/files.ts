// A drawing as the files of a chart, under names that people recognise in their downloads.

import type { Artifacts } from "@keiko/agent";

import type { Drawing } from "./draw-chart.ts";
import { filenameOf } from "./filename.ts";

/** Writes all of them; the fields are those of the contract's Chart. */
export async function filesOf(drawing: Drawing, artifacts: Pick<Artifacts, "write">) {
  const name = filenameOf(drawing.title);
  const write = (ending: string, mediaType: string, content: string | Uint8Array) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return artifacts.write({ filename: `${name}.${ending}`, mediaType, bytes });
  };
  const [svg, svgDark, png, specification, data, marks] = await Promise.all([
    write("svg", "image/svg+xml", drawing.svg),
    write("dark.svg", "image/svg+xml", drawing.svgDark),
    write("png", "image/png", drawing.png),
    write("vl.json", "application/vnd.vegalite+json", writeSpecification(drawing)),
    write("csv", "text/csv", drawing.csv),
    write("marks.json", "application/json", drawing.marks),
  ]);
  return { svg, svgDark, png, specification, data, marks };
}

/** Indented for people, except what is only kept: a line for each cell would hide the rest. */
function writeSpecification({ specification, usermeta }: Drawing): string {
  const readable = JSON.stringify(specification, null, 2).replace(/\n\}$/, "");
  return `${readable},\n  "usermeta": ${JSON.stringify(usermeta)}\n}\n`;
}
