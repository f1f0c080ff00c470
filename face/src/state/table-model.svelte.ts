import type { Column, Row, Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { SvelteMap } from "svelte/reactivity";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import type { RowCondition, RowOrder } from "./row-filter.ts";
import type { RowQuery, RowSource } from "./row-source.ts";

const pageRows = 200;
const pagesKept = 40;
const settleMs = 60;
/** The contract gives no more at once. */
const bulkRows = 1000;

/** A table as somebody looks at it: which rows, in which order, and those that are here already. */
export class TableModel {
  #pages = new SvelteMap<number, Row[]>();
  #columns = $state.raw<Column[]>([]);
  #count = $state(0);
  #total = $state(0);
  #query = $state.raw<RowQuery>({ conditions: [], order: undefined });
  #loaded = $state(false);
  #trouble = $state.raw<Trouble>();
  #source: RowSource;
  #connection: Connection;
  #stop = new AbortController();
  #asked = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wanted: [number, number] = [0, 0];

  constructor(source: RowSource, connection: Connection, first?: Table, query?: RowQuery) {
    this.#source = source;
    this.#connection = connection;
    if (query) this.#query = query;
    if (!first) return;
    // What came with the answer is shown at once; the rest is asked for when it is looked at.
    this.#columns = first.columns;
    this.#count = Math.max(Number(first.rowCount), first.rows.length);
    this.#total = this.#count;
    this.#loaded = true;
    const whole = first.rows.length >= this.#count;
    const pages = whole ? Math.ceil(first.rows.length / pageRows) : 0;
    for (let page = 0; page < pages; page++) {
      this.#pages.set(page, first.rows.slice(page * pageRows, (page + 1) * pageRows));
    }
    // A first page that is not full is only good until the whole one is there.
    if (!whole) this.#pages.set(0, first.rows.slice(0, pageRows));
    if (!whole && first.rows.length < pageRows) this.#partial = true;
  }

  #partial = false;

  get columns(): Column[] {
    return this.#columns;
  }

  /** Rows that meet the conditions. */
  get count(): number {
    return this.#count;
  }

  get total(): number {
    return this.#total;
  }

  get query(): RowQuery {
    return this.#query;
  }

  get conditions(): readonly RowCondition[] {
    return this.#query.conditions;
  }

  get order(): RowOrder | undefined {
    return this.#query.order;
  }

  /** At least one answer has come. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Unset while it is on its way. */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.[index % pageRows];
  }

  /** Rows that are here from the start of the table, for measuring columns. */
  get sample(): Row[] {
    return this.#pages.get(0) ?? this.#pages.values().next().value ?? [];
  }

  /** Fetches what is missing between two rows, once the scrolling has calmed down for a moment. */
  want(from: number, to: number): void {
    this.#wanted = [from, to];
    if (this.#timer || this.#missing().length === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        for (const page of this.#missing()) void this.#fetch(page);
      },
      this.#loaded ? settleMs : 0,
    );
  }

  /** First ascending, then descending, then as it came. */
  sort(column: string): void {
    const { order } = this.#query;
    const next: RowOrder | undefined =
      order?.column !== column
        ? { column, descending: false }
        : order.descending
          ? undefined
          : { column, descending: true };
    this.ask({ ...this.#query, order: next });
  }

  /** One condition a column; without one the column is free. */
  filter(column: string, condition?: RowCondition): void {
    const others = this.#query.conditions.filter((one) => one.column !== column);
    this.ask({ ...this.#query, conditions: condition ? [...others, condition] : others });
  }

  clearFilters(): void {
    this.ask({ ...this.#query, conditions: [] });
  }

  /** Looks at the table in another way, from its start; what is in sight stays until the answer is
   * there. */
  ask(query: RowQuery): void {
    this.#query = query;
    this.#wanted = [0, 0];
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#asked.clear();
    this.#partial = false;
    void this.#fetch(0, true);
  }

  /** Rows from the start, as many as asked for, for copying and saving. */
  async gather(most: number): Promise<Row[]> {
    const rows: Row[] = [];
    const end = Math.min(most, this.#count);
    while (rows.length < end) {
      const size = Math.min(bulkRows, end - rows.length);
      const page = await this.#source.page(this.#query, rows.length, size);
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
    }
    return rows;
  }

  /** Those between two rows, whether they were looked at or not. */
  async between(from: number, to: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (let at = from; at <= to; at += bulkRows) {
      const page = await this.#source.page(this.#query, at, Math.min(bulkRows, to - at + 1));
      rows.push(...page.rows);
    }
    return rows;
  }

  #missing(): number[] {
    const [from, to] = this.#wanted;
    const last = Math.min(to, Math.max(0, this.#count - 1));
    const missing: number[] = [];
    for (let page = Math.floor(from / pageRows); page <= Math.floor(last / pageRows); page++) {
      const incomplete = this.#partial && page === 0 && last >= this.#pages.get(0)!.length;
      if ((!this.#pages.has(page) || incomplete) && !this.#asked.has(page)) missing.push(page);
    }
    return missing;
  }

  async #fetch(page: number, fresh = false): Promise<void> {
    const { signal } = this.#stop;
    this.#asked.add(page);
    while (!signal.aborted) {
      try {
        const got = await this.#source.page(this.#query, page * pageRows, pageRows, signal);
        if (signal.aborted) return;
        if (fresh) this.#pages.clear();
        if (page === 0) this.#partial = false;
        if (got.columns && this.#columns.length === 0) this.#columns = got.columns;
        this.#count = got.count;
        this.#total = got.total;
        this.#loaded = true;
        this.#trouble = undefined;
        this.#pages.set(page, got.rows);
        this.#asked.delete(page);
        this.#forget(page);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!isUnreachable(error)) {
          this.#trouble = troubleOf(error);
          this.#asked.delete(page);
          return;
        }
        await this.#connection.restored(signal);
      }
    }
  }

  /** Pages far from what is looked at are dropped: memory does not grow with the table. */
  #forget(near: number): void {
    if (this.#pages.size <= pagesKept) return;
    const farthest = [...this.#pages.keys()]
      .filter((page) => page !== 0)
      .reduce((far, page) => (Math.abs(page - near) > Math.abs(far - near) ? page : far));
    this.#pages.delete(farthest);
  }
}
