/**
 * One DuckDB per open file, shut off from the rest of the machine before the first question: what
 * runs in it can reach the rows of this file and nothing else. The native library is loaded at the
 * first use, so that starting Keiko does not wait for it.
 */
import { tmpdir } from "node:os";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataFailure } from "../failure.ts";
import type { DataLimits } from "../limits.ts";

/** A cell as it comes out: dates as YYYY-MM-DD, moments as YYYY-MM-DDThh:mm:ss. */
export type Value = string | number | boolean | null;

export interface Result {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  readonly rows_max?: number;
}

export interface Database {
  /** Runs one statement; the signal or the time limit ends it, and rows beyond the limit are not read. */
  query(sql: string, options?: QueryOptions): Promise<Result>;
  /** No file, no network, no settings from here on. */
  lock(): Promise<void>;
  close(): void;
}

export async function openDatabase(limits: DataLimits): Promise<Database> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(limits.thread_count_max),
    memory_limit: `${limits.memory_mib_max}MiB`,
    max_temp_directory_size: `${limits.spill_mib_max}MiB`,
    temp_directory: `${tmpdir()}/keiko-data-${process.pid}`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  return new OpenDatabase(instance, await instance.connect(), limits.query_ms_max);
}

class OpenDatabase implements Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #query_ms_max: number;
  #closed = false;
  /** A connection runs one statement at a time; this is the end of the line. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, query_ms_max: number) {
    this.#instance = instance;
    this.#connection = connection;
    this.#query_ms_max = query_ms_max;
  }

  query(sql: string, options: QueryOptions = {}): Promise<Result> {
    const mine = this.#last.then(() => this.#run(sql, options));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async lock() {
    await this.query("SET enable_external_access = false");
    await this.query("SET lock_configuration = true");
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #run(sql: string, { signal, rows_max }: QueryOptions): Promise<Result> {
    signal?.throwIfAborted();
    let late = false;
    const interrupt = () => this.#connection.interrupt();
    const timer = setTimeout(() => {
      late = true;
      interrupt();
    }, this.#query_ms_max);
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      const reader =
        rows_max === undefined
          ? await this.#connection.runAndReadAll(sql)
          : await this.#connection.streamAndReadUntil(sql, rows_max);
      const rows = reader.getRowsJS();
      return { names: reader.columnNames(), rows: rows.slice(0, rows_max).map(plainRow) };
    } catch (cause) {
      signal?.throwIfAborted();
      throw late ? tooSlow(this.#query_ms_max, cause) : cause;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    }
  }
}

function tooSlow(limit: number, cause: unknown) {
  return new DataFailure(
    Reason.LIMIT_EXCEEDED,
    {
      message: {
        en: `The query took longer than ${limit} ms and was stopped.`,
        de: `Die Abfrage brauchte länger als ${limit} ms und wurde abgebrochen.`,
      },
      remedy: {
        en: "Ask about fewer rows or columns.",
        de: "Nach weniger Zeilen oder Spalten fragen.",
      },
      metadata: { limit: String(limit) },
    },
    cause,
  );
}

function plainRow(row: readonly unknown[]): Value[] {
  return row.map(plainValue);
}

function plainValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Date) return value.toISOString().slice(0, 19);
  return String(value);
}
