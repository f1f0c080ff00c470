/** Turns what can go wrong at start into one line: what, where, and what to do. Pure. */
import { ConnectError } from "@connectrpc/connect";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { ConfigError } from "@keiko/runtime/process/config.ts";
import { SubstrateError } from "@keiko/runtime/substrate/substrate.ts";

/** Something that was to be started has said itself why it could not. */
export class StartError extends Error {}

export function explain(error: unknown): string {
  if (error instanceof StartError) return `Keiko did not start: ${error.message}`;
  if (error instanceof ConfigError) return `Keiko did not start: ${error.message}`;
  if (error instanceof SubstrateError) {
    const remedy = error.remedy ? ` ${error.remedy}` : "";
    return `Keiko did not start: ${error.message}${remedy}`;
  }
  if (error instanceof ConnectError) {
    const remedy = errorInfo(error)?.remedy;
    return `Keiko did not start: ${error.rawMessage}${remedy ? ` ${remedy}` : ""}`;
  }
  const { code, message, port, path } = error as NodeJS.ErrnoException & { port?: number };
  switch (code) {
    case "EADDRINUSE":
      return `Keiko did not start: port ${port} is in use. Choose another with KEIKO_PORT.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `Keiko did not start: ${path ?? "the home"} cannot be written. Choose another KEIKO_HOME.`;
    case "ENOSPC":
      return `Keiko did not start: the disk of ${path ?? "the home"} is full. Make room and try again.`;
    default:
      return `Keiko did not start: ${error instanceof Error ? (error.stack ?? message) : error}`;
  }
}
