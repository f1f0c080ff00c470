export interface CellRange {
  fromRow: number;
  toRow: number;
  fromColumn: number;
  toColumn: number;
}

/** Which cells are chosen: one, or a rectangle between the first and the last that was reached. */
export class CellSelection {
  #active = $state.raw<{ row: number; column: number }>();
  #anchor = $state.raw<{ row: number; column: number }>();

  get active(): { row: number; column: number } | undefined {
    return this.#active;
  }

  readonly range: CellRange | undefined = $derived.by(() => {
    const [a, b] = [this.#active, this.#anchor];
    return a && b
      ? {
          fromRow: Math.min(a.row, b.row),
          toRow: Math.max(a.row, b.row),
          fromColumn: Math.min(a.column, b.column),
          toColumn: Math.max(a.column, b.column),
        }
      : undefined;
  });

  readonly size: number = $derived(
    this.range
      ? (this.range.toRow - this.range.fromRow + 1) *
          (this.range.toColumn - this.range.fromColumn + 1)
      : 0,
  );

  to(row: number, column: number, extend = false): void {
    this.#active = { row, column };
    if (!extend || !this.#anchor) this.#anchor = this.#active;
  }

  all(rows: number, columns: number): void {
    this.#anchor = { row: 0, column: 0 };
    this.#active = { row: rows - 1, column: columns - 1 };
  }

  clear(): void {
    this.#active = undefined;
    this.#anchor = undefined;
  }
}

/** Where a key leads; unset for keys that do not move. */
export function moved(
  event: KeyboardEvent,
  at: { row: number; column: number },
  size: { rows: number; columns: number; page: number },
): { row: number; column: number } | undefined {
  const far = event.ctrlKey || event.metaKey;
  const { row, column } = at;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const target = {
    ArrowDown: { row: far ? lastRow : row + 1, column },
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowRight: { row, column: far ? lastColumn : column + 1 },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    PageDown: { row: row + size.page, column },
    PageUp: { row: row - size.page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? lastRow : row, column: lastColumn },
  }[event.key];
  return (
    target && {
      row: Math.max(0, Math.min(lastRow, target.row)),
      column: Math.max(0, Math.min(lastColumn, target.column)),
    }
  );
}
