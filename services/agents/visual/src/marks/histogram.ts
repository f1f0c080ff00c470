// A histogram: bins that touch, counts up, values across.

import type { Picture } from "../picture.ts";
import { SIZE } from "../theme.ts";
import { axisTitle, continuous, type MarkParts, roundDomain, type Tools, ZERO } from "./parts.ts";

export function histogram(picture: Picture, tools: Tools): MarkParts {
  const { bins, x } = picture;
  const { count } = tools.language.say;
  const from = bins[0]?.from ?? 0;
  const to = bins.at(-1)?.to ?? 1;
  const across = continuous(x, [from, to], tools);
  return {
    height: SIZE.plotHeight,
    caption: `↑ ${count}`,
    body: {
      data: { values: bins },
      mark: { type: "bar", binSpacing: 1 },
      encoding: {
        x: {
          ...across,
          field: "from",
          bin: "binned",
          axis: {
            ...across.axis,
            title: `${axisTitle(x)} →`,
            titleAnchor: "end",
            tickCount: 8,
            grid: false,
          },
        },
        x2: { field: "to" },
        y: {
          field: "count",
          type: "quantitative",
          scale: {
            domain: roundDomain(
              bins.map((bin) => bin.count),
              ZERO.always,
            ),
            nice: false,
          },
          axis: { title: null, tickCount: 5, tickMinStep: 1, format: ",d" },
        },
      },
    },
  };
}
