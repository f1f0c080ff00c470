/**
 * Pages through a table in any order. A sorted or filtered order is worked out once and kept as a list
 * of row numbers, so that each further page costs its own rows, however far down it lies.
 */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataFailure } from "../failure.ts";
import { identifier, numeral } from "../intent/quote.ts";
import type { Database, Value } from "../read/database.ts";
import type { Profile } from "../read/profile.ts";
import { columnNamed, conditionsSql, type FilterInit } from "./conditions.ts";

export interface PageRequest {
  /** Rows to give. */
  readonly count: number;
  readonly offset: bigint;
  readonly filters: readonly FilterInit[];
  /** Name of a column; empty: the order of the file. */
  readonly order_by: string;
  readonly descending: boolean;
}

export interface Page {
  readonly rows: readonly (readonly Value[])[];
  /** Rows that meet the filters. */
  readonly row_count: number;
}

interface Order {
  /** The temporary table that holds the row numbers. */
  readonly table: string;
  /** How many there are, once it is worked out. */
  readonly row_count: Promise<number>;
  /** Pages that are read from it now. */
  readers: number;
  forgotten: boolean;
}

/** Orders that are kept per open file; each takes eight bytes a row. */
const orders_kept_max = 2;
const kept = new WeakMap<Database, Map<string, Order>>();
let made = 0;

export async function pageOf(
  database: Database,
  profile: Profile,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const names = profile.columns.map(({ name }) => `source.${identifier(name)}`).join(", ");
  const [from, to] = [request.offset, request.offset + BigInt(request.count)];
  const within = (table: string) => `${table}.rowid >= ${from} AND ${table}.rowid < ${to}`;
  const sql = orderSql(profile, request);
  if (sql === undefined) {
    const page = `SELECT ${names} FROM source WHERE ${within("source")} ORDER BY rowid`;
    return { ...(await database.query(page, { signal })), row_count: profile.row_count };
  }
  const order = orderFor(database, sql);
  const { table } = order;
  order.readers++;
  try {
    const row_count = await order.row_count;
    const page = `SELECT ${names} FROM ${table} JOIN source ON source.rowid = ${table}.line
      WHERE ${within(table)} ORDER BY ${table}.rowid`;
    return { ...(await database.query(page, { signal })), row_count };
  } finally {
    order.readers--;
    dropUnread(database, order);
  }
}

/** The numbers of the rows in the order asked for; undefined: all rows as they lie in the file. */
function orderSql(profile: Profile, { filters, order_by, descending }: PageRequest) {
  const where = conditionsSql(filters, profile.columns);
  const by = order_by === "" ? undefined : columnNamed(order_by, profile.columns, "order_by");
  if (where === "" && !by) return undefined;
  const collated = by?.type === "text" ? " COLLATE NOCASE.NOACCENT" : "";
  const direction = descending ? "DESC" : "ASC";
  const sorted = by ? `${identifier(by.name)}${collated} ${direction} NULLS LAST, ` : "";
  return `SELECT rowid AS line FROM source${where && ` WHERE ${where}`} ORDER BY ${sorted}rowid`;
}

function orderFor(database: Database, sql: string): Order {
  const orders = kept.get(database) ?? new Map<string, Order>();
  kept.set(database, orders);
  const known = orders.get(sql);
  const order = known ?? makeOrder(database, sql);
  orders.delete(sql);
  orders.set(sql, order);
  // One that failed is worked out again when it is asked for again.
  if (!known) order.row_count.catch(() => orders.get(sql) === order && orders.delete(sql));
  while (orders.size > orders_kept_max) {
    const [oldest, forgotten] = orders.entries().next().value!;
    orders.delete(oldest);
    forgotten.forgotten = true;
    dropUnread(database, forgotten);
  }
  return order;
}

// Not under the signal of whoever asked first: somebody else may wait for the same order.
function makeOrder(database: Database, sql: string): Order {
  const table = `page_order_${numeral(++made)}`;
  const row_count = database
    .query(`CREATE TEMP TABLE ${table} AS ${sql}`)
    .then(() => database.query(`SELECT count(*) FROM ${table}`))
    .then(({ rows }) => Number(rows[0]?.[0] ?? 0));
  return { table, row_count, readers: 0, forgotten: false };
}

function dropUnread(database: Database, { table, readers, forgotten }: Order): void {
  if (!forgotten || readers > 0) return;
  // A file that was closed meanwhile took the table with it.
  database.query(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
}

/** Rows and columns at once are bounded by the size of an answer. */
export function requirePageSize(count: number, columns: number, cells_max: number): void {
  if (count * columns <= cells_max) return;
  throw new DataFailure(Reason.LIMIT_EXCEEDED, {
    message: `row_count: ${count} rows of ${columns} columns are more than ${cells_max} cells.`,
    remedy: `Ask for at most ${Math.max(1, Math.floor(cells_max / columns))} rows at a time.`,
    field: "row_count",
    metadata: { value: String(count * columns), limit: String(cells_max) },
  });
}
