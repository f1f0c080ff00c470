import { readFileSync } from "node:fs";

/** Microseconds that the processes have used, by the kernel's count of 10 ms each. */
export function processorTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}
