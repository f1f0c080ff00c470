/**
 * Puts the phrases of a question together to what it asks: which figures, by what, of which rows, in
 * which order. Refuses what does not fit instead of leaving a word out. Pure.
 */
import type { Path } from "../language/segment.ts";
import type { Tagged } from "../language/terms.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { isNumeric } from "../read/profile.ts";
import { aboutIt } from "./about-it.ts";
import { bothEnds } from "./both-ends.ts";
import { type Clause, clausesOf } from "./clauses.ts";
import { conceptsOf, isTemporal } from "./columns.ts";
import { conditionsOf, isFilter } from "./conditions.ts";
import { contrastOf } from "./contrast.ts";
import { defaultAggregate, keysOf, rowWords, singleFigure } from "./defaults.ts";
import { derived, rankedAmong } from "./derive.ts";
import {
  type Aggregation,
  addMeasure,
  type Draft,
  requireAllUsed,
  sameDimension,
  sameMeasure,
} from "./draft.ts";
import { extentOf } from "./extent.ts";
import { withFall, withPercent, withVerb } from "./fall.ts";
import { gainOf } from "./gain.ts";
import { addDimension, groupAll } from "./groups.ts";
import { havingAll, saidOfGroups } from "./having.ts";
import type { Condition, Intent, Measure, Order } from "./intent.ts";
import { withCalculation, withLoose } from "./loose.ts";
import { addsAtOnce, measureAll } from "./measures.ts";
import { refuse } from "./problem.ts";
import { projectionOf } from "./projection.ts";
import { qualityOf } from "./quality.ts";
import { rankingOf } from "./ranking.ts";
import { orderedBy, rankedBy } from "./ranking-measure.ts";
import { withRatio } from "./ratio.ts";
import { asksStrengthAgain, relationOf, strengthOf, strengthOfRows } from "./relate.ts";
import { withRunning } from "./running.ts";
import { withSpread } from "./spread.ts";
import { thanOf } from "./than.ts";
import { withoutTotals } from "./totals.ts";
import { type Understood, type UnderstoodPart, understood } from "./understood.ts";
import { withWeather } from "./weather.ts";

export interface Assembled {
  /** One, or more where a question asks twice what one table cannot show. */
  readonly intents: readonly Intent[];
  readonly parts: readonly UnderstoodPart[];
}

/** @throws IntentProblem when the phrases do not make one clear question. */
export function assemble(path: Path, tagged: Tagged, vocabulary: Vocabulary): Assembled {
  const notes = understood();
  const intents: Intent[] = [];
  const clauses = clausesOf(path, tagged).map((each) =>
    withSpread(withRunning(withVerb(withFall(withPercent(each), tagged)))),
  );
  for (const said of clauses.map(withCalculation).flatMap(bothEnds)) {
    const whole = withRatio(withLoose(withWeather(said, vocabulary), vocabulary), vocabulary);
    const clause = saidOfGroups(whole, vocabulary);
    const cannot = clause.of("cannot")[0];
    if (cannot) refuse({ kind: "cannot", why: cannot.body.why, words: cannot.words });
    const last = intents.at(-1);
    const about = aboutIt(clause, last, vocabulary, notes);
    if (about) {
      intents.splice(-1, 1, about);
      continue;
    }
    if (last?.kind === "quality" && countsAgain(clause)) continue;
    // „… und wie viele waren das?“: the number that whoever has most of has been said.
    const [told] = last?.kind === "aggregate" && last.picks.length > 0 ? last.measures : [];
    if (told && /^(sum|count)$/.test(told.aggregate) && countsAgain(clause)) {
      const from = clause.parts[0]?.start ?? 0;
      const said = tagged.tokens.slice(from).map(({ folded }) => folded);
      if (saysThat.test(said.join(" "))) continue;
    }
    if (last && asksStrengthAgain(clause, last)) {
      const strength = strengthOfRows(last);
      // Where nobody wants to see it, the cloud of points was only how "related" is read.
      const drawn = tagged.tokens.some(({ folded }) => drawing.test(folded));
      if (strength && !drawn) intents.splice(-1, 1);
      if (strength && intents.at(-1)?.kind !== "relation") intents.push(strength);
      continue;
    }
    const intent = intentOf(clause, vocabulary, notes, last);
    const merged = last?.kind === "aggregate" ? merge(last, intent) : undefined;
    const strength = strengthOf(clause, intent);
    if (strength) intents.push(strength);
    if (merged) intents.splice(-1, 1, merged);
    else intents.push(intent);
  }
  if (intents.length === 0) refuse({ kind: "no-question" });
  return { intents, parts: notes.parts };
}

/** "… and how many are there in each?": what a count per column has said already. */
const countsAgain = (clause: Clause) =>
  clause.of("measure").length === 1 &&
  clause.parts.every(
    ({ body }) =>
      /^(again|same)$/.test(body.kind) ||
      (body.kind === "measure" && body.asked === "how-many" && body.columns.length === 0),
  );

