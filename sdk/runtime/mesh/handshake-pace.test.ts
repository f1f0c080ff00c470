import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { HandshakePace } from "./handshake-pace.ts";

const fast_ms = 1_000 / limits.handshakes_per_s;
const slow_ms = 1_000 / limits.handshakes_unused_per_s;

/** Handshakes that begin as soon as they may, all asked for at 0: when the last one did. */
function allAtOnce(count: number, after: (pace: HandshakePace) => void = () => {}): number {
  const pace = new HandshakePace();
  let now = 0;
  for (let left = count; left > 0; left--) {
    now = Math.max(now, pace.next_ms(now, left, 0));
    pace.began(now);
    after(pace);
  }
  return now;
}

test("handshakes that calls follow come as fast as calls bear it", () => {
  expect(allAtOnce(200, (pace) => pace.useful())).toBeCloseTo(200 * fast_ms);
});

test("those that no call follows are spread, but nobody waits longer than the bound", () => {
  const last_ms = allAtOnce(50);
  expect(last_ms).toBeGreaterThan(limits.handshake_wait_ms_max / 2);
  expect(last_ms).toBeLessThanOrEqual(limits.handshake_wait_ms_max + fast_ms);
});

test("one who comes at a time waits for the slow pace and no longer, however many came before", () => {
  const pace = new HandshakePace();
  for (let n = 0; n < 1_000; n++) pace.began(n * fast_ms);
  const now = 1_000 * fast_ms;
  expect(pace.next_ms(now, 1, now) - now).toBeLessThanOrEqual(slow_ms);
});

test("what was opened for nothing is forgotten", () => {
  const pace = new HandshakePace();
  for (let n = 0; n < limits.handshakes_unused_max; n++) pace.began(0);
  expect(pace.next_ms(0, 1, 0)).toBe(slow_ms);
  const later = (1_000 * limits.handshakes_unused_max) / limits.handshakes_unused_per_s;
  expect(pace.next_ms(later, 1, later)).toBeLessThanOrEqual(later);
});

test("more than can be had in that time take as long as they take", () => {
  const count = 2 * limits.handshakes_per_s * (limits.handshake_wait_ms_max / 1_000);
  expect(allAtOnce(count)).toBeLessThanOrEqual(count * fast_ms + limits.handshake_wait_ms_max);
});
