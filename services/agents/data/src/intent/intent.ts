/** What a question asks, apart from any language and any SQL. */
import type { Period } from "../language/dates.ts";
import type { Aggregate, TimeUnit } from "../language/lexicon.ts";
import type { Column } from "../read/profile.ts";

/** What is computed per group; without column: the rows themselves are counted. */
export interface Measure {
  readonly aggregate: Aggregate;
  readonly column?: Column;
  /** For `distinct` over time: "how many months". */
  readonly unit?: TimeUnit;
}

/** By what rows are put together. */
export type Dimension =
  | { readonly kind: "column"; readonly column: Column }
  | {
      readonly kind: "time";
      readonly column: Column;
      readonly unit: TimeUnit;
      /** March of every year together, rather than each March by itself. */
      readonly cyclic: boolean;
    };

export type Operator = ">" | ">=" | "<" | "<=" | "=" | "!=";

/** Which rows count. */
export type Condition =
  | {
      readonly kind: "one-of";
      readonly column: Column;
      readonly values: readonly string[];
      readonly negated: boolean;
    }
  | {
      readonly kind: "compare";
      readonly column: Column;
      readonly operator: Operator;
      readonly number: number;
    }
  | {
      readonly kind: "between";
      readonly column: Column;
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: "period";
      readonly column: Column;
      readonly relation: Relation;
      readonly period: Period;
      readonly until?: Period;
    }
  | { readonly kind: "missing"; readonly column: Column; readonly negated: boolean }
  | { readonly kind: "any"; readonly of: readonly Condition[] };

/** How rows lie to a period; `range`: from the first to the last day of two. */
export type Relation = "in" | "not-in" | "since" | "until" | "before" | "after" | "range";

export interface Order {
  /** Index of a measure or a dimension, or of a column for rows. */
  readonly by: "measure" | "dimension" | "column";
  readonly index: number;
  readonly direction: "ascending" | "descending";
}

/** The group with the greatest or least value is asked for. */
export interface Pick {
  readonly measure: number;
  readonly direction: "max" | "min";
}

export type Intent =
  | {
      readonly kind: "aggregate";
      readonly measures: readonly Measure[];
      readonly dimensions: readonly Dimension[];
      readonly where: readonly Condition[];
      readonly order?: Order;
      readonly limit?: number;
      readonly picks: readonly Pick[];
    }
  | {
      readonly kind: "rows";
      readonly columns: readonly Column[];
      readonly where: readonly Condition[];
      readonly order?: Order;
      readonly limit?: number;
      /** All rows that share the first place. */
      readonly ties?: boolean;
      /** What the rows are for, so that the sentence fits. */
      readonly purpose: "list" | "rank" | "scatter" | "histogram" | "series";
    }
  | { readonly kind: "describe" };
