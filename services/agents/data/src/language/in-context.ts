/**
 * What a word can mean beside the words around it: "drop" after "did" asks for no deed, "where" at the
 * beginning for a place. Takes meanings away, and rarely adds one. Pure.
 */
import type { Language } from "./lexicon.ts";
import { base, joins, remove, type Term } from "./terms.ts";
import type { Token } from "./tokens.ts";
import { titlesMin, type Vocabulary } from "./vocabulary.ts";

export interface Context {
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly language: Language;
  readonly vocabulary: Vocabulary;
  /** What the lexicon of the language says of each word. */
  readonly own_terms: readonly (readonly Term[])[];
}

export function decideInContext(found: Term[], context: Context): void {
  const { tokens, at, language, vocabulary, own_terms } = context;
  const token = tokens[at]!;
  // "in each" goes back to groups where nothing follows that there could be one of each.
  remove(
    found,
    ({ kind, end }) =>
      kind === "again" && (tokens[end]?.kind ?? "stop") !== "stop" && !joins(tokens[end]!),
  );
  // People that the table has rows or a column of are those.
  if (found.some(({ kind }) => kind === "rows" || kind === "column"))
    remove(found, ({ kind }) => kind === "persons");
  // What names a column asks for no deed: "Booking".
  const named = found.some(({ kind, matched_by }) => kind === "column" && matched_by === "name");
  // "did yields drop" changes nothing; "drop the table" would.
  if (token.folded === "drop") {
    // "where did it drop the most": how much, and nothing that is to be dropped.
    const most = /^(most|least)$/.test(tokens[at + 2]?.folded ?? "");
    const deed = at === 0 || (!most && dropsSomething.test(tokens[at + 1]?.folded ?? ""));
    remove(found, ({ kind }) => kind === (deed ? "derive" : "cannot"));
  }
  // At the beginning it asks for a place, and joins nothing.
  if (/^(where|wo)$/.test(token.folded)) {
    const asks = at === 0 || /^(and|und|,|[.;:?!])$/.test(tokens[at - 1]!.folded);
    remove(
      found,
      ({ kind, end }) =>
        end === at + 1 && (asks ? /^(filler|with|frame)$/ : /^question$/).test(kind),
    );
  }
  if (/^(dropped|drops)$/.test(token.folded)) remove(found, ({ kind }) => kind === "cannot");
  // "ended in a draw" is how a match went, and nothing to be drawn.
  if (token.folded === "draw" && /^(a|the|in)$/.test(tokens[at - 1]?.folded ?? ""))
    remove(found, ({ kind }) => /^(frame|filler)$/.test(kind));
  // "different names" are counted; their stem is that of "difference".
  if (token.folded === "different") remove(found, ({ kind }) => kind === "derive");
  // "started in 1625" is that very year; "starting in" goes on from it.
  if (/^(start|begin|beg[au]n)(ed|s)?$/.test(token.folded))
    remove(found, ({ kind }) => kind === "since");
  const said = found.filter(
    ({ kind, end }) => (kind === "filler" || kind === "superlative") && end > at + 1,
  );
  const told = said.length > 0 || isTold(tokens, at);
  if (named || told || isNoDeed(tokens, at, language, vocabulary))
    remove(found, (term) => term.kind === "cannot" && term.arg === "change");
  // "cancel the booking" asks for it, and for no bookings that are cancelled.
  else if (found.some(({ kind, arg }) => kind === "cannot" && arg === "change"))
    remove(found, ({ kind, end }) => kind === "value" && end === at + 1);
  if (named || told) remove(found, ({ kind }) => kind === "cannot");
  if (isTold(tokens, at)) found.push({ ...base(at, at + 1, "lexicon"), kind: "filler" });
  // "respondents who hold a master": of them, and no question for whom.
  if (
    token.folded === "who" &&
    at > 0 &&
    tokens[at - 1]!.kind === "word" &&
    !joins(tokens[at - 1]!)
  )
    remove(found, ({ kind }) => kind === "question");
  // "DEN" is an airport where it is written as one, and no article.
  if (isWrittenAsValue(token, tokens, vocabulary))
    remove(found, ({ kind }) => kind !== "value" && kind !== "column");
  remove(found, ({ kind, start, end }) =>
    tokens
      .slice(start + 1, kind === "value" || kind === "column" ? start : end)
      .some((each) => isWrittenAsValue(each, tokens, vocabulary)),
  );
  // "how many goals did they score": what is done with goals is no second figure.
  const does = tokens
    .slice(Math.max(0, at - 5), at)
    .some(({ folded }) => /^(did|does|do)$/.test(folded));
  if (token.folded === "score" && does) {
    remove(found, ({ kind }) => kind === "column");
    found.push({ ...base(at, at + 1, "lexicon"), kind: "filler" });
  }
  // "Show me" begins a request, whatever is called so.
  remove(found, (term) => isSmallTalk(term, tokens, own_terms));
  // "my kids": somebody's, and no film that is called so.
  if (
    /^(my|our|your|his|her|mein\p{L}*|unser\p{L}*)$/u.test(tokens[at - 1]?.folded ?? "") &&
    /^\p{Ll}/u.test(token.text)
  )
    remove(
      found,
      ({ kind, values = [] }) =>
        kind === "value" && values.every(({ column }) => column.values.length > titlesMin),
    );
  // A word for charts that names a column or a text of this table is that.
  const own_name = found.some(
    ({ kind, end }) => (kind === "column" || kind === "value") && end > at,
  );
  if (own_name)
    remove(found, (term) => term.kind === "chart" && term.arg === "other" && term.end === at + 1);
}

