/**
 * Finds out how a delimited text file is written: separator, quote, header. Pure. Own code because
 * DuckDB's sniffer takes 150 ms for the smallest file and knows no decimal comma.
 */
export interface Dialect {
  readonly delimiter: string;
  /** One name per column, unique and not empty. */
  readonly names: readonly string[];
  /** The first record holds the names. */
  readonly has_header: boolean;
  readonly warnings: readonly string[];
}

const delimiters = [",", ";", "\t", "|"] as const;
const sampleRecordsMax = 500;

/** @param complete the sample holds the whole file, so that its last record counts. */
export function findDialect(sample: string, complete: boolean): Dialect {
  let best: { delimiter: string; records: string[][]; score: number } | undefined;
  for (const delimiter of delimiters) {
    const records = splitRecords(sample, delimiter, complete);
    const score = consistency(records);
    if (best === undefined || score > best.score) best = { delimiter, records, score };
  }
  const { delimiter, records } = best!;
  const first = records[0] ?? [];
  const has_header = looksLikeHeader(first, records.slice(1));
  const width = has_header ? first.length : mostCommonWidth(records);
  const given = has_header ? first : Array.from({ length: width }, () => "");
  const { names, warnings } = uniqueNames(given);
  if (!has_header) warnings.push("The first line holds no column names; columns are numbered.");
  return { delimiter, names, has_header, warnings };
}

/** Splits by RFC 4180; a record cut off by the end of an incomplete sample is dropped. */
export function splitRecords(text: string, delimiter: string, complete: boolean): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === delimiter) {
      record.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at++;
      record.push(cell);
      if (record.length > 1 || cell !== "") records.push(record);
      record = [];
      cell = "";
      if (records.length >= sampleRecordsMax) return records;
    } else cell += sign;
  }
  if (complete && (cell !== "" || record.length > 0)) records.push([...record, cell]);
  return records;
}

function mostCommonWidth(records: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.length, (counts.get(record.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1;
}

/** More columns in more records of one width is better; a single column is the last resort. */
function consistency(records: readonly string[][]): number {
  const width = mostCommonWidth(records);
  if (width < 2) return 0;
  const share = records.filter((record) => record.length === width).length / records.length;
  return share ** 4 * (1 + Math.log2(width));
}

const valueLike = /^[\s"']*[-+€$]?\d[\d.,\s%€$:/T+-]*$/;

/** Names are texts, all there and different; below them, at least one column looks otherwise. */
function looksLikeHeader(first: readonly string[], rest: readonly string[][]): boolean {
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
  const warnings: string[] = [];
  const names: string[] = [];
  const taken = new Set<string>();
  for (const [index, raw] of given.entries()) {
    const wanted = raw.trim() === "" ? `column ${index + 1}` : raw.trim();
    let name = wanted;
    for (let again = 2; taken.has(name.toLowerCase()); again++) name = `${wanted} ${again}`;
    if (name !== raw && raw.trim() !== "" && name !== raw.trim()) {
      warnings.push(`Column ${index + 1} repeats the name "${wanted}" and is called "${name}".`);
    }
    taken.add(name.toLowerCase());
    names.push(name);
  }
  return { names, warnings };
}
