/** Counts what reaches the disk: the system calls with which processes force their writes out. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const traced = "fsync,fdatasync,msync,sync_file_range,syncfs,sync";

/** Undefined where no strace is there, or it may not attach. */
export async function syncsOf(
  pids: readonly number[],
  work: () => Promise<unknown>,
): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "keiko-bench-strace-"));
  const report = join(folder, "calls");
  const options = ["-f", "-qq", "-e", `trace=${traced}`, "-o", report];
  const attached = pids.flatMap((pid) => ["-p", String(pid)]);
  const strace = spawn("strace", [...options, ...attached], { stdio: "ignore" });
  let ended = false;
  const gone = once(strace, "exit").then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  try {
    await sleep(1_500);
    if (ended) return undefined;
    const before = await lines(report);
    await work();
    await sleep(300);
    return (await lines(report)) - before;
  } finally {
    if (!ended) strace.kill("SIGINT");
    await gone;
    await rm(folder, { recursive: true });
  }
}

async function lines(path: string): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").filter((line) => /\b(f?sync|fdatasync|msync|sync\w*)\(/.test(line))
    .length;
}

/** Milliseconds that it takes to append 4 KiB to a file in the folder and force it out. */
export async function rawSyncs(folder: string, count: number): Promise<number[]> {
  const file = await open(join(folder, "keiko-bench-raw"), "a");
  const page = Buffer.alloc(4_096, 7);
  const samples: number[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      await file.appendFile(page);
      await file.datasync();
      samples.push(performance.now() - start);
    }
  } finally {
    await file.close();
    await rm(join(folder, "keiko-bench-raw"));
  }
  return samples;
}
