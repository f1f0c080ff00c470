/** Puts spans in the order in which a person reads them: parents first, siblings by start. Pure. */
import type { EndedSpan } from "@keiko/runtime/spans.ts";

export function parentsFirst(spans: readonly EndedSpan[]): EndedSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string, EndedSpan[]>();
  for (const span of [...spans].sort((a, b) => a.start_ms - b.start_ms)) {
    const parent = known.has(span.parentSpanId) ? span.parentSpanId : "";
    const siblings = children.get(parent);
    if (siblings) siblings.push(span);
    else children.set(parent, [span]);
  }
  const ordered: EndedSpan[] = [];
  const waiting = [...(children.get("") ?? [])].reverse();
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    ordered.push(span);
    waiting.push(...[...(children.get(span.spanId) ?? [])].reverse());
  }
  return ordered;
}
