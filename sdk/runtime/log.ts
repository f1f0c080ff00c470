/**
 * Structured logs, one JSON object a line. A message of a contract is redacted field by field as
 * its data classes say: what is not PUBLIC shows that it was there, never what it was.
 */
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { DataClass } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { dataClassOf } from "./contracts.ts";

/** From the most to the least that is told. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFields = Record<string, string | number | boolean | undefined>;
export type LogWriter = (line: string) => void;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  with(fields: LogFields): Log;
}

export function createLog(
  write: LogWriter,
  options: { level: LogLevel; fields?: LogFields; now?: () => Date },
): Log {
  const { level, fields: common = {}, now = () => new Date() } = options;
  const line =
    (at: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(at) < logLevels.indexOf(level)) return;
      write(
        JSON.stringify({ time: now().toISOString(), level: at, message, ...common, ...fields }),
      );
    };
  return {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    with: (fields) => createLog(write, { level, fields: { ...common, ...fields }, now }),
  };
}

/** For tests and for places that must stay silent. */
export const silentLog: Log = createLog(() => {}, { level: "error" });

export type Redacted = { [name: string]: Redacted | Redacted[] | string | number | boolean };

/** A plain object of the message's PUBLIC values; others become "[internal]", "[secret]" and so on. */
export function redact(schema: DescMessage, message: Message): Redacted {
  const source = reflect(schema, message);
  const shown: Redacted = {};
  for (const field of source.sortedFields) {
    if (!source.isSet(field)) continue;
    const visible = dataClassOf(field) === DataClass.PUBLIC;
    if (field.fieldKind === "message") {
      shown[field.name] = redact(field.message, source.get(field).message);
    } else if (field.fieldKind === "list" && field.listKind === "message") {
      const items = [...source.get(field)] as { message: Message }[];
      shown[field.name] = items.map((item) => redact(field.message, item.message));
    } else if (visible && field.fieldKind === "scalar") {
      const value = source.get(field);
      shown[field.name] = typeof value === "boolean" ? value : String(value);
    } else if (visible && field.fieldKind === "enum") {
      shown[field.name] = field.enum.value[source.get(field)]?.name ?? source.get(field);
    } else shown[field.name] = `[${DataClass[dataClassOf(field)].toLowerCase()}]`;
  }
  return shown;
}
