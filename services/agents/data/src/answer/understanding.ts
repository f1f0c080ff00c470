/** How a question was understood, for a person to check. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { PartKind, type UnderstandingSchema } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import type { Intent } from "../intent/intent.ts";
import type { UnderstoodKind, UnderstoodPart } from "../intent/understood.ts";
import type { Language } from "../language/lexicon.ts";
import { titleOf } from "./sentence.ts";
import { wordsOf } from "./words.ts";

const kinds: Readonly<Record<UnderstoodKind, PartKind>> = {
  measure: PartKind.MEASURE,
  group: PartKind.GROUP,
  filter: PartKind.FILTER,
  order: PartKind.ORDER,
};

export function understandingOf(
  intents: readonly Intent[],
  parts: readonly UnderstoodPart[],
  language: Language,
): MessageInitShape<typeof UnderstandingSchema> {
  const summaries = intents.map((intent) =>
    intent.kind === "describe" ? wordsOf(language).questions.describe : titleOf(intent, language),
  );
  return {
    summary: summaries.join("; "),
    parts: parts.map(({ kind, words, meaning, matched_by, alternatives }) => ({
      kind: kinds[kind],
      words,
      meaning,
      matchedBy: matched_by,
      alternatives: [...alternatives],
    })),
  };
}
