// Points for two numbers of the same rows; what is up is named above the plot, what is across below.

import type { Picture } from "../picture.ts";
import { SIZE } from "../theme.ts";
import {
  axisTitle,
  colour,
  continuous,
  legendFor,
  type MarkParts,
  roundDomain,
  rowsOf,
  type Tools,
  ZERO,
} from "./parts.ts";

const CROWDED = 400;

export function point(picture: Picture, tools: Tools): MarkParts {
  const { x, y, points, names } = picture;
  const numbers = points.map(({ x: at }) => (typeof at === "number" ? at : 0));
  const crowded = points.length > CROWDED;
  const legend = {
    ...legendFor(names, SIZE.width - 2 * SIZE.padding, tools),
    symbolType: "circle",
    symbolOpacity: 1,
  };
  const across = continuous(x, roundDomain(numbers, ZERO.near), tools);
  const up = continuous(
    y,
    roundDomain(
      points.map((at) => at.y),
      ZERO.near,
    ),
    tools,
  );
  return {
    height: SIZE.plotHeight + 30,
    caption: `↑ ${axisTitle(y)}`,
    body: {
      data: { values: rowsOf(points, picture) },
      mark: { type: "point", size: crowded ? 18 : 36, fillOpacity: crowded ? 0.4 : 0.65 },
      encoding: {
        x: { ...across, axis: { ...across.axis, title: `${axisTitle(x)} →`, titleAnchor: "end" } },
        y: { ...up, axis: { ...up.axis, title: null } },
        ...colour(picture, tools.theme, names.length > 1 ? legend : null),
      },
    },
  };
}
