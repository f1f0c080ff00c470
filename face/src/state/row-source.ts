import type {
  Column,
  File as KeptFile,
  Row,
  Table,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Clients } from "../remote/clients.ts";
import { arrange, type RowCondition, type RowOrder } from "./row-filter.ts";

export interface RowQuery {
  conditions: readonly RowCondition[];
  order: RowOrder | undefined;
}

export interface RowPage {
  rows: Row[];
  /** Rows that meet the conditions. */
  count: number;
  /** Rows in all. */
  total: number;
  /** As the source names them, where it was asked. */
  columns?: Column[];
}

/** Where the rows of a table come from, a page at a time. */
export interface RowSource {
  page(query: RowQuery, offset: number, count: number, signal?: AbortSignal): Promise<RowPage>;
}

/** A table that carries all its rows by value. */
export function localRows(table: Table): RowSource {
  let last: { query: RowQuery; rows: Row[] } | undefined;
  return {
    async page(query, offset, count) {
      if (last?.query !== query) {
        last = { query, rows: arrange(table.rows, table.columns, query.conditions, query.order) };
      }
      const { rows } = last;
      return {
        rows: rows.slice(offset, offset + count),
        count: rows.length,
        total: table.rows.length,
      };
    },
  };
}

/** A kept file: the server sorts, filters and counts. */
export function keptRows(clients: Clients, source: KeptFile): RowSource {
  return {
    async page({ conditions, order }, offset, count, signal) {
      const request = {
        source,
        rowOffset: BigInt(offset),
        rowCount: count,
        filters: [...conditions],
        orderBy: order?.column ?? "",
        descending: order?.descending ?? false,
      };
      const answer = await clients.data.previewTable(request, signal ? { signal } : {});
      const { table, totalRowCount } = answer;
      const matching = Number(table?.rowCount ?? 0);
      return {
        rows: table?.rows ?? [],
        columns: table?.columns ?? [],
        count: matching,
        total: Number(totalRowCount) || matching,
      };
    },
  };
}