const dropsSomething =
  /^(the|this|that|all|any|every|a|my|these|those|rows?|columns?|tables?|duplicates?|missing|empty|null|data)$/;

/** In capitals, as a text of the table is, in a question that is not in capitals all over. */
const isWrittenAsValue = (
  { text, folded }: Token,
  tokens: readonly Token[],
  { values }: Vocabulary,
): boolean =>
  /^\p{Lu}{2,}$/u.test(text) &&
  tokens.some((token) => /\p{Ll}/u.test(token.text)) &&
  (values.get(`=${folded}`) ?? []).some(({ value }) => value === text);

/** Words that carry a sentence, written small: a title of such words is not meant by them. */
function isSmallTalk(
  { kind, start, end, values = [] }: Term,
  tokens: readonly Token[],
  own: readonly (readonly Term[])[],
): boolean {
  if (kind !== "value" || end < start + 2) return false;
  const said = tokens.slice(start, end);
  if (said.slice(1).every(({ text }) => /^\p{Lu}/u.test(text))) return false;
  const titles = values.every(({ column }) => column.values.length > titlesMin);
  const small = said.every((_, index) =>
    own[start + index]!.some((term) =>
      /^(frame|filler|list|be|have|question|same)$/.test(term.kind),
    ),
  );
  return titles && small;
}

/** "how many did we sell": with a subject after "did", the verb tells and commands nothing. */
function isTold(tokens: readonly Token[], at: number): boolean {
  const subject = /^(we|they|i|he|she|it|people|customers)$/.test(tokens[at - 1]?.folded ?? "");
  return subject && /^(did|do|does)$/.test(tokens[at - 2]?.folded ?? "");
}

/** What asks for a deed begins a clause, or follows whom it asks. */
const asksBefore =
  /^(please|you|to|and|then|just|now|also|can|could|would|will|should|let|i|we|me|bitte|und|dann)$/;

/** "how did it change", "cancelled bookings": said of what was done, and asking for nothing. */
function isNoDeed(
  tokens: readonly Token[],
  at: number,
  language: Language,
  { values }: Vocabulary,
): boolean {
  if (language !== "en") return false;
  const { folded } = tokens[at]!;
  // "cancelled", "cancellation", "sends": said of what is or was, and no order.
  if (/(ed|tion|sion|[^s]s)$/.test(folded) || values.has(`=${folded}`)) return true;
  // "how many did the shop sell"
  const does = tokens.slice(Math.max(0, at - 6), Math.max(0, at - 1));
  if (does.some((token) => /^(did|does)$/.test(token.folded))) return true;
  const before = tokens[at - 1];
  const opens = before === undefined || before.kind === "stop" || asksBefore.test(before.folded);
  return folded === "change" && !opens;
}