const saysThat = /\b(waren|sind|is|was|were|are) (das|es|that|it|they)\b/i;

const drawing = /^(plot|chart|graph|draw|scatter\p{L}*|streu\p{L}*|diagramm|zeichne|punktwolke)$/u;

function intentOf(
  clause: Clause,
  vocabulary: Vocabulary,
  notes: Understood,
  last: Intent | undefined,
): Intent {
  if (isDescription(clause)) return { kind: "describe" };
  const own = conditionsOf(clause, vocabulary, notes);
  // A second question without conditions is about the same rows as the first.
  const inherited = last && "where" in last ? asked(last.where) : [];
  const draft: Draft = {
    ...{ clause, vocabulary, understood: notes, dimensions: [], measures: [] },
    filters: refersBack(clause)
      ? { ...own, where: [...inherited, ...own.where], wholes: new Set(inherited) }
      : own.where.length === 0
        ? { ...own, where: [...inherited] }
        : own,
    before: last?.kind === "aggregate" ? last : undefined,
    ...{ used: new Set(), loose: [], binned: new Set() },
  };
  for (const part of alternatives(clause)) draft.used.add(part);
  requireRowsAsMean(draft);
  requireShareOfThese(draft);
  const intent =
    contrastOf(draft) ??
    gainOf(draft) ??
    extentOf(draft) ??
    thanOf(draft) ??
    relationOf(draft) ??
    qualityOf(draft) ??
    projectionOf(draft) ??
    calculationOf(draft);
  requireAllUsed(draft);
  if (intent.kind === "aggregate") requireSeveralGroups(intent);
  return withoutTotals(intent, vocabulary, notes);
}

/** "how many of them …", „wie viele davon …“: of the rows just asked for, and no others. */
const refersBack = (clause: Clause) =>
  clause.of("same").some(({ words }) => back.test(words.toLowerCase()));
const back = /^(davon|darunter|of (them|those|these)|von (ihnen|diesen|denen)|unter ihnen)$/;

/** "deaths by type" is not about the type "Death": a group that a condition leaves alone was not meant. */
function requireSeveralGroups({ where, dimensions }: Aggregation) {
  const [condition] = where.filter(
    (each) =>
      each.kind === "one-of" &&
      !each.negated &&
      each.values.length === 1 &&
      dimensions.some(({ kind, column }) => kind === "column" && column === each.column),
  );
  if (condition) refuse({ kind: "no-question" });
}

/** "per car" goes with a mean, which is per row; with anything else it would be left out. */
function requireRowsAsMean({ clause, used }: Draft) {
  const means = clause
    .of("measure")
    .every(({ body }) => body.aggregates.every((each) => each === "mean"));
  const measured = clause.of("measure").length > 0;
  for (const part of clause.of("per-row")) {
    if (part.body.plain && means && measured) used.add(part);
    else refuse({ kind: "unused-words", words: [part.words] });
  }
}

/** "or" between two conditions, where it has its place. */
function alternatives({ parts }: Clause) {
  return parts.filter(
    ({ body }, index) =>
      body.kind === "or" &&
      [parts[index - 1], parts[index + 1]].every((part) => part && isFilter(part)),
  );
}

const asked = (where: readonly Condition[]) =>
  where.filter((condition) => !(condition.kind === "missing" && condition.negated));

/** "the share of women among farmers": a column of shares of something else is not meant. */
function requireShareOfThese({ clause, vocabulary }: Draft) {
  const among = clause.of("values").some(({ body }) => body.whole);
  const [share] = clause
    .of("mention")
    .filter(({ body }) =>
      body.columns.every(({ matches }) =>
        matches.every(({ column }) => conceptsOf(column, vocabulary).has("share")),
      ),
    );
  if (among && share) refuse({ kind: "no-question" });
}

function isDescription(clause: Clause): boolean {
  const idle = /^(describe|list|all|same|rows|distinct|chart|or)$/;
  const others = clause.parts.filter(
    ({ body }) => !idle.test(body.kind) && !(body.kind === "measure" && body.asked === "how-many"),
  );
  return clause.of("describe").length > 0 && others.length === 0;
}

function calculationOf(draft: Draft): Intent {
  groupAll(draft);
  rankedAmong(draft);
  measureAll(draft);
  const intent = derived(havingAll(rankingOf(draft) ?? aggregationOf(draft), draft), draft);
  // A single figure has no distribution: "Histogramm der Höchsttemperatur" means the column.
  const spread = draft.clause.of("chart").some(({ body }) => body.mark === "histogram");
  const single = intent.kind === "aggregate" && intent.dimensions.length === 0;
  return spread && single ? refuse({ kind: "no-question" }) : intent;
}

