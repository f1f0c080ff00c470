/**
 * Looks at the bytes of a file to say what it really is, whatever its name claims. Pure: head and
 * tail of the file come in, a format or a refusal comes out.
 */
import { type Said, unreadable } from "../failure.ts";
import type { Warning } from "./warning.ts";

/** How the rows of a file are written. */
export type Format = "delimited" | "json" | "json-lines" | "parquet";

export interface Sample {
  readonly filename: string;
  readonly size_bytes: number;
  /** The first bytes, at most 256 KiB. */
  readonly head: Buffer;
  /** The last bytes, at most 64. */
  readonly tail: Buffer;
}

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

export interface Sniffed {
  readonly format: Format;
  readonly encoding: TextEncoding;
  /** Head as text, without byte order mark; empty for Parquet. */
  readonly text: string;
  readonly warnings: readonly Warning[];
}

const asCsv: Said = {
  en: "Save the sheet as CSV and attach it.",
  de: "Das Blatt als CSV speichern und anhängen.",
};
const exported: Said = {
  en: "Export the table as CSV and attach it.",
  de: "Die Tabelle als CSV exportieren und anhängen.",
};
const pictured: Said = {
  en: "Attach the data behind the picture.",
  de: "Die Daten hinter dem Bild anhängen.",
};
const anyTable: Said = {
  en: "Attach a CSV, TSV, JSON, JSON lines or Parquet file.",
  de: "Eine CSV-, TSV-, JSON-, JSON-Lines- oder Parquet-Datei anhängen.",
};
const withRows: Said = {
  en: "Attach a CSV, TSV, JSON, JSON lines or Parquet file with rows.",
  de: "Eine CSV-, TSV-, JSON-, JSON-Lines- oder Parquet-Datei mit Zeilen anhängen.",
};
const again: Said = {
  en: "Copy or download it again, completely.",
  de: "Die Datei noch einmal vollständig kopieren oder herunterladen.",
};

/** First bytes of things that people attach by mistake, and what to do about each. */
const strangers: readonly (readonly [prefix: string, en: string, de: string, remedy: Said])[] = [
  [
    "PK\x03\x04",
    "it is a ZIP archive or an Excel workbook",
    "es ist ein ZIP-Archiv oder eine Excel-Arbeitsmappe",
    asCsv,
  ],
  [
    "\xd0\xcf\x11\xe0",
    "it is an old Excel or Word file",
    "es ist eine alte Excel- oder Word-Datei",
    asCsv,
  ],
  ["%PDF", "it is a PDF document", "es ist ein PDF-Dokument", exported],
  [
    "\x1f\x8b",
    "it is compressed with gzip",
    "die Datei ist mit gzip gepackt",
    { en: "Unpack it and attach the file inside.", de: "Auspacken und die Datei darin anhängen." },
  ],
  ["\x89PNG", "it is a PNG image", "es ist ein PNG-Bild", pictured],
  ["\xff\xd8\xff", "it is a JPEG image", "es ist ein JPEG-Bild", pictured],
  ["GIF8", "it is a GIF image", "es ist ein GIF-Bild", pictured],
  ["\x7fELF", "it is a program", "es ist ein Programm", anyTable],
  ["SQLite format 3", "it is an SQLite database", "es ist eine SQLite-Datenbank", exported],
  [
    "ARROW1",
    "it is an Arrow file",
    "es ist eine Arrow-Datei",
    { en: "Save it as Parquet and attach it.", de: "Als Parquet speichern und anhängen." },
  ],
];

