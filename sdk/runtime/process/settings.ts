/** Settings that several units share, read from what `ProcessConfig.own` has. Throw ConfigError. */
import { limits } from "../limits.ts";
import { ConfigError } from "./config.ts";

type Own = Readonly<Record<string, string | undefined>>;
const mebibyte = 1024 * 1024;

/** KEIKO_FILE_MB: the largest file that can be attached, in bytes. */
export function fileBytesMax({ KEIKO_FILE_MB: size }: Own): number {
  if (size === undefined) return limits.file_bytes_max;
  if (/^[1-9]\d{0,4}$/.test(size)) return Number(size) * mebibyte;
  throw new ConfigError(`KEIKO_FILE_MB "${size}" is not a whole number of MiB from 1 to 99999`);
}

/** KEIKO_PORT; 0: any free one. */
export function portOf({ KEIKO_PORT: port = "7600" }: Own): number {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) return Number(port);
  throw new ConfigError(`KEIKO_PORT "${port}" is not a number from 0 to 65535`);
}
