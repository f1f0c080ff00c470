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
  smallHeight: 110,
  barStep: 26,
  label: 13,
  title: 16,
  titleLine: 21,
  subtitle: 13,
  subtitleLine: 18,
} as const;

/**
 * Every colour has one role, and within a theme no two roles share one: the picture for dark ground
 * is the light one with each colour exchanged, so that both have the same shapes in the same places.
 */
export interface Theme {
  readonly ground: string;
  readonly text: string;
  readonly textSoft: string;
  readonly line: string;
  readonly lineStrong: string;
  /** Text on the weak and on the strong steps. */
  readonly onWeak: string;
  readonly onStrong: string;
  /** The middle of a mark that is filled with `palette[0]`: the median in a box. */
  readonly gap: string;
  readonly palette: readonly string[];
  /** From little to much. */
  readonly steps: readonly string[];
  /** From far below zero to far above; the middle one is next to none. */
  readonly sides: readonly string[];
}

export const LIGHT: Theme = {
  ground: "#ffffff",
  text: "#14191f",
  textSoft: "#4e5964",
  line: "#e2e6ea",
  lineStrong: "#c5ccd3",
  onWeak: "#15191f",
  onStrong: "#fefefe",
  gap: "#fffefe",
  palette: ["#2f6f9f", "#c98318", "#12a590", "#a94656", "#9080d8", "#544a15", "#9b7b61", "#2b4a55"],
  steps: ["#eaf2f8", "#c8deee", "#9fc5e0", "#78add1", "#37719d", "#265b86", "#123f66"],
  sides: ["#8a4210", "#c47a33", "#ecc294", "#f1f2f3", "#a6c8df", "#4f8bb7", "#1b4f7c"],
};

export const DARK: Theme = {
  ground: "#161b20",
  text: "#e7ebef",
  textSoft: "#a3aeb9",
  line: "#272e36",
  lineStrong: "#3d4752",
  onWeak: "#e6ebef",
  onStrong: "#11161b",
  gap: "#161b21",
  palette: ["#5593cc", "#eaa33b", "#28c9bb", "#ce6671", "#aa9cf3", "#a89539", "#c9a58a", "#8299a4"],
  steps: ["#1e2c38", "#23425a", "#29567a", "#2f6891", "#5499c8", "#83bbe0", "#bcdcf2"],
  sides: ["#f0a868", "#8d5b2d", "#5f4227", "#2a2f35", "#2c536f", "#356a92", "#9ccbee"],
};

/** All colours of a theme in the order of their roles. */
export function coloursOf(theme: Theme): string[] {
  return Object.values(theme).flat();
}

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
    area: { color: first },
    line: { color: first, strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
    // Opacity of the fill alone: that of a whole mark makes a layer for each of them, and the PNG slow.
    point: { color: first, filled: true, opacity: 1, fillOpacity: 0.65 },
    text: { color: text, fontSize: SIZE.label },
  };
}
