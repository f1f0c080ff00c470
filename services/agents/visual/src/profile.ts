// What there is to draw: the columns of a table, each with the part it can play in a chart. Types
// and the ordered flag decide; names only help where a number is really a year or a group key.

import {
  type Column,
  ColumnType,
  type Table,
  TimeUnit,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

/** One cell as a chart sees it; times are milliseconds since 1970 in UTC, null is missing. */
export type Value = number | string | boolean | null;

/** `measure` is a number to compare, `category` names a group, `time` is a place on a time axis. */
export type Kind = "measure" | "category" | "time";

/** The finest part of a time that differs between rows, so that no more than that is written. */
export type Grain = "year" | "quarter" | "month" | "day" | "minute";

/** A column and the part it can play. */
export interface Field {
  readonly index: number;
  /** Its name in the Vega-Lite data: letters, digits and underscores, unique in the table. */
  readonly key: string;
  readonly name: string;
  /** What people read, without unit; from the name where the table gives no label. */
  readonly label: string;
  readonly unit: string;
  readonly kind: Kind;
  /** Only for times. */
  readonly grain?: Grain;
  /** Categories whose order in the table is their own: months, sizes, number keys. */
  readonly ordered: boolean;
  readonly number: boolean;
  readonly distinct: number;
  readonly missing: number;
  /** The least number, and the time that it stands for if it is one; infinite without any. */
  readonly least: number;
  /** Its numbers are counts or sums, of which two make a larger one. */
  readonly counted: boolean;
  /** Its numbers add up to a whole: amounts do, means and degrees do not. */
  readonly adds: boolean;
}

export interface Profile {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Value[])[];
  /** Rows of the whole table; more than `rows` when only the first ones came along. */
  readonly rowCount: number;
}

const YEAR_NAME = /(^|[^a-zäöüß])(year|jahr|decade|jahrzehnt)s?e?($|[^a-zäöüß])/i;
const COMPUTED_NAME = /^([a-z][a-z_ ]*)\((.*)\)$/i;
const GROUPING = new Set(["year", "quarter", "month", "week", "weekday", "day", "hour", "decade"]);
const KEY_ROWS_MAX = 40;

/** Reads columns and cells; the label of "mean(x)" is made by `labelOf` in the reader's language. */
export function profileTable(table: Table, labelOf: (name: string) => string): Profile {
  const types = table.columns.map((column) => column.type);
  const rows = table.rows.map((row) => types.map((type, i) => readCell(row.cells[i]?.value, type)));
  const keys = uniqueKeys(table.columns.map((column) => column.name));
  const first = leadingKeys(table, rows);
  const fields = table.columns.map((column, index): Field => {
    const values = rows.map((row) => row[index] ?? null).filter((value) => value !== null);
    const number = isNumber(column.type);
    const kind = kindOf(column, values, index < first);
    const { name, unit } = column;
    const label = readableLabel(column.label || labelOf(name), unit);
    const grain = number ? "year" : (GRAINS[column.timeUnit] ?? grainOf(values as number[]));
    return measureField(
      {
        index,
        key: keys[index] ?? `column_${index}`,
        name,
        label,
        unit,
        kind,
        ...(kind === "time" && { grain }),
        ordered: kind === "category" && (column.ordered || number),
        number,
        distinct: 0,
        missing: 0,
        least: 0,
        counted: COUNTED.test(name),
        adds: addsUp({ name, label, unit }),
      },
      rows,
    );
  });
  return {
    title: table.title,
    fields,
    rows,
    rowCount: Math.max(Number(table.rowCount), rows.length),
  };
}

/** The same column with what its values in these rows tell. */
export function measureField(field: Field, rows: Profile["rows"]): Field {
  const values = rows.map((row) => row[field.index] ?? null).filter((value) => value !== null);
  const least = values.reduce<number>(
    (low, value) => (typeof value === "number" && value < low ? value : low),
    Number.POSITIVE_INFINITY,
  );
  const distinct = new Set(values).size;
  return { ...field, distinct, missing: rows.length - values.length, least };
}

