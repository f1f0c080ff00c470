/** How a question was understood, for a person to check. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { PartKind, type UnderstandingSchema } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import type { Intent } from "../intent/intent.ts";
import { withMeaning } from "../intent/reread.ts";
import type { Meaning, UnderstoodKind, UnderstoodPart } from "../intent/understood.ts";
import type { Language } from "../language/lexicon.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { DataLimits } from "../limits.ts";
import { columnLabel } from "./column-label.ts";
import { rephrase } from "./rephrase.ts";
import { titleOf } from "./sentence.ts";
import { conditionWords, measureWords } from "./wording.ts";
import { wordsOf } from "./words.ts";

const kinds: Readonly<Record<UnderstoodKind, PartKind>> = {
  measure: PartKind.MEASURE,
  group: PartKind.GROUP,
  filter: PartKind.FILTER,
  order: PartKind.ORDER,
};

/** What the parser found, as far as it is shown. */
export interface Read {
  readonly intents: readonly Intent[];
  readonly parts: readonly UnderstoodPart[];
  readonly confidence: number;
  readonly unknown: readonly string[];
}

export function understandingOf(
  { intents, parts, confidence, unknown }: Read,
  vocabulary: Vocabulary,
  language: Language,
  limits: DataLimits,
): MessageInitShape<typeof UnderstandingSchema> {
  const summaries = intents.map((intent) =>
    intent.kind === "describe" ? wordsOf(language).questions.describe : titleOf(intent, language),
  );
  return {
    summary: summaries.join("; "),
    confidence,
    unknownWords: [...unknown],
    parts: parts.map(({ kind, words, meaning, matched_by, alternatives }) => ({
      kind: kinds[kind],
      words,
      meaning: meaningWords(meaning, language),
      matchedBy: matched_by,
      alternatives: alternatives.flatMap((other) => {
        const question = questionFor(intents, meaning, other, vocabulary, language, limits);
        return question ? [{ meaning: meaningWords(other, language), question }] : [];
      }),
    })),
  };
}

/** The question with one part read another way; undefined: it cannot be put so that it is read so. */
function questionFor(
  intents: readonly Intent[],
  from: Meaning,
  to: Meaning,
  vocabulary: Vocabulary,
  language: Language,
  limits: DataLimits,
): string | undefined {
  const [intent, second] = intents;
  if (!intent || second) return undefined;
  const other = withMeaning(intent, from, to);
  return other && rephrase(other, language, vocabulary, limits);
}

function meaningWords(meaning: Meaning, language: Language): string {
  const words = wordsOf(language);
  if ("measure" in meaning) return measureWords(meaning.measure, language);
  if ("condition" in meaning) return conditionWords(meaning.condition, language);
  if ("extreme" in meaning) {
    return words.extreme(meaning.extreme, columnLabel(meaning.of, language));
  }
  if ("columns" in meaning) {
    return words.list(meaning.columns.map((column) => columnLabel(column, language)));
  }
  const { dimension } = meaning;
  const label = columnLabel(dimension.column, language);
  if (dimension.kind !== "time") return label;
  const alone = dimension.cyclic || dimension.unit === "year";
  return alone ? words.unitOf(dimension.unit, label) : words.eachUnit(dimension.unit, label);
}
