/** What a phrase of a question contributes; the grammar makes them, the assembly puts them together. */
import type { Operator, Relation } from "../intent/intent.ts";
import type { Period } from "./dates.ts";
import type { Aggregate, Derivation, TimeUnit } from "./lexicon.ts";
import type { ColumnMatch } from "./match-columns.ts";
import type { ValueForm } from "./vocabulary.ts";

/** Columns that the same words can name; more than one is an ambiguity until something decides. */
export interface ColumnChoice {
  readonly matches: readonly ColumnMatch[];
  /** As said. */
  readonly words: string;
  readonly matched_by: string;
}

/** By what to group: a unit of time, a column, or a unit of a column's time. */
export interface Grouping {
  readonly unit?: TimeUnit;
  readonly column?: ColumnChoice;
  readonly words: string;
}

export type Body =
  | {
      readonly kind: "measure";
      readonly aggregates: readonly Aggregate[];
      readonly columns: readonly ColumnChoice[];
      readonly unit?: TimeUnit;
      /** The figure is of what each of these comes to: "average monthly revenue". */
      readonly steps?: TimeUnit;
      /** Of `quantile`: one or, for "quartiles", several. */
      readonly levels?: readonly number[];
      readonly asked?: "how-many" | "how-much" | "at-a-time" | "persons";
    }
  | {
      readonly kind: "mention";
      readonly columns: readonly ColumnChoice[];
      readonly level?: boolean;
      /** "with their income": to be shown of what is asked for. */
      readonly beside?: boolean;
      /** "how long", "how heavy": what is so is spoken of, and no group. */
      readonly adjective?: boolean;
    }
  | {
      readonly kind: "extreme";
      readonly direction: "max" | "min";
      readonly aggregates?: readonly Aggregate[];
      readonly column?: ColumnChoice;
      readonly concepts?: readonly string[];
      readonly count?: boolean;
      readonly number?: number;
      /** "how low was the lowest …": asked for by itself. */
      readonly asked?: boolean;
      /** "the most people": of a number of people that the clause names. */
      readonly persons?: boolean;
      /** "the best" of what was asked before, if more of that is better. */
      readonly good?: boolean;
      readonly of?: Grouping | "rows";
    }
  | {
      readonly kind: "group";
      readonly by: readonly Grouping[];
      readonly adverb?: boolean;
      /** „auf die Produkte“: groups where something is said to be distributed so. */
      readonly onto?: boolean;
    }
  | {
      readonly kind: "which";
      readonly of?: Grouping | "rows" | "who" | "when";
      /** Months of different years are different ones. */
      readonly apart?: boolean;
    }
  | {
      readonly kind: "limit";
      readonly number?: number;
      readonly direction?: "max" | "min";
      readonly of?: Grouping | "rows";
    }
  | {
      readonly kind: "values";
      readonly values: readonly (readonly ValueForm[])[];
      readonly column?: ColumnChoice;
      readonly negated: boolean;
      readonly together: boolean;
      /** Said with a word for where something is from, or where it goes to. */
      readonly side?: "from" | "to";
      /** "among teachers": of these, and not a part of them. */
      readonly whole?: boolean;
      /** These rows are spoken of: "Japanese cars"; or asked for: "which Japanese cars". */
      readonly of?: "rows" | "asked-rows";
    }
  | {
      readonly kind: "compare";
      readonly column: ColumnChoice | readonly string[];
      readonly operator: Operator;
      readonly number: number;
      /** Or this one: "4 or 6 cylinders". */
      readonly or?: number;
      /** Unit that was said with the number. */
      readonly unit?: string;
      readonly direction?: "max" | "min";
      /** Only a number and a column were said. */
      readonly bare?: boolean;
      /** Said without a column: the clause has to name it. */
      readonly loose?: boolean;
    }
  /** "closed above the open": two figures of one row. */
  | {
      readonly kind: "against";
      readonly column: ColumnChoice;
      readonly operator: Operator;
      readonly other: ColumnChoice;
    }
  | {
      readonly kind: "between";
      readonly column: ColumnChoice;
      readonly low: number;
      readonly high: number;
      readonly unit?: string;
    }
  | {
      readonly kind: "period";
      readonly column?: ColumnChoice;
      readonly relation: Relation;
      readonly periods: readonly Period[];
      readonly together: boolean;
      /** What is asked for is the change from one to the other. */
      readonly change?: boolean;
    }
  | { readonly kind: "missing"; readonly column: ColumnChoice; readonly negated: boolean }
  | {
      readonly kind: "order";
      readonly direction?: "ascending" | "descending";
      readonly aggregates?: readonly Aggregate[];
      readonly columns?: readonly ColumnChoice[];
      readonly count?: boolean;
      readonly unit?: TimeUnit;
      /** Each is to be given its rank. */
      readonly ranked?: boolean;
    }
  /** "revenue divided by quantity". */
  | { readonly kind: "ratio"; readonly columns: readonly [ColumnChoice, ColumnChoice] }
  | { readonly kind: "derive"; readonly how: Derivation | "change" }
  | { readonly kind: "previous"; readonly unit?: TimeUnit }
  /** "how much warmer was 2015 than 2014". */
  | {
      readonly kind: "contrast";
      readonly concepts: readonly string[];
      readonly direction: "max" | "min";
      readonly periods: readonly Period[];
    }
  /** "heavier than": of two, one has more; missing concepts: more of what the clause names. */
  | {
      readonly kind: "than";
      readonly concepts?: readonly string[];
      readonly direction: "max" | "min";
      /** "longer flippers": what the adjective is said of. */
      readonly column?: ColumnChoice;
    }
  /** "second" before "highest". */
  | { readonly kind: "nth"; readonly number: number }
  /** From the first to the last moment. */
  | { readonly kind: "extent" }
  | { readonly kind: "relate"; readonly how: "correlation" | "trend" }
  | {
      readonly kind: "bins";
      readonly width?: number;
      /** Unit that was said with the width. */
      readonly unit?: string;
      /** "for each 500 g of weight": a step, where some figure is asked for each. */
      readonly each?: boolean;
      readonly count?: number;
      readonly column?: ColumnChoice;
    }
  | {
      readonly kind: "text";
      /** Missing: the texts that the clause is about. */
      readonly column?: ColumnChoice;
      readonly how: "contains" | "starts" | "ends";
      readonly text: string;
      readonly negated: boolean;
    }
  | {
      readonly kind: "having";
      readonly aggregate: Aggregate;
      readonly column?: ColumnChoice;
      readonly operator: Operator;
      readonly number: number;
      readonly unit?: string;
    }
  | {
      readonly kind: "versus";
      readonly columns: readonly ColumnChoice[];
      /** How strong the relation is, is asked as well. */
      readonly relation?: boolean;
    }
  | { readonly kind: "over-time"; readonly unit?: TimeUnit }
  /** "per car": plain where that can only mean each row. */
  | { readonly kind: "per-row"; readonly words: string; readonly plain: boolean }
  | { readonly kind: "chart"; readonly mark: string }
  | { readonly kind: "cannot"; readonly why: string }
  | { readonly kind: "first"; readonly number: number }
  | {
      readonly kind: "outliers" | "duplicates" | "missing-cells";
    }
  | {
      readonly kind:
        | "describe"
        | "rows"
        | "list"
        | "or"
        | "distinct"
        | "all"
        | "same"
        | "again"
        | "decimals";
    };

export type PartKind = Body["kind"];

/** A phrase: where it stands, what it contributes, how sure. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly body: Body;
  /** As said. */
  readonly words: string;
  readonly matched_by: string;
}
