/** Looking at a whole queue: how many records are in which state, and which ids are dead. */
import type { Context } from "./context.ts";
import { Feed } from "./feed.ts";
import type { Record, Records } from "./queue-records.ts";

/**
 * Every record without its payload, the newest of each id. Of several replicas any may answer, so
 * a fence is written first and read up to.
 */
export async function scan(
  context: Context,
  records: Records,
  visit: (record: Record) => void,
): Promise<void> {
  const { stream, all, fence } = records.names;
  const until = records.reader.replicated ? await records.writeFence() : 0;
  const options = { stream, filter: all, from: 1, headers_only: true, to_end: true };
  const feed = new Feed(context, options);
  try {
    const newest = new Map<string, Record>();
    for (let fenced = until === 0; ; ) {
      const stored = await feed.next();
      if (!stored && fenced) break;
      context.life.assertOpen();
      if (!stored) await new Promise((resolve) => setTimeout(resolve, 5));
      else if (stored.subject === fence) fenced ||= stored.sequence >= until;
      else newest.set(stored.subject, records.parse(stored));
    }
    for (const record of newest.values()) visit(record);
  } finally {
    feed.end();
  }
}
