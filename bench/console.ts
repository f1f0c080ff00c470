/**
 * What a browser fetches before the console shows anything: the page, what it names, and what those
 * name in turn without being asked, compressed as the gateway sends it.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { frames } from "./console-frames.ts";
import { digits, printRows, type Row } from "./row.ts";

const built = join(import.meta.dirname, "../face/dist");
const goal_kb = 200;

export async function run(): Promise<Row[]> {
  const name = "console: first load, gzipped";
  if (!existsSync(join(built, "index.html"))) {
    return [{ name, value: "not measured", note: "build the console: npm start" }];
  }
  const files = firstLoad();
  const sizes = [...files].map((path) => ({ path, kb: sent_kb(path) }));
  const sum = (some: typeof sizes) => some.reduce((total, { kb }) => total + kb, 0);
  const fonts = sum(sizes.filter(({ path }) => path.endsWith(".woff2")));
  const total = sum(sizes);
  const parts = `${files.size} files, of which fonts ${digits(fonts)} kB`;
  const met = total < goal_kb;
  const load = { name, value: `${digits(total)} kB`, goal: `< ${goal_kb} kB`, met, note: parts };
  return [load, ...(await frames())];
}

// Fonts are compressed already, and the gateway sends them as they are.
function sent_kb(path: string): number {
  const bytes = readFileSync(join(built, path));
  return (/\.(woff2|png|jpg|webp)$/.test(path) ? bytes : gzipSync(bytes)).length / 1_000;
}

/** Paths below the built console: the page, and everything that loads without a further click. */
function firstLoad(): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path) || !existsSync(join(built, path))) return;
    found.add(path);
    for (const named of namedIn(path)) {
      visit(named.startsWith("/") ? named.slice(1) : posix.join(dirname(path), named));
    }
  };
  visit("index.html");
  return found;
}

// Only static imports: what is imported with a call is loaded when it is needed.
const references: [RegExp, RegExp][] = [
  [/\.html$/, /(?:src|href)="([^"]+)"/g],
  [/\.css$/, /url\(["']?([^"')]+)["']?\)/g],
  [/\.m?js$/, /(?:from|import)\s*["']([^"']+)["']/g],
];

function namedIn(path: string): string[] {
  const [, pattern] = references.find(([kind]) => kind.test(path)) ?? [];
  if (!pattern) return [];
  const text = readFileSync(join(built, path), "utf8");
  return [...text.matchAll(pattern)]
    .map(([, named]) => named!)
    .filter((named) => /^[./]/.test(named));
}

if (import.meta.main) printRows(await run());
