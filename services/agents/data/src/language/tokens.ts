/** Splits a question into words, numbers, quoted texts, dates and signs. Pure. */
import type { Language } from "./lexicon.ts";

export interface Token {
  readonly kind: "word" | "number" | "date" | "quoted" | "sign" | "stop";
  /** As written. */
  readonly text: string;
  /** Lower case, "ß" as "ss". */
  readonly folded: string;
  /** Of a number. */
  readonly value?: number;
  /** Of a date: YYYY-MM-DD. */
  readonly day?: string;
  /** Where it stands in the question. */
  readonly at: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<quoted>"[^"]+"|„[^“”"]+[“”"]|“[^”]+”|«[^»]+»|'[^']{2,}'(?!\p{L}))`,
    String.raw`(?<iso>\d{4}-\d{2}-\d{2})`,
    String.raw`(?<dotted>\d{1,2}\.\s?\d{1,2}\.\s?\d{4})`,
    String.raw`(?<number>\d{1,3}(?:['’]\d{3})+|\d+(?:[.,]\d+)*)(?!\p{L}{2,}\d)`,
    String.raw`(?<word>\p{L}[\p{L}\p{M}\d_]*(?:\.(?=\p{L}\.))?)`,
    String.raw`(?<sign>>=|<=|!=|<>|≥|≤|≠|°\s?[CF]\b|[<>=%$€£&+–-])`,
    "(?<stop>[.,;:?!]+)",
  ].join("|"),
  "gu",
);

export function fold(text: string): string {
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFC");
}

export function tokenise(question: string, language: Language): Token[] {
  const tokens: Token[] = [];
  // A hyphen before a letter only joins: "8-cylinder", "CO2-Konzentration".
  const parted = question.replace(/(?<=[\p{L}\d])-(?=\p{L})/gu, " ").replaceAll("²", "2");
  for (const match of parted.matchAll(pattern)) {
    const groups = match.groups!;
    const text = match[0];
    const at = match.index;
    const base = { text, folded: fold(text), at };
    if (groups.quoted) tokens.push({ ...base, kind: "quoted", folded: fold(text.slice(1, -1)) });
    else if (groups.iso) tokens.push({ ...base, kind: "date", day: text });
    else if (groups.dotted) tokens.push({ ...base, kind: "date", day: isoOfDotted(text) });
    else if (groups.number) {
      const negative = isNegative(parted, at, tokens);
      if (negative) tokens.pop();
      const value = readNumber(text, language) * (negative ? -1 : 1);
      tokens.push({ ...base, kind: "number", value });
    } else if (groups.word) tokens.push(...words(text, at));
    else if (groups.sign) tokens.push({ ...base, kind: "sign", folded: sign(text) });
    // "1. Quartil": the dot makes the number an ordinal, and ends nothing.
    else if (!isOrdinalDot(text, tokens.at(-1), parted.slice(at + 1), language))
      tokens.push({ ...base, kind: "stop" });
  }
  return tokens;
}

/** "below -500": a sign that stands right before a number, after a word, is no dash between two. */
function isNegative(text: string, at: number, tokens: readonly Token[]): boolean {
  const [sign, word] = [tokens.at(-1), tokens.at(-2)];
  return (
    sign?.kind === "sign" &&
    sign.text === "-" &&
    sign.at === at - 1 &&
    /\s/.test(text[at - 2] ?? "") &&
    word?.kind === "word"
  );
}

/** "temp_max" stays one word for matching names, and is also its parts elsewhere. */
function words(text: string, at: number): Token[] {
  return [{ kind: "word", text, folded: fold(text), at }];
}

function isOrdinalDot(
  text: string,
  before: Token | undefined,
  after: string,
  language: Language,
): boolean {
  const numbered = before?.kind === "number" && /^\d{1,2}$/.test(before.text);
  // "100 Mio. Einwohner": a shortened word ends nothing, either.
  const short = /^(mio|mrd|tsd|ca|bzw|nr|vs|approx|mn|bn)$/.test(before?.folded ?? "");
  return text === "." && ((language === "de" && numbered) || short) && /^ [\p{L}\d]/u.test(after);
}

function isoOfDotted(text: string): string {
  const [day = "", month = "", year = ""] = text.split(".").map((part) => part.trim());
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function sign(text: string): string {
  const same: Record<string, string> = { "≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=" };
  return same[text] ?? text.replace(/\s/g, "").toLowerCase();
}

/** "1.461,5" in German and "1,461.5" in English are the same number; "3.5" is three and a half in both. */
export function readNumber(text: string, language: Language): number {
  if (/['’]/.test(text)) return Number(text.replace(/['’]/g, ""));
  const [group, point] = language === "de" ? [".", ","] : [",", "."];
  const grouped = language === "de" ? /^\d{1,3}(\.\d{3})+(,\d+)?$/ : /^\d{1,3}(,\d{3})+(\.\d+)?$/;
  if (grouped.test(text)) return Number(text.replaceAll(group, "").replace(point, "."));
  return Number(text.replace(",", "."));
}
