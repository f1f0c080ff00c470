/** What SQLite and the file system say, in the words of the port: code, path, remedy. */
import { SubstrateError, type SubstrateErrorCode } from "../substrate.ts";

const remedies: Partial<Record<SubstrateErrorCode, string>> = {
  FULL: "Free some space on that disk, or raise its quota; nothing acknowledged is lost.",
  READ_ONLY: "Make that folder writable for this user, or choose another home.",
  CORRUPT: "Restore the home from a backup, or move it away and start with an empty one.",
  UNAVAILABLE: "Check the disk under that path, then start again.",
};

function fault(code: SubstrateErrorCode, path: string, cause: unknown): SubstrateError {
  const words: Partial<Record<SubstrateErrorCode, string>> = {
    FULL: `No room left for ${path}.`,
    READ_ONLY: `${path} cannot be written.`,
    CORRUPT: `${path} is damaged or not a Keiko database.`,
  };
  const said = cause instanceof Error ? cause.message : String(cause);
  const message = words[code] ?? `Reading or writing ${path} failed: ${said}.`;
  return new SubstrateError(code, message, { remedy: remedies[code] ?? "", cause });
}

/** SQLite's primary result codes: https://sqlite.org/rescode.html */
const by_result_code = new Map<number, SubstrateErrorCode>([
  [3, "READ_ONLY"], // PERM
  [8, "READ_ONLY"], // READONLY
  [11, "CORRUPT"], // CORRUPT
  [13, "FULL"], // FULL
  [14, "READ_ONLY"], // CANTOPEN
  [18, "TOO_LARGE"], // TOOBIG
  [26, "CORRUPT"], // NOTADB
]);

/** The primary result code of an error that `node:sqlite` threw; undefined for any other error. */
export function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

/** Any error of a database call at `path`; a SubstrateError passes unchanged. */
export function databaseFault(path: string, error: unknown): SubstrateError {
  if (error instanceof SubstrateError) return error;
  const code = resultCode(error);
  return fault((code !== undefined && by_result_code.get(code)) || "UNAVAILABLE", path, error);
}

const by_errno = new Map<string, SubstrateErrorCode>([
  ["ENOSPC", "FULL"],
  ["EDQUOT", "FULL"],
  ["EFBIG", "FULL"],
  ["EROFS", "READ_ONLY"],
  ["EACCES", "READ_ONLY"],
  ["EPERM", "READ_ONLY"],
]);

/** Any error of a file call at `path`; a SubstrateError passes unchanged. */
export function fileFault(path: string, error: unknown): SubstrateError {
  if (error instanceof SubstrateError) return error;
  const errno = (error as NodeJS.ErrnoException | null)?.code ?? "";
  return fault(by_errno.get(errno) ?? "UNAVAILABLE", path, error);
}
