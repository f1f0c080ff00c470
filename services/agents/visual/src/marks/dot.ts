// Dots at names: one figure per row and name, compared by place and not by length, so that the axis
// need not begin at zero. Several rows of a name are several dots on its line.

import { isKey, SERIES_MAX, twoAxes } from "../cast.ts";
import { formatCount } from "../format.ts";
import { limitNames, limitSeries, namesOf, seriesOrder } from "../gather.ts";
import { average, inReadingOrder, pickEvenly } from "../reduce.ts";
import type { Mark } from "./mark.ts";
import { namesDown } from "./name-axis.ts";
import { captionOf, colour, legendFor, rowsOf } from "./parts.ts";
import { continuous, upDomain, ZERO } from "./scales.ts";
import { extremesOf, seriesPeaks, seriesSentence } from "./told.ts";

const DOTS_MAX = 2000;
const CROWDED = 200;

export const dot: Mark = {
  name: "dot",
  across: "names",
  place(cast) {
    const [x, second] = twoAxes(cast);
    if (!x) return "names";
    // Raw rows are one cloud of dots for each name, unless colours were asked for.
    const parts = second && isKey(cast, [x, second]) ? second : (cast.wish.colour ?? null);
    const own = parts && parts !== x && parts.distinct <= SERIES_MAX ? parts : null;
    return { x, values: [cast.measures[0]], series: own };
  },
  suits: () => 0,
  gather(raw, gathering) {
    const kept = limitSeries(raw, gathering);
    const { categories } = limitNames(average(kept), gathering);
    const visible = new Set(categories);
    const shown = kept.filter((point) => visible.has(String(point.x)));
    const names = seriesOrder(gathering.choice, namesOf(shown), gathering.language);
    return {
      points: pickEvenly(inReadingOrder(shown, categories, names), DOTS_MAX),
      categories,
      names,
    };
  },
  draw(picture, tools) {
    const { points, y, names, log } = picture;
    const down = namesDown(picture, tools);
    const ys = points.map((point) => point.y);
    const values = continuous(y, upDomain(picture, ys, ZERO.cheap), tools, log);
    const crowded = points.length > CROWDED;
    const legend = { ...legendFor(names, tools), symbolType: "circle", symbolOpacity: 1 };
    return {
      height: down.height,
      caption: captionOf(picture, tools.language),
      body: {
        data: { values: rowsOf(points, picture) },
        mark: { type: "point", size: crowded ? 28 : 90, fillOpacity: crowded ? 0.45 : 0.95 },
        encoding: {
          y: { ...down.encoding, axis: { ...down.encoding.axis, grid: true } },
          x: { ...values, axis: { ...values.axis, title: null, domain: false } },
          ...colour(picture, tools.theme, names.length > 1 ? legend : null),
        },
      },
    };
  },
  describe(picture, language) {
    const { points, names } = picture;
    const count = language.say.alternative.points(formatCount(points.length, language));
    if (names.length > 1)
      return [seriesSentence(picture, language), ...seriesPeaks(picture, language), count];
    return [extremesOf(picture, language), ...(points.length > 1 ? [count] : [])];
  },
  poor: () => null,
};
