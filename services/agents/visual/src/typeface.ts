// The typeface of the charts, Inter, read from its files once. It gives the true widths of texts,
// so that labels get the room they need, and their outlines, so that a PNG shows the same letters on
// a machine without any fonts as on one full of them.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Font } from "opentype.js";

/** First what the console loads, then the same face by its installed name, then any. */
export const FONT_FAMILY = "Inter Variable, Inter, system-ui, sans-serif";
/** Above this weight the semibold cut is used; two cuts are all that a chart needs. */
const SEMIBOLD_FROM = 500;

/** One glyph of a text that was set: its shape in font units and where it stands, in pixels. */
export interface SetGlyph {
  readonly id: string;
  readonly path: string;
  readonly x: number;
}

export interface Typeface {
  /** Width in pixels. */
  width(text: string, size: number, weight: number): number;
  /** Glyphs from x = 0; null when the typeface lacks one of the letters. */
  set(text: string, size: number, weight: number): readonly SetGlyph[] | null;
  /** Pixels per font unit at a size. */
  scale(size: number): number;
}

/** Reads the two cuts; takes about 0.2 s, so it is done once and shared. */
export async function loadTypeface(): Promise<Typeface> {
  const { default: opentype } = await import("opentype.js");
  const require = createRequire(import.meta.url);
  const load = async (cut: string): Promise<Font> => {
    const bytes = await readFile(require.resolve(`@expo-google-fonts/inter/${cut}.ttf`));
    // Glyphs are read as they are needed: all 2,900 of them take 30 MB.
    return opentype.parse(new Uint8Array(bytes).buffer, { lowMemory: true });
  };
  const regular = await load("400Regular/Inter_400Regular");
  const semibold = await load("600SemiBold/Inter_600SemiBold");
  const cuts = [makeCut(regular, "r"), makeCut(semibold, "s")] as const;
  const cut = (weight: number) => cuts[weight > SEMIBOLD_FROM ? 1 : 0];
  const scale = (size: number) => size / regular.unitsPerEm;
  return {
    scale,
    width(text, size, weight) {
      const { glyph, kerning } = cut(weight);
      const chars = [...text];
      const units = chars.reduce(
        (sum, char, i) =>
          sum + glyph(char).advance + (i > 0 ? kerning(chars[i - 1] ?? "", char) : 0),
        0,
      );
      return units * scale(size);
    },
    set(text, size, weight) {
      const { glyph, kerning } = cut(weight);
      let pen = 0;
      let before = "";
      const glyphs: SetGlyph[] = [];
      for (const char of text) {
        const { advance, path, id, known } = glyph(char);
        if (!known) return null;
        pen += before === "" ? 0 : kerning(before, char);
        if (path() !== "") glyphs.push({ id, path: path(), x: pen * scale(size) });
        pen += advance;
        before = char;
      }
      return glyphs;
    },
  };
}

/** Looks every letter and every pair up once: both are slow in the font tables. */
function makeCut(font: Font, name: string) {
  const glyph = remember((char) => {
    const found = font.charToGlyph(char);
    const path = remember(() => found.getPath(0, 0, font.unitsPerEm).toPathData(0));
    return {
      id: `${name}${found.index}`,
      advance: found.advanceWidth,
      known: found.index !== 0,
      path: () => path(""),
    };
  });
  const kerning = remember((pair) => {
    const [left = "", right = ""] = [...pair];
    return font.getKerningValue(font.charToGlyph(left), font.charToGlyph(right));
  });
  return { glyph, kerning: (left: string, right: string) => kerning(left + right) };
}

const REMEMBERED_MAX = 4096;

function remember<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    const made = make(key);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, made);
    return made;
  };
}
