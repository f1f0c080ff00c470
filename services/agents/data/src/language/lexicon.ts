/**
 * The form of a lexicon. What a word means is data: to teach Keiko a word, add it to one line of
 * `lexicon-de.ts` or `lexicon-en.ts`. What meanings may follow each other is in `grammar.ts`.
 */
export type Language = "de" | "en";

export type Aggregate =
  | "count"
  | "distinct"
  | "sum"
  | "mean"
  | "median"
  | "min"
  | "max"
  | "deviation"
  | "variance"
  /** Greatest less least. */
  | "range"
  /** Upper less lower quartile. */
  | "iqr"
  /** Sum of one column by the sum of another. */
  | "ratio"
  /** From the first to the last moment of each group. */
  | "gain"
  /** The value below which a share of the rows lies. */
  | "quantile";

/** What is made of the figures of all groups together. */
export type Derivation = "share" | "running" | "difference" | "growth" | "rank";

export type TimeUnit =
  | "year"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "weekday"
  | "hour"
  | "decade";

/** What a word can mean, apart from naming columns and values of the table at hand. */
export type Meaning =
  | `aggregate ${Exclude<Aggregate, "quantile" | "ratio" | "gain">}`
  /** By its share, or by the parts that it counts in: "90th percentile". */
  | `quantile ${number}`
  | "quantile percentile"
  | "quantile quartile"
  | "quantile decile"
  | "quantile share"
  /** "change": difference and growth. */
  | `derive ${Derivation | "change"}`
  /** Against what a change is measured: "to the previous month". */
  | `previous ${TimeUnit}`
  | "previous"
  | "relate correlation"
  | "relate trend"
  | "outliers"
  | "duplicates"
  /** How wide the bins of a number are, or how many there are. */
  | "bins width"
  | "bins count"
  /** What a text is to have in it. */
  | `text ${"contains" | "starts" | "ends"}`
  /** Of the greatest or the least; "count": the most frequent; "good": where more is better. */
  | `extreme ${"max" | "min"}${"" | " count" | " good"}`
  | `compare ${">" | ">=" | "<" | "<=" | "=" | "!="}`
  /** As `compare`, but said after the number: "or more". */
  | `compared ${">=" | "<="}`
  | `unit ${TimeUnit}`
  /** An adverb that groups: monthly. */
  | `every ${TimeUnit}`
  /** "a million" */
  | `scale ${number}`
  /** A question for how two things go together, rather than for a chart of them. */
  | "chart scatter relation"
  | `chart ${"histogram" | "scatter" | "line" | "bar" | "box" | "other"}`
  /** What no table can answer. */
  | `cannot ${"future" | "change" | "reason" | "opinion"}`
  | `sort ${"ascending" | "descending" | "asked" | "ranked"}`
  | `question ${"which" | "how-many" | "how-much" | "how" | "when" | "who" | "where"}`
  /** Which end of a ranking: "top 5". */
  | `end ${"max" | "min"}`
  /** Date relations. */
  | "since"
  /** As `since`, but said after the period: "from 2010 onwards". */
  | "onwards"
  | "until"
  | "before"
  | "after"
  | "between"
  | "during"
  /** Small words that join. */
  | "and"
  | "or"
  | "not"
  | "of"
  | "from"
  | "to"
  | "with"
  | "be"
  | "have"
  | "per"
  | "by"
  /** In the order of time; with a unit, by its steps. */
  | "over-time"
  | "over-time year"
  | "versus"
  | "each"
  | "distinct"
  | "missing"
  | "rows"
  | "describe"
  | "list"
  | "first"
  /** Of two figures, how many of the one there are to one of the other: "ratio of", "divided by". */
  | "ratio"
  | "divided"
  /** After a superlative: "cheapest first". */
  | "foremost"
  /** Where something is on its way to. */
  | "towards"
  /** A number by its sign: "negative". */
  | `signed ${"<" | ">" | "="}`
  /** Of years of age: "aged 20 to 30". */
  | "aged"
  | "all"
  /** Refers to what the clause before was about: "their". */
  | "same"
  /** A verb that opens a request: "show me". */
  | "frame"
  /** Known, and without bearing on the answer. */
  | "filler"
  /**
   * Carries a sentence without being a figure, a group or a condition: "turn out", "betrachtet". Left
   * out where the table has no such word, and then named as left out.
   */
  | "light"
  /** A noun for the kind of what stands before it: "disaster type". */
  | "tail"
  /** People, where no column holds them: they die or are employed, and that is counted. */
  | "persons"
  /** "in each case": for each of the groups that there are. */
  | "again"
  /** "the values": the only figure of a table. */
  | "figure"
  /** After a verb of distributing: „verteilt sich auf“. */
  | "onto"
  /** From the first to the last moment: "from when to when". */
  | "extent"
  /** "more … than": of two, which has more, and how much each has. */
  | "more max"
  | "more min"
  /** The last or the first year that the table has: "in the latest year". */
  | "edge last year"
  | "edge first year"
  /** Which place from the front: "second highest". */
  | `nth ${number}`
  /** How exact the figures are to be written. */
  | "decimals";

/** Adjectives that speak of a quantity: heavy, heavier, heaviest. */
export interface Quality {
  /** Concepts that the quantity can go by, the likeliest first. */
  readonly of: string;
  /** Towards more of it: "heavy heavier heaviest", several separated by commas. */
  readonly more: string;
  /** Towards less of it. */
  readonly less: string;
}

/** How a question says that it goes on from the one before. Phrases, separated by commas. */
export interface GoingOn {
  /** At its beginning: it does, even if it could stand by itself. */
  readonly marks: string;
  /** At its beginning as well, of questions that could not. */
  readonly leads: string;
  /** Small words after those: "what about *for* Japan". */
  readonly after: string;
  /** At its end. */
  readonly closes: string;
  /** At its end: it takes the place of what was asked. */
  readonly instead: string;
  /** Groups and figures besides those before, rather than instead of them. */
  readonly adds: string;
  /** Before what is no longer meant. */
  readonly replaces: string;
  /** Whoever begins so asks a whole question. */
  readonly asks: string;
}

export interface Lexicon {
  readonly language: Language;
  /** Words and phrases by meaning, separated by commas; a phrase may have several meanings. */
  readonly meanings: Readonly<Partial<Record<Meaning, string>>>;
  readonly qualities: readonly Quality[];
  /** What people call things, by concept; the first word is the one used in answers. */
  readonly concepts: Readonly<Record<string, string>>;
  /** Number words from 2 on, then others, each with its number. */
  readonly numbers: string;
  /** Parts of compounds and the meanings they add: "Gesamtumsatz". */
  readonly compounds: Readonly<Partial<Record<Meaning, string>>>;
  readonly goingOn: GoingOn;
}
