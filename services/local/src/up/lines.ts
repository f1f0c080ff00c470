/** Log lines of many processes for one terminal: who says it, how bad it is, what. Pure. */

/** SGR colours that read on dark and on light; each unit keeps its own. */
const colours = [36, 35, 34, 33, 32, 96, 95, 94, 93, 92];
const width = 15;

export type Painter = (name: string, line: string) => string;

/** @param colour false: for a file or a pipe, no escapes */
export function createPainter({ colour }: { colour: boolean }): Painter {
  const known = new Map<string, number>();
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return (name, line) => {
    const code = known.get(name) ?? colours[known.size % colours.length]!;
    known.set(name, code);
    const { level, text } = readLine(line);
    const shown = level === "error" ? paint(31, text) : level === "warn" ? paint(33, text) : text;
    return `${paint(code, `${name.padEnd(width)}|`)} ${shown}`;
  };
}

/** A structured line as a sentence with its fields; anything else as it came. */
function readLine(line: string): { level: string; text: string } {
  const entry = parse(line);
  if (!entry) return { level: "", text: line };
  const { time, level, message, workload: _workload, instance: _instance, ...fields } = entry;
  const at = String(time).slice(11, 23);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${shownValue(value)}`);
  return { level: String(level), text: [at, level, message, ...rest].join(" ") };
}

function shownValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[\s"]/.test(text) ? JSON.stringify(text) : text;
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return typeof value.message === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
