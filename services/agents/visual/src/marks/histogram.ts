// A histogram: bins that touch, counts up, values across.

import { isKey } from "../cast.ts";
import { formatCount } from "../format.ts";
import { type Bin, binValues, countInto, quantile } from "../histogram.ts";
import { SIZE } from "../theme.ts";
import type { Mark } from "./mark.ts";
import { axisTitle, FIGURE, PANEL } from "./parts.ts";
import { continuous, roundDomain, ZERO } from "./scales.ts";
import { percent, write } from "./told.ts";

const VALUES_MIN = 8;
const SKEW_FROM = 0.15;

export const histogram: Mark = {
  name: "histogram",
  across: "along",
  place(cast) {
    const { profile, measures, categories } = cast;
    const [measure] = measures;
    const counted = categories.some((category) => category.ordered && isKey(cast, [category]));
    const values = profile.rows.length - measure.missing;
    if (counted || values < VALUES_MIN || measure.distinct < 2) return "numbers";
    return { x: measure, values: [measure], series: null };
  },
  suits: () => 30,
  gather(points) {
    const sorted = points.map((point) => point.y).sort((a, b) => a - b);
    const edges = binValues(sorted);
    const panels = [...new Set(points.map((point) => point.panel))];
    const bins = panels.flatMap((panel) => {
      const own = points.filter((point) => point.panel === panel).map((point) => point.y);
      return panels.length > 1
        ? countInto(edges, own, panel)
        : edges.map((bin) => ({ ...bin, panel }));
    });
    return { points: [], categories: [], names: [], bins, values: sorted };
  },
  draw(picture, tools) {
    const { bins, x, panel } = picture;
    const { count } = tools.language.say;
    const across = continuous(x, [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1], tools);
    const title = tools.small ? null : `${axisTitle(x)} →`;
    const counts = bins.map((bin) => bin.count);
    const ticks = tools.small ? 3 : 8;
    return {
      height: tools.small ? SIZE.smallHeight : SIZE.plotHeight,
      caption: tools.small ? `↑ ${count}  → ${axisTitle(x)}` : `↑ ${count}`,
      body: {
        data: {
          values: bins.map(({ panel: own, ...bin }, figure) => ({
            ...bin,
            ...(panel && { [PANEL]: own }),
            [FIGURE]: figure,
          })),
        },
        mark: { type: "bar", binSpacing: 1 },
        encoding: {
          x: {
            ...across,
            field: "from",
            bin: "binned",
            axis: { ...across.axis, title, titleAnchor: "end", tickCount: ticks, grid: false },
          },
          x2: { field: "to" },
          y: {
            field: "count",
            type: "quantitative",
            scale: { domain: roundDomain(counts, ZERO.always), nice: false },
            axis: { title: null, tickCount: tools.small ? 3 : 5, tickMinStep: 1, format: ",d" },
          },
        },
      },
    };
  },
  describe({ bins, values, x }, language) {
    const { alternative } = language.say;
    const count = (n: number) => formatCount(n, language);
    const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
    const median = quantile(values, 0.5);
    const peak = bins.reduce((most, bin) => (bin.count > most.count ? bin : most), NO_BIN);
    // Where the middle half lies off centre between the outer tenths, one tail is longer.
    const [lower, upper] = [quantile(values, 0.1), quantile(values, 0.9)];
    const lean = upper > lower ? (upper + lower - 2 * median) / (upper - lower) : 0;
    const say = (value: number) => write(value, x, language);
    const share = percent(peak.count / values.length, language);
    return [
      alternative.histogram(count(values.length), say(low), say(high), say(median)),
      alternative.peak(say(peak.from), say(peak.to), count(peak.count), share),
      ...(Math.abs(lean) >= SKEW_FROM ? [alternative.skew(lean > 0)] : []),
    ];
  },
  poor: () => null,
};

const NO_BIN: Bin = { from: 0, to: 0, count: 0, panel: "" };