function aggregationOf(draft: Draft): Intent {
  const { clause, measures, dimensions, filters, understood: notes, used } = draft;
  for (const part of clause.of("which")) {
    if (typeof part.body.of !== "object") continue;
    addDimension(draft, part.body.of, part);
    used.add(part);
  }
  const ordered = measures.length === 0 ? (orderedBy(draft) ?? rankedBy(draft)) : undefined;
  if (ordered) measures.push(ordered);
  if (measures.length === 0) {
    if (dimensions.length === 0 && !sharesRows(draft)) refuse({ kind: "no-question" });
    const [over] = clause.of("over-time");
    // "compare A and B over time": of which figure, is not said.
    if (over && filters.side_by_side.length > 0) refuse({ kind: "no-measure", words: over.words });
    const measure = assumedMeasure(draft);
    measures.push(measure);
    notes.assumed("measure", { measure }, []);
    // "the different origins" are what grouping shows.
    for (const part of clause.of("distinct")) used.add(part);
  }
  const order = orderOf(draft);
  return { kind: "aggregate", measures, dimensions, where: filters.where, picks: [], order };
}

/** Rows are counted, unless they only hold what is counted. */
function assumedMeasure(draft: Draft): Measure {
  const { vocabulary, clause, filters } = draft;
  // How large figures are is a matter of how many there are of each size.
  if (draft.dimensions.some(({ kind }) => kind === "bin")) return { aggregate: "count" };
  const spoken = clause.of("rows").some(({ words }) => rowWords.test(words));
  // "growth of MSFT" is no growth of the number of its rows.
  const changes = clause
    .of("derive")
    .some(({ body }) => /^(growth|difference|change)$/.test(body.how));
  if (spoken || (!keysOf(vocabulary) && !(changes && clause.of("rows").length === 0)))
    return { aggregate: "count" };
  const column =
    singleFigure(vocabulary) ?? refuse({ kind: "no-measure", words: clause.parts[0]!.words });
  const shared = clause.of("derive").some(({ body }) => body.how === "share");
  // Where the table has shares of its own, "share" alone may mean those.
  const own = vocabulary.forms.some(({ concepts }) => concepts.has("share"));
  if (shared && own && !filters.where.some(({ kind }) => kind === "one-of"))
    refuse({ kind: "no-measure", words: clause.parts[0]!.words });
  const sums = shared || addsAtOnce(column, draft);
  return { aggregate: sums ? "sum" : defaultAggregate(column, vocabulary, false)[0], column };
}

/** "what percentage of them is from Japan": rows are what is shared out. */
const sharesRows = ({ clause, filters }: Draft) =>
  clause.of("derive").some(({ body }) => body.how === "share") && filters.where.length > 0;

function orderOf({ clause, dimensions, measures, used }: Draft): Order {
  const orders = clause.of("order");
  const part = orders.find(({ body }) => body.columns || body.count || body.unit) ?? orders[0];
  // "sorted by yield, best first": the second only says from which end.
  const ends = orders.filter(({ body }) => !body.columns && !body.count && !body.unit);
  const direction = part?.body.direction ?? ends.find(({ body }) => body.direction)?.body.direction;
  const said = part && { ...part.body, ...(direction ? { direction } : {}) };
  for (const each of [...ends, ...(part ? [part] : [])]) used.add(each);
  const timed = dimensions.some((d) => d.kind === "time" || isTemporal(d.column));
  const named = said?.columns?.some((choice) =>
    choice.matches.some(({ column }) => dimensions.some((d) => d.column === column)),
  );
  const byName = named || said?.unit !== undefined;
  if (said && !byName) {
    const index = measures.findIndex(
      (m) =>
        (said.count && !m.column) ||
        said.columns?.some((choice) => choice.matches.some(({ column }) => column === m.column)),
    );
    if ((said.columns || said.count) && index < 0) refuse({ kind: "no-question" });
    return { by: "measure", index: Math.max(0, index), direction: said.direction ?? "descending" };
  }
  const natural = timed || byName || dimensions.some((d) => isNumeric(d.column.type));
  return natural
    ? { by: "dimension", index: 0, direction: said?.direction ?? "ascending" }
    : { by: "measure", index: 0, direction: "descending" };
}

/** A second question about the same groups is answered from the same table. */
function merge(before: Aggregation, intent: Intent): Aggregation | undefined {
  if (intent.kind !== "aggregate" || before.limit !== undefined || intent.limit !== undefined)
    return undefined;
  if (before.keep || intent.keep || before.having || intent.having) return undefined;
  if (JSON.stringify(before.where) !== JSON.stringify(intent.where)) return undefined;
  const same =
    intent.dimensions.length === before.dimensions.length &&
    intent.dimensions.every((dimension, index) =>
      sameDimension(dimension, before.dimensions[index]!),
    );
  if (!same) return undefined;
  const measures = [...before.measures];
  for (const measure of intent.measures) addMeasure(measures, measure);
  const picks = intent.picks.map(({ measure, direction }) => ({
    measure: measures.findIndex((other) => sameMeasure(other, intent.measures[measure]!)),
    direction,
  }));
  return { ...before, measures, picks: [...before.picks, ...picks] };
}