export function sniff(sample: Sample): Sniffed {
  const { filename, head, tail } = sample;
  if (sample.size_bytes === 0)
    throw unreadable(filename, { en: "it is empty", de: "die Datei ist leer" }, withRows);
  const magic = head.subarray(0, 16).toString("latin1");
  if (magic.startsWith("PAR1")) return sniffParquet(sample);
  for (const [prefix, en, de, remedy] of strangers) {
    if (magic.startsWith(prefix)) throw unreadable(filename, { en, de }, remedy);
  }
  const encoding = encodingOf(sample);
  const text = decode(head, encoding);
  if (text.trim() === "") {
    const blank = { en: "it holds only blanks", de: "die Datei enthält nur Leerraum" };
    throw unreadable(filename, blank, withRows);
  }
  if (/^\s*<(!doctype|html|\?xml|head|body|svg)/i.test(text)) {
    throw unreadable(
      filename,
      {
        en: "it is a web page or XML, perhaps an error page saved in place of the file",
        de: "es ist eine Webseite oder XML, vielleicht eine Fehlerseite an Stelle der Datei",
      },
      {
        en: "Download the file itself and attach it.",
        de: "Die Datei selbst herunterladen und anhängen.",
      },
    );
  }
  const format = textFormat(text);
  if (format === "json") requireJsonEnd(filename, tail, text);
  return { format, encoding, text, warnings: nameWarnings(filename, format) };
}

function sniffParquet({ filename, size_bytes, tail }: Sample): Sniffed {
  if (size_bytes < 12 || tail.subarray(-4).toString("latin1") !== "PAR1") {
    throw unreadable(
      filename,
      {
        en: "it is a Parquet file whose end is missing, so it was cut off on its way",
        de: "es ist eine Parquet-Datei, deren Ende fehlt, sie wurde also unterwegs abgeschnitten",
      },
      again,
    );
  }
  const warnings = nameWarnings(filename, "parquet");
  return { format: "parquet", encoding: "utf-8", text: "", warnings };
}

function encodingOf({ filename, head }: Sample): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (looksBinary(head)) {
    const binary = {
      en: "its bytes are not text but some binary format",
      de: "die Bytes sind kein Text, sondern ein binäres Format",
    };
    throw unreadable(filename, binary, anyTable);
  }
  // The head may end inside a character, so a bad byte near its end proves nothing.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    decoder.decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** Text holds no NUL and next to no control characters. */
function looksBinary(head: Buffer): boolean {
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls++;
  }
  return controls > head.length / 500;
}

function decode(head: Buffer, encoding: TextEncoding): string {
  return new TextDecoder(encoding).decode(head, { stream: true }).replace(/^\uFEFF/, "");
}

function textFormat(text: string): Format {
  const start = text.trimStart();
  if (start.startsWith("[")) return /^\[\s*[[{\]]/.test(start) ? "json" : "delimited";
  if (!/^\{\s*("|\})/.test(start)) return "delimited";
  const lineEnd = start.indexOf("\n");
  const firstLine = (lineEnd < 0 ? start : start.slice(0, lineEnd)).trim();
  const rest = lineEnd < 0 ? "" : start.slice(lineEnd).trimStart();
  return firstLine.endsWith("}") && rest.startsWith("{") ? "json-lines" : "json";
}

function requireJsonEnd(filename: string, tail: Buffer, text: string) {
  const opening = text.trimStart()[0];
  const closing = opening === "[" ? "]" : "}";
  const end = tail.toString("latin1").trimEnd().at(-1);
  if (end === closing) return;
  throw unreadable(
    filename,
    {
      en: `its JSON begins with "${opening}" but does not end with "${closing}", so it was cut off`,
      de: `das JSON beginnt mit „${opening}“, endet aber nicht mit „${closing}“, es wurde also abgeschnitten`,
    },
    again,
  );
}

function nameWarnings(filename: string, format: Format): Warning[] {
  const ending = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase();
  const expected: Record<string, readonly Format[]> = {
    csv: ["delimited"],
    tsv: ["delimited"],
    json: ["json", "json-lines"],
    parquet: ["parquet"],
  };
  if (ending === undefined || expected[ending]?.includes(format) !== false) return [];
  const en = { delimited: "delimited text", json: "JSON", "json-lines": "JSON lines" };
  const de = { delimited: "Text mit Trennzeichen", json: "JSON", "json-lines": "JSON Lines" };
  const [real, echt] = format === "parquet" ? ["Parquet", "Parquet"] : [en[format], de[format]];
  return [
    {
      en: `The name ends in .${ending}, but the file holds ${real}; it was read as such.`,
      de: `Der Name endet auf .${ending}, die Datei enthält aber ${echt}; so wurde sie gelesen.`,
    },
  ];
}
