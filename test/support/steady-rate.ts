/** Starts calls at a steady rate, whether or not earlier ones have ended; resolves when it stops. */
export async function atSteadyRate(
  per_second: number,
  going: (elapsed_ms: number) => boolean,
  start: () => void,
): Promise<void> {
  const began = performance.now();
  for (let sent = 0, elapsed = 0; going(elapsed); elapsed = performance.now() - began) {
    for (; sent < (elapsed / 1_000) * per_second; sent++) start();
    await new Promise((next) => setTimeout(next, 1));
  }
}
