// Sets keywords, texts and numbers of SQL and JSON apart. Not a parser: wrong input is shown as it is.

export interface Token {
  text: string;
  kind: "plain" | "keyword" | "text" | "number" | "comment";
}

const sqlWords =
  "select|from|where|group|by|order|having|limit|offset|as|and|or|not|in|is|null|nulls|first|last|asc|desc|distinct|case|when|then|else|end|join|left|on|with|over|partition|between|like|ilike|filter|union|all|cast|true|false|using|qualify";

const patterns = {
  sql: new RegExp(
    `(?<comment>--.*)|(?<text>'(?:[^']|'')*')|(?<keyword>\\b(?:${sqlWords})\\b)|(?<number>\\b\\d+(?:\\.\\d+)?\\b)|"(?:[^"]|"")*"`,
    "gi",
  ),
  json: /(?<keyword>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b|\btrue\b|\bfalse\b|\bnull\b)/gi,
};

export function highlight(source: string, language: keyof typeof patterns): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of source.matchAll(patterns[language])) {
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
    if (match.index > end) tokens.push({ text: source.slice(end, match.index), kind: "plain" });
    tokens.push({ text: match[0], kind: (kind ?? "plain") as Token["kind"] });
    end = match.index + match[0].length;
  }
  if (end < source.length) tokens.push({ text: source.slice(end), kind: "plain" });
  return tokens;
}
