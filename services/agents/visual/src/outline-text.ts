// Replaces the texts of an SVG by the outlines of their letters, so that a chart looks the same in
// every browser and program: an SVG shown as an image cannot load a font, and what stands in for it
// is as wide as it likes. Each outlined text keeps its words in `data-text`. A text with letters that
// the typeface lacks stays a text, so that the fonts of the machine can serve.

import type { Typeface } from "./typeface.ts";

const TEXT = /<text([^>]*)>([\s\S]*?)<\/text>/g;
/** A label that was thinned out is written as an empty text, and is nothing. */
const EMPTY = /<text[^>]*\/>/g;
const LINE = /<tspan([^>]*)>([\s\S]*?)<\/tspan>/g;
const FONT_SIZE_USUAL = 11;

/** Takes SVG as Vega writes it. */
export function outlineText(svg: string, typeface: Typeface): string {
  const shapes = new Map<string, string>();
  const outlined = svg
    .replace(EMPTY, "")
    .replace(TEXT, (whole, attributes: string, content: string) => {
      const size = Number.parseFloat(attribute(attributes, "font-size") ?? `${FONT_SIZE_USUAL}`);
      const weight = weightOf(attribute(attributes, "font-weight"));
      const anchor = attribute(attributes, "text-anchor") ?? "start";
      let y = 0;
      const lines = linesOf(content).map(({ text, down }) => {
        y += down;
        const glyphs = typeface.set(text, size, weight);
        const start = -SHIFT[anchor as keyof typeof SHIFT] * typeface.width(text, size, weight);
        return glyphs?.map((glyph) => {
          shapes.set(glyph.id, glyph.path);
          const place = `translate(${round(start + glyph.x)},${round(y)})`;
          return `<use href="#${glyph.id}" transform="${place} scale(${typeface.scale(size)})"/>`;
        });
      });
      if (lines.some((line) => line === undefined)) return whole;
      const words = linesOf(content).map(({ text }) => text);
      return `<g${attributes} data-text="${quoted(words.join(" "))}">${lines.flat().join("")}</g>`;
    });
  const defs = [...shapes].map(([id, path]) => `<path id="${id}" d="${path}"/>`).join("");
  return outlined.replace(/(<svg[^>]*>)/, `$1<defs>${defs}</defs>`);
}

const SHIFT = { start: 0, middle: 0.5, end: 1 } as const;

function linesOf(content: string): { text: string; down: number }[] {
  const lines = [...content.matchAll(LINE)].map(([, attributes = "", text = ""]) => ({
    text: readText(text),
    down: Number(attribute(attributes, "dy") ?? 0),
  }));
  return lines.length > 0 ? lines : [{ text: readText(content), down: 0 }];
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
}

function weightOf(text: string | undefined): number {
  return text === "bold" ? 700 : Number(text ?? 400) || 400;
}

function quoted(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function readText(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
