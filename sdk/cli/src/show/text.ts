// Texts on a terminal: widths in columns, colours where they are wanted.

/** Columns that a text takes; wide East Asian letters and emoji take two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    columns += WIDE.test(segment) ? 2 : 1;
  }
  return columns;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001F\u007F-\u009F]+/g;

/** One line without control characters: text from files must not steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, " ").replace(/\s+/g, " ").trim();
}

/** Several lines, each without control characters. */
export function lines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(CONTROL, " ").trimEnd())
    .join("\n");
}

/** Cut at the end to a number of columns. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let shortened = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used > columns - 1) break;
    shortened += segment;
  }
  return `${shortened.trimEnd()}…`;
}

export function pad(text: string, columns: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, columns - columnsOf(text)));
  return right ? space + text : text + space;
}

export interface Paint {
  bold(text: string): string;
  soft(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export function paint(colour: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    colour && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: style(1, 22), soft: style(2, 22), good: style(32, 39), bad: style(31, 39) };
}

/** "0.42 s", "12 s", "3 min 20 s": two significant figures. */
export function duration(ms: number, tag: string): string {
  if (ms < 9_950) {
    const digits = { maximumSignificantDigits: 2 };
    return `${new Intl.NumberFormat(tag, digits).format(ms / 1000)} s`;
  }
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
