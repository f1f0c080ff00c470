// The picture for dark ground: the one for light ground with every colour exchanged for that of the
// same role. Both have the same shapes in the same places, and the second costs next to nothing.

import { coloursOf, DARK, LIGHT } from "./theme.ts";

const EXCHANGE = new Map(
  coloursOf(LIGHT).map((light, role) => [light, coloursOf(DARK)[role] ?? light]),
);
const TAG = /<[a-z][^>]*>/g;
const COLOUR = / (fill|stroke)="(#[0-9a-f]{6}|rgb\(\d+, ?\d+, ?\d+\))"/g;

/** Takes SVG as Vega writes it; words of people, which might look like a colour, stay as they are. */
export function darken(svg: string): string {
  return svg.replace(TAG, (tag) =>
    tag.replace(COLOUR, (whole, attribute: string, colour: string) => {
      const dark = EXCHANGE.get(colour.startsWith("rgb") ? hexOf(colour) : colour);
      return dark ? ` ${attribute}="${dark}"` : whole;
    }),
  );
}

function hexOf(rgb: string): string {
  const parts = rgb.match(/\d+/g) ?? [];
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
