/**
 * A kind that is all the others together, "All natural disasters": it wins every ranking, and added to
 * the others it doubles every sum. Where nobody speaks of it, it is left out, and that is said.
 */
import type { Vocabulary } from "../language/vocabulary.ts";
import type { Column } from "../read/profile.ts";
import type { Condition, Intent } from "./intent.ts";
import type { Understood } from "./understood.ts";

const whole = /^(all|total|overall|gesamt|insgesamt|alle|both|beide)( \p{L}+){0,3}$/iu;
/** Titles may begin so as well; kinds are few, and come again and again. */
const kindsMin = 3;
const kindsMax = 60;

export function withoutTotals(intent: Intent, vocabulary: Vocabulary, notes: Understood): Intent {
  if (intent.kind !== "aggregate") return intent;
  const sums = intent.measures.some(
    ({ column, aggregate }) => column && /^(sum|mean|count)$/.test(aggregate),
  );
  if (!sums) return intent;
  const ranks = intent.picks.length > 0 || intent.limit !== undefined;
  const shares = intent.measures.some(({ over }) => over === "share" || over === "rank");
  const left = vocabulary.profile.columns.flatMap((column): Condition[] => {
    const total = totalOf(column, vocabulary);
    const grouped = intent.dimensions.some((dimension) => dimension.column === column);
    if (total === undefined || isSpokenOf(column, intent.where)) return [];
    if (grouped && !ranks && !shares) return [];
    return [{ kind: "one-of", column, values: [total], negated: true }];
  });
  for (const condition of left) notes.assumed("filter", { condition }, []);
  return left.length === 0 ? intent : { ...intent, where: [...intent.where, ...left] };
}

function totalOf({ type, distinct, values }: Column, { profile }: Vocabulary): string | undefined {
  if (type !== "text" || distinct < kindsMin || distinct > kindsMax) return undefined;
  if (distinct * 3 > profile.row_count) return undefined;
  const [total, other] = values.filter((value) => whole.test(value));
  return other === undefined ? total : undefined;
}

const isSpokenOf = (column: Column, where: readonly Condition[]): boolean =>
  where.some((condition) =>
    condition.kind === "any" ? isSpokenOf(column, condition.of) : condition.column === column,
  );
