/** What a question asks, apart from any language and any SQL. */
import type { Period } from "../language/dates.ts";
import type { Aggregate, Derivation, TimeUnit } from "../language/lexicon.ts";
import type { Column } from "../read/profile.ts";

/** What is computed per group; without column: the rows themselves are counted. */
export interface Measure {
  readonly aggregate: Aggregate;
  readonly column?: Column;
  /** For `ratio`: what is divided by; for `gain`: the time along which; with a unit: the figure is of sums per unit. */
  readonly by?: Column;
  /** For `distinct` over time: "how many months". */
  readonly unit?: TimeUnit;
  /** For `quantile`: which share of the rows lies below, 0 to 1. */
  readonly level?: number;
  /** What is made of this figure over the groups: its share, its change, its rank. */
  readonly over?: Derivation;
  /** Only the rows that meet these as well; with `share`, in percent of all that are asked about. */
  readonly part?: readonly Condition[];
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
    }
  /** Numbers from a multiple of the width up to the next. */
  | { readonly kind: "bin"; readonly column: Column; readonly width: number };

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
      readonly kind: "against";
      readonly column: Column;
      readonly operator: Operator;
      /** The figure of the same row that it is compared with. */
      readonly other: Column;
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
  | {
      readonly kind: "text";
      readonly column: Column;
      readonly how: "contains" | "starts" | "ends";
      readonly text: string;
      readonly negated: boolean;
    }
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

/** Which groups are kept, by one of their figures. */
export interface Having {
  readonly measure: Measure;
  readonly operator: Operator;
  readonly number: number;
}

export type Intent =
  | {
      readonly kind: "aggregate";
      readonly measures: readonly Measure[];
      readonly dimensions: readonly Dimension[];
      readonly where: readonly Condition[];
      readonly having?: readonly Having[];
      /** Which groups are shown, after shares, changes and ranks over all of them. */
      readonly keep?: readonly Condition[];
      readonly order?: Order;
      readonly limit?: number;
      /** Only this place is asked for; those before it are shown with it. */
      readonly nth?: number;
      readonly picks: readonly Pick[];
    }
  | {
      readonly kind: "rows";
      readonly columns: readonly Column[];
      readonly where: readonly Condition[];
      readonly order?: Order;
      readonly limit?: number;
      /** Only this place is asked for; those before it are shown with it. */
      readonly nth?: number;
      /** Ranked in each of these by itself: "the heaviest car per origin". */
      readonly within?: readonly Column[];
      /** All rows that share the first place. */
      readonly ties?: boolean;
      /** What the rows are for, so that the sentence fits. */
      readonly purpose: "list" | "rank" | "scatter" | "histogram" | "series" | "outliers";
    }
  | {
      readonly kind: "relation";
      readonly how: "correlation" | "trend";
      readonly y: Column;
      /** What `y` goes with; for a trend over time, the time. */
      readonly x: Column;
      /** The figures of periods are related, rather than rows. */
      readonly points?: { readonly aggregate: Aggregate; readonly unit: TimeUnit };
      readonly dimensions: readonly Dimension[];
      readonly where: readonly Condition[];
    }
  /** How whole the table is: cells without a value, or rows that are the same. */
  | {
      readonly kind: "quality";
      readonly of: "missing" | "duplicates";
      readonly columns: readonly Column[];
      readonly where: readonly Condition[];
    }
  | { readonly kind: "describe" };
