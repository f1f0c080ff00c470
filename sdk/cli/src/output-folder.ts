// Writes the results of a task into a folder: every artifact with its natural ending, and answer.md.
// Names that came from elsewhere are never taken as paths.

import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Artifact, Cell, File, Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

import type { Connection } from "./connection.ts";
import { CommandFailed } from "./exit.ts";
import { download } from "./files.ts";
import { columnsAsText } from "./show/table.ts";
import { type Words, wordsOf } from "./words.ts";

const NAME_LETTERS_MAX = 80;
const MARKDOWN_ROWS = 20;

const ENDINGS: Readonly<Record<string, string>> = {
  "text/csv": ".csv",
  "text/tab-separated-values": ".tsv",
  "text/markdown": ".md",
  "text/plain": ".txt",
  "text/html": ".html",
  "application/json": ".json",
  "application/x-ndjson": ".jsonl",
  "application/pdf": ".pdf",
  "application/vnd.apache.parquet": ".parquet",
  "application/vnd.vegalite+json": ".vl.json",
  "image/svg+xml": ".svg",
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "audio/wav": ".wav",
};

/** Which files were written for which artifact, in the order in which people want to see them. */
export type Written = ReadonlyMap<Artifact, readonly string[]>;

/** Creates the folder; what lies there under the same names is replaced. */
export async function writeResults(
  connection: Connection,
  task: Task,
  folder: string,
): Promise<Written> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(`--out: "${folder}" cannot be made a folder (${error.code}).`);
  });
  const taken = new Set(["answer.md"]);
  const written = new Map<Artifact, string[]>();
  for (const artifact of task.answer?.artifacts ?? []) {
    const names: string[] = [];
    for (const { name, write } of partsOf(artifact, connection)) {
      const free = freeName(name, taken);
      await write(join(folder, free));
      names.push(free);
    }
    written.set(artifact, names);
  }
  await writeFile(join(folder, "answer.md"), markdownOf(task, written));
  return new Map(
    [...written].map(([artifact, names]) => [artifact, names.map((n) => join(folder, n))]),
  );
}

interface Part {
  readonly name: string;
  write(path: string): Promise<void>;
}

function partsOf({ step, kind }: Artifact, connection: Connection): Part[] {
  const fetched = (file: File, base: string): Part => ({
    name: base + endingOf(file),
    write: (path) => pipeline(Readable.from(download(connection, file)), createWriteStream(path)),
  });
  if (kind.case === "table") {
    const table = kind.value;
    const base = safeName(table.title || step || "table");
    if (table.data) return [fetched(table.data, base)];
    return [{ name: `${base}.csv`, write: (path) => writeFile(path, csvOf(table)) }];
  }
  if (kind.case === "chart") {
    const { title, svg, png, specification } = kind.value;
    const base = safeName(title || step || "chart");
    return [svg, png, specification]
      .filter((file) => file !== undefined)
      .map((file) => fetched(file, base));
  }
  if (kind.case !== "file") return [];
  const { filename } = kind.value;
  const ending = endingOf(kind.value);
  const base = filename.endsWith(ending)
    ? filename.slice(0, filename.length - ending.length)
    : filename;
  return [fetched(kind.value, safeName(base || step || "file"))];
}

function endingOf({ mediaType, filename }: File): string {
  return ENDINGS[mediaType] ?? (extname(filename).replace(/[^A-Za-z0-9.]/g, "") || ".bin");
}

/** Letters, digits and dashes: "Mittlerer Niederschlag (mm)" becomes "mittlerer-niederschlag-mm". */
function safeName(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join("-").slice(0, NAME_LETTERS_MAX).replace(/-$/, "") || "result";
}

function freeName(name: string, taken: Set<string>): string {
  const [, base = name, ending = ""] = /^([^.]*)(.*)$/.exec(name) ?? [];
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${base}-${n}${ending}`;
  taken.add(free);
  return free;
}

/** RFC 4180 in UTF-8; a missing value is empty, a number is written as JSON writes it. */
export function csvOf({ columns, rows }: Table): string {
  const records = [
    columns.map(({ name }) => name),
    ...rows.map(({ cells }) => columns.map((_, i) => cellText(cells[i]))),
  ];
  return records.map((record) => `${record.map(quoted).join(",")}\r\n`).join("");
}

function cellText(cell: Cell | undefined): string {
  return cell?.value.case === undefined ? "" : String(cell.value.value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function markdownOf(task: Task, written: Written): string {
  const { answer, goal } = task;
  const words = wordsOf(task.plan?.language);
  const paragraphs = (answer?.artifacts ?? []).flatMap(({ kind }, i) => {
    const names = written.get(answer?.artifacts[i] as Artifact) ?? [];
    const links = names.map((name) => `[${name}](${encodeURI(name)})`).join(" · ");
    if (kind.case === "chart") {
      const svg = names.find((name) => name.endsWith(".svg"));
      const picture = svg ? `![${inline(kind.value.alternativeText)}](${encodeURI(svg)})` : "";
      return [picture, links].filter((text) => text !== "");
    }
    return kind.case === "table" ? [markdownTable(kind.value, words), links] : [links];
  });
  const sources = (answer?.sources ?? []).map(({ title }) => `- ${inline(title)}`).join("\n");
  return `${[`# ${inline(goal)}`, answer?.text ?? "", ...paragraphs, sources].filter((text) => text !== "").join("\n\n")}\n`;
}

function markdownTable(table: Table, words: Words): string {
  const rows = table.rows.slice(0, MARKDOWN_ROWS);
  const columns = columnsAsText(table, rows, words);
  const line = (texts: readonly string[]) => `| ${texts.map(inline).join(" | ")} |`;
  const all = Math.max(Number(table.rowCount), table.rows.length);
  const lines = [
    line(columns.map(({ head }) => head)),
    `| ${columns.map(({ right }) => (right ? "---:" : "---")).join(" | ")} |`,
    ...rows.map((_, n) => line(columns.map(({ texts }) => texts[n] ?? ""))),
  ].join("\n");
  return all > rows.length ? `${lines}\n\n… ${words.rows(rows.length, all)}` : lines;
}

function inline(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[|[\]<>]/g, "\\$&")
    .trim();
}
