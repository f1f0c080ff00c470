/** Random bytes, drawn in bulk: a system call for each id would cost more than all else about it. */
import { randomFillSync } from "node:crypto";

const random = Buffer.alloc(24 * 256);
let used = random.length;

/** Valid until the next turn of the event loop: what has to last is made into a text at once. */
export function randomTaken(count: number): Buffer {
  if (used + count > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += count;
  return random.subarray(used - count, used);
}
