// How a chart looks, in one place: sizes, colours and the Vega-Lite configuration made of them. The
// colours belong to the console's family and stay apart under the three kinds of colour blindness,
// which the test of this file computes.

import type { Language } from "./language/language.ts";
import { FONT_FAMILY } from "./typeface.ts";

/** Pixels. The width is small enough that 13 px letters are still read when it shrinks to 390. */
export const SIZE = {
  width: 500,
  padding: 12,
  plotHeight: 230,
  barStep: 26,
  label: 13,
  title: 16,
  titleLine: 21,
  subtitle: 13,
  subtitleLine: 18,
} as const;

export interface Theme {
  readonly ground: string;
  readonly text: string;
  readonly textSoft: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly palette: readonly string[];
}

export const LIGHT: Theme = {
  ground: "#ffffff",
  text: "#14191f",
  textSoft: "#4e5964",
  line: "#e2e6ea",
  lineStrong: "#c5ccd3",
  palette: ["#2f6f9f", "#c98318", "#12a590", "#a94656", "#9080d8", "#544a15", "#9b7b61", "#2b4a55"],
};

/** The configuration of every chart; the specification only adds what is its own. */
export function configuration(theme: Theme, language: Language): Record<string, unknown> {
  const { ground, text, textSoft, line, lineStrong, palette } = theme;
  const [first] = palette;
  return {
    font: FONT_FAMILY,
    background: ground,
    aria: false,
    locale: { number: language.number, time: language.time },
    view: { stroke: null },
    title: {
      anchor: "start",
      frame: "bounds",
      color: text,
      fontSize: SIZE.title,
      fontWeight: 600,
      lineHeight: SIZE.titleLine,
      subtitleColor: textSoft,
      subtitleFontSize: SIZE.subtitle,
      subtitleLineHeight: SIZE.subtitleLine,
      subtitlePadding: 6,
      offset: 16,
    },
    axis: {
      labelColor: textSoft,
      labelFontSize: SIZE.label,
      titleColor: textSoft,
      titleFontSize: SIZE.label,
      titleFontWeight: 400,
      labelPadding: 6,
      titlePadding: 10,
      gridColor: line,
      domainColor: lineStrong,
      tickColor: lineStrong,
      tickSize: 4,
    },
    axisY: { domain: false, ticks: false, labelPadding: 8 },
    legend: {
      orient: "top",
      title: null,
      labelColor: textSoft,
      labelFontSize: SIZE.label,
      symbolStrokeWidth: 0,
      symbolSize: 90,
      columnPadding: 16,
      rowPadding: 4,
      offset: 14,
    },
    range: { category: palette },
    bar: { color: first },
    line: { color: first, strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
    // Opacity of the fill alone: that of a whole mark makes a layer for each of them, and the PNG slow.
    point: { color: first, filled: true, opacity: 1, fillOpacity: 0.65 },
    text: { color: text, fontSize: SIZE.label },
  };
}