const GRAINS: Readonly<Partial<Record<TimeUnit, Grain>>> = {
  [TimeUnit.QUARTER]: "quarter",
  [TimeUnit.MONTH]: "month",
  [TimeUnit.WEEK]: "day",
  [TimeUnit.DAY]: "day",
};

const COUNTED = /^(count|sum|total|anzahl|summe)(\(|$)/i;
const MIDDLING =
  /(^|[^a-zäöüß])(mean|avg|average|median|min|max|stddev|rate|mittel|mittelwert|mittlere[rsn]?|durchschnitt|durchschnittliche[rsn]?|lowest|highest|niedrigste[rsn]?|höchste[rsn]?|kumuliert|cumulative|running|laufende)($|[^a-zäöüß])|temperatur/i;

/** Parts add up to a whole only where the numbers are amounts: no means, extremes or degrees. */
function addsUp({ name, label, unit }: Pick<Field, "name" | "label" | "unit">): boolean {
  return !/^°|^(km|mi|m)\/h$/.test(unit) && !MIDDLING.test(name) && !MIDDLING.test(label);
}

function readCell(value: { case?: string | undefined; value?: unknown } | undefined, type: number) {
  if (value?.case === undefined) return null;
  if (type === ColumnType.DATE || type === ColumnType.TIME) return parseTime(String(value.value));
  return value.value as Value;
}

/** A date or a moment as UTC milliseconds; without a zone the wall clock counts as UTC. */
export function parseTime(text: string): number | null {
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const time = Date.parse(text.length > 10 && !zoned ? `${text.replace(" ", "T")}Z` : text);
  return Number.isNaN(time) ? null : time;
}

function isNumber(type: ColumnType): boolean {
  return type === ColumnType.INTEGER || type === ColumnType.NUMBER;
}

function kindOf(column: Column, values: readonly Value[], key: boolean): Kind {
  const { type, name, timeUnit, ordered } = column;
  if (type === ColumnType.DATE || type === ColumnType.TIME) return "time";
  if (!isNumber(type)) return "category";
  if (timeUnit === TimeUnit.YEAR || timeUnit === TimeUnit.DECADE) return "time";
  if (timeUnit === TimeUnit.HOUR || ordered) return "category";
  if (YEAR_NAME.test(name) && values.length > 0 && values.every(isYear)) return "time";
  return key ? "category" : "measure";
}

function isYear(value: Value): boolean {
  return Number.isInteger(value) && Number(value) >= 1000 && Number(value) < 3000;
}

/** How many columns from the left only name groups, although they may hold whole numbers. */
function leadingKeys(table: Table, rows: readonly (readonly Value[])[]): number {
  const computed = table.columns.findIndex((column) => {
    const [, verb] = COMPUTED_NAME.exec(column.name) ?? [];
    if (COUNTED.test(column.name)) return true;
    return verb !== undefined && !GROUPING.has(verb.toLowerCase());
  });
  if (computed > 0) return computed;
  const [first, ...others] = table.columns;
  const mayBeKey = first?.type === ColumnType.INTEGER && others.length > 0;
  if (!mayBeKey || rows.length > KEY_ROWS_MAX || !others.every((c) => isNumber(c.type))) return 0;
  return new Set(rows.map((row) => row[0])).size === rows.length ? 1 : 0;
}

function grainOf(times: readonly number[]): Grain {
  const dates = times.map((time) => new Date(time));
  if (dates.some((date) => date.getTime() % 86_400_000 !== 0)) return "minute";
  if (dates.some((date) => date.getUTCDate() !== 1)) return "day";
  return dates.some((date) => date.getUTCMonth() !== 0) ? "month" : "year";
}

/** Takes the unit out of "Beak Length (mm)", makes words of "life_expect", begins with a capital. */
function readableLabel(label: string, unit: string): string {
  const text = label.replaceAll("_", " ").replace(/\s+/g, " ").trim();
  const bare = unit && text.endsWith(`(${unit})`) ? text.slice(0, -unit.length - 2).trim() : text;
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

function uniqueKeys(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = name.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "") || "column";
    let key = base;
    for (let n = 2; taken.has(key); n++) key = `${base}_${n}`;
    taken.add(key);
    return key;
  });
}
