/**
 * Finds out how a delimited text file is written: separator, quote, header. Pure. Own code because
 * DuckDB's sniffer takes 150 ms for the smallest file and knows no decimal comma.
 */
import { firstFew, type Warning } from "./warning.ts";

export interface Dialect {
  readonly delimiter: string;
  /** One name per column, unique and not empty. */
  readonly names: readonly string[];
  /** Those of them that the file does not name. */
  readonly unnamed: readonly string[];
  /** The first record holds the names. */
  readonly has_header: boolean;
  /** Lines before the first record: a title, a separator declared as Excel does, blank lines. */
  readonly lines_before: number;
  /** Lines that the record with the names takes; 0: there is none. */
  readonly header_lines: number;
  readonly warnings: readonly Warning[];
}

const delimiters = [",", ";", "\t", "|"] as const;
const sampleRecordsMax = 500;
const titleLinesMax = 20;

/** @param complete the sample holds the whole file, so that its last record counts. */
export function findDialect(sample: string, complete: boolean): Dialect {
  const declared = /^sep=(.)\r?\n/i.exec(sample)?.[1];
  const candidates = declared ? [declared] : holdsDecimals(sample) ? [";"] : delimiters;
  let best: { delimiter: string; records: readonly TextRecord[]; score: number } | undefined;
  for (const delimiter of candidates) {
    const all = splitRecords(sample, delimiter, complete);
    const records = all.slice(declared ? 1 : 0);
    const score = consistency(records);
    if (best === undefined || score > best.score) best = { delimiter, records, score };
  }
  const { delimiter, records: found } = best!;
  const titles = titleRecords(found);
  const records = found.slice(titles);
  const [first, second] = records;
  const cells = first?.cells ?? [];
  const rest = records.slice(1);
  const has_header = looksLikeHeader(
    cells,
    rest.map((record) => record.cells),
  );
  const width = has_header ? cells.length : mostCommonWidth(records);
  const given = has_header ? cells : Array.from({ length: width }, () => "");
  const { names, unnamed, warnings } = uniqueNames(given);
  if (!has_header) {
    warnings.push({
      en: "The first line holds no column names; columns are numbered.",
      de: "Die erste Zeile enthält keine Spaltennamen; die Spalten sind nummeriert.",
    });
  }
  const lines_before = (first?.line ?? 1) - 1;
  if (titles > 0) warnings.push(titled(found.slice(0, titles)));
  return {
    ...{ delimiter, names, unnamed: has_header ? unnamed : [], has_header, lines_before, warnings },
    header_lines: has_header ? (second?.line ?? (first?.line ?? 1) + 1) - (first?.line ?? 1) : 0,
  };
}

/** "12,4" in every line below a name without a comma is one column of decimals, not two of whole numbers. */
function holdsDecimals(sample: string): boolean {
  const [first = "", ...rest] = sample.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (first.includes(",") || rest.length < 2) return false;
  // The last line may be cut off.
  return rest.slice(0, -1).every((line) => /^\s*"?[-+−]?\d+(,\d+)?"?\s*$/.test(line));
}

export interface TextRecord {
  readonly cells: readonly string[];
  /** The line on which it begins, from 1. */
  readonly line: number;
}

/** Splits by RFC 4180; a record cut off by the end of an incomplete sample is dropped. */
export function splitRecords(text: string, delimiter: string, complete: boolean): TextRecord[] {
  const records: TextRecord[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let begins = 1;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === "\n" || (sign === "\r" && text[at + 1] !== "\n")) line++;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === delimiter) {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") {
        at++;
        line++;
      }
      cells.push(cell);
      if (cells.length > 1 || cell !== "") records.push({ cells, line: begins });
      cells = [];
      cell = "";
      begins = line;
      if (records.length >= sampleRecordsMax) return records;
    } else cell += sign;
  }
  if (complete && (cell !== "" || cells.length > 0)) {
    records.push({ cells: [...cells, cell], line: begins });
  }
  return records;
}

/** How many records at the top are a title and not the table: hardly a cell of them is filled. */
function titleRecords(records: readonly TextRecord[]): number {
  const width = mostCommonWidth(records);
  if (width < 2) return 0;
  const filled = (record: TextRecord) => record.cells.filter((cell) => cell.trim() !== "").length;
  const few = width > 2 ? 1 : 0;
  const start = records.findIndex(
    (record) => record.cells.length > 1 && (record.cells.length !== width || filled(record) > few),
  );
  return start > 0 && start <= titleLinesMax && start < records.length - 1 ? start : 0;
}

function titled(records: readonly TextRecord[]): Warning {
  const text = records[0]!.cells.find((cell) => cell.trim() !== "")?.trim() ?? "";
  const lines = firstFew(records.map(({ line }) => line));
  return {
    en: `The table begins below a title ("${text.slice(0, 80)}", line ${lines}), which was left out.`,
    de: `Die Tabelle beginnt unter einer Überschrift („${text.slice(0, 80)}“, Zeile ${lines}), die ausgelassen wurde.`,
  };
}

function mostCommonWidth(records: readonly TextRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1;
}

/** More columns in more records of one width is better; a single column is the last resort. */
function consistency(records: readonly TextRecord[]): number {
  const width = mostCommonWidth(records);
  if (width < 2) return 0;
  const share = records.filter(({ cells }) => cells.length === width).length / records.length;
  return share ** 4 * (1 + Math.log2(width));
}

const valueLike = /^[\s"']*[-+€$]?\d[\d.,\s%€$:/T+-]*$/;

/** Names are texts, all there and different; below them, at least one column looks otherwise. */
function looksLikeHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  if (first.length === 0) return false;
  const years = first.filter((cell) => /^(1|2)\d{3}$/.test(cell.trim())).length;
  const values = first.filter((cell) => valueLike.test(cell)).length - years;
  if (values > 0) return false;
  if (years > 0 && years === first.length) return false;
  if (rest.length === 0) return true;
  const seen = new Set(first.map((cell) => cell.trim().toLowerCase()));
  if (seen.size < first.length && values === first.length) return false;
  return true;
}

function uniqueNames(given: readonly string[]) {
  const warnings: Warning[] = [];
  const names: string[] = [];
  const unnamed: string[] = [];
  const taken = new Set<string>();
  for (const [index, raw] of given.entries()) {
    const wanted = raw.trim() === "" ? `column ${index + 1}` : raw.trim();
    let name = wanted;
    for (let again = 2; taken.has(name.toLowerCase()); again++) name = `${wanted} ${again}`;
    if (name !== raw && raw.trim() !== "" && name !== raw.trim()) {
      warnings.push({
        en: `Column ${index + 1} repeats the name "${wanted}" and is called "${name}".`,
        de: `Spalte ${index + 1} wiederholt den Namen „${wanted}“ und heißt „${name}“.`,
      });
    }
    taken.add(name.toLowerCase());
    names.push(name);
    if (raw.trim() === "") unnamed.push(name);
  }
  return { names, unnamed, warnings };
}
