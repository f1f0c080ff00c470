/**
 * What is the same in every language: which concepts are amounts that add up, and which words of a
 * column's name do not by themselves say what the column is about.
 */

/** Amounts that may be summed over rows; anything else is a level, and is averaged. */
const flows = new Set([
  "precipitation",
  "snow",
  "emissions",
  "deaths",
  "birth",
  "revenue",
  "sales",
  "profit",
  "loss",
  "cost",
  "quantity",
  "amount",
  "discount",
  "tax",
  "donation",
  "payment",
  "gross",
  "vote",
  "production",
  "generation",
  "consumption",
  "count",
  "visitor",
  "view",
  "click",
  "commit",
  "goal",
  "electricity",
  "damage",
  "sold",
  "money",
  "night",
]);

/** Words that narrow a name without being its subject: "max" alone does not mean "temp_max". */
const modifiers = new Set([
  "max",
  "min",
  "mean_of",
  "total",
  "number",
  "value",
  "rate",
  "index",
  "net",
  "id",
  "code",
  "name",
  "type",
  "group",
  "category",
  "count",
  "amount",
  "share",
  "adjusted",
  "change",
  "date",
  "time",
  "public",
  "private",
  "worldwide",
  "domestic",
  "source_of",
  "unit",
]);

/** What a column of one concept may also be called. */
const nearby: Readonly<Record<string, readonly string[]>> = {
  sales: ["revenue", "money"],
  revenue: ["sales", "money"],
  gross: ["revenue", "money"],
  cost: ["money"],
  income: ["salary"],
  salary: ["income"],
  population: ["people"],
  people: ["population"],
  budget: ["cost"],
  origin: ["country", "airport"],
  destination: ["airport"],
  mass: ["weight"],
  weight: ["mass"],
  rate: ["unemployment_rate"],
  unemployment: ["unemployment_rate"],
  price: ["index", "cost", "money"],
  symbol: ["company"],
  guest: ["customer"],
  customer: ["guest"],
  speed: ["wind"],
  count: ["commit", "visitor", "view", "click", "unemployment", "employee"],
  disbursement: ["cost"],
  operator: ["company"],
  location: ["city"],
  city: ["capital"],
  fuel_economy: ["fuel_use"],
};

/** Much of the one is little of the other: who asks for the highest consumption means the fewest miles. */
const contraries: Readonly<Record<string, string>> = { fuel_use: "fuel_economy" };

export const contraryOf = (concept: string) => contraries[concept];

/** What rows are called, and what a table of such rows has columns of: each of them, or of these together. */
export const rowKinds: Readonly<Record<string, readonly (readonly string[])[]>> = {
  game: [["home", "away"]],
  person: [["gender", "age"]],
  people: [["gender", "age"]],
  booking: [["booking"]],
  order: [["order"]],
  invoice: [["invoice"]],
  flight: [["origin", "destination"]],
  route: [["origin", "destination", "count"]],
  deaths: [["deaths", "date"]],
  bird: [["wildlife", "aircraft"]],
};

/** A table whose columns hold some figure of many things has no row for each of them. */
const counted = /^(population|people|count|employment|employee|deaths)$/;

/** Rows of a table with columns of these concepts are called so: people have an age and a gender. */
export const isRowKind = (
  concept: string,
  columns: readonly ReadonlySet<string>[],
  /** Of the columns that hold nothing but such a figure. */
  figures: readonly ReadonlySet<string>[],
) =>
  (rowKinds[concept] ?? []).some(
    (needed) =>
      (needed.includes("count") ||
        !figures.some((concepts) => [...concepts].some((each) => counted.test(each)))) &&
      needed.every((each) => columns.some((concepts) => concepts.has(each))),
  );

/** Numbers of things at a time: they add up over places, not over years. */
const stocks = new Set(["population", "people", "employment", "employee"]);

export const isStock = (concept: string) => stocks.has(concept);
/** More of it is better; of anything else, "best" does not say which end. */
const goods = new Set([
  "rating",
  "fuel_economy",
  "health",
  "profit",
  "margin",
  "revenue",
  "sales",
  "gross",
  "income",
  "wealth",
  "life_expectancy",
  "yield",
  "salary",
  "vote",
]);

export const isGood = (concept: string) => goods.has(concept);
export const isFlow = (concept: string) => flows.has(concept);
export const isModifier = (concept: string) => modifiers.has(concept);
export const nearbyOf = (concept: string) => nearby[concept] ?? [];
