/** The folder in which one Keiko lives: its token for programs, and where it can be reached. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The token for programs on this machine, made at the first start. Only the owner can read it. */
export async function ensureToken(home: string): Promise<string> {
  const path = join(home, "token");
  try {
    const token = (await readFile(path, "utf8")).trim();
    if (token.length >= 32) {
      await chmod(path, 0o600);
      return token;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const token = randomBytes(32).toString("base64url");
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Says where this Keiko answers, for programs that start from the home; gone when it stops. */
export async function publishAddress(home: string, port: number): Promise<() => Promise<void>> {
  const path = join(home, "address");
  await writeFile(path, `http://127.0.0.1:${port}\n`);
  return () => rm(path, { force: true });
}
