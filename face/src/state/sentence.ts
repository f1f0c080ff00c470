// Sets off in an answer what was asked for: the values of the table that the sentence names.

import type { Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

export interface Span {
  text: string;
  strong: boolean;
}

const strongMax = 3;

/** Splits a sentence into plain and strong spans. When it names more values than a reader could
 * take for the answer, none is strong. */
export function spansOf(sentence: string, tables: readonly Table[]): Span[] {
  const values = new Set(
    tables.flatMap(({ rows }) =>
      rows.flatMap(({ cells }) =>
        cells.flatMap(({ value }) =>
          value.case === "text" && value.value.trim().length > 1 ? [value.value] : [],
        ),
      ),
    ),
  );
  const found = [...values].filter((value) => whole(value).test(sentence));
  const outer = found.filter((value) => !found.some((o) => o !== value && o.includes(value)));
  if (outer.length === 0 || outer.length > strongMax) return [{ text: sentence, strong: false }];
  const pattern = new RegExp(`(${outer.map((value) => whole(value).source).join("|")})`, "u");
  return sentence
    .split(pattern)
    .map((text, index) => ({ text, strong: index % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

const whole = (value: string): RegExp => {
  const literal = value.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "u");
};
