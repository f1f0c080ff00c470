// Draws a specification: Vega-Lite compiles it, Vega lays it out and writes SVG, sharp turns that
// into a PNG of twice the size. Vega, sharp and the typeface are loaded with the first chart, so
// that a process that draws nothing stays small. The same specification always gives the same bytes.
// Expressions run in Vega's interpreter, never as generated code, and the loader refuses everything:
// a chart cannot reach a file or an address, whatever its data says.

import { darken } from "./darken.ts";
import { outlineText } from "./outline-text.ts";
import { type Scene, sceneOf } from "./scene.ts";
import type { Specification } from "./specification.ts";
import { loadTypeface, type Typeface } from "./typeface.ts";

const PNG_SCALE = 2;
const DOTS_PER_INCH_AT_1 = 72;

export interface Rendered {
  readonly svg: string;
  /** The same picture for dark ground. */
  readonly svgDark: string;
  readonly scene: Scene;
  readonly png: Uint8Array;
}

export interface Renderer {
  readonly typeface: Typeface;
  /** `title` and `description` become those of the SVG, for screen readers. */
  render(specification: Specification, title: string, description: string): Promise<Rendered>;
}

/** Loads everything that a chart needs, once; about half a second. */
export async function loadRenderer(): Promise<Renderer> {
  const vega = await import("vega");
  const { compile } = await import("vega-lite");
  const { expressionInterpreter } = await import("vega-interpreter");
  const { default: sharp } = await import("sharp");
  const typeface = await loadTypeface();
  // Not in Vega's types, although it is exported for this very purpose.
  measureWith((vega as unknown as { textMetrics: object }).textMetrics, typeface);
  const refusing = vega.loader();
  refusing.load = refuse;
  refusing.sanitize = refuse;
  refusing.http = refuse;
  refusing.file = refuse;
  return {
    typeface,
    async render(specification, title, description) {
      vega.resetSVGDefIds();
      // A copy, because Vega marks the rows that it is given with numbers of its own.
      const compiled = compile(structuredClone(specification) as never, {
        logger: silent(vega),
      }).spec;
      const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
        renderer: "none",
        expr: expressionInterpreter,
        loader: refusing,
        logger: silent(vega),
      });
      const drawn = await view.toSVG();
      const scene = sceneOf(view, drawn);
      view.finalize();
      const outlined = outlineText(drawn, typeface);
      const svg = nameForReaders(outlined, title, description);
      const svgDark = nameForReaders(darken(outlined), title, description);
      const png = await sharp(Buffer.from(svg), {
        density: DOTS_PER_INCH_AT_1 * PNG_SCALE,
      })
        .png()
        .toBuffer();
      return { svg, svgDark, scene, png };
    },
  };
}

async function refuse(): Promise<never> {
  throw new Error("A chart loads nothing: all its data is in its specification.");
}

/** Vega guesses widths when it has no canvas; the typeface knows them. */
function measureWith(metrics: object, typeface: Typeface): void {
  Object.assign(metrics, {
    width: (item: { fontSize?: number; fontWeight?: number | string }, text: unknown) => {
      const weight = item.fontWeight === "bold" ? 700 : Number(item.fontWeight ?? 400) || 400;
      return typeface.width(String(text ?? ""), item.fontSize ?? 11, weight);
    },
  });
}

function silent(vega: typeof import("vega")) {
  return vega.logger(vega.None);
}

/** A role, a title and a description at the head of the SVG, and nothing that names a place. */
function nameForReaders(svg: string, title: string, description: string): string {
  const head = `<title>${writeText(title)}</title><desc>${writeText(description)}</desc>`;
  return svg.replace(/<svg([^>]*)>/, (_, attributes: string) => {
    return `<svg${attributes.replace(/ class="marks"/, "")} role="img">${head}`;
  });
}

function writeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
