/**
 * Finds skills by words, German and English. Titles, summaries and examples of the contracts are
 * the documents; both languages are indexed together, since people mix them, each word by its stem.
 */

import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as german } from "@orama/stemmers/german";
import MiniSearch from "minisearch";

/** Words that say nothing about what is wanted. */
const empty = new Set(
  (
    "a an the of in on for to and or is are was were me my i it this that with from by as please show give " +
    "der die das den dem des ein eine einen einem einer und oder ist sind war mir mein ich es dies diese diesen mit von " +
    "aus für nach im am als bitte zeig zeige gib"
  ).split(" "),
);

export interface SkillIndex {
  put(skill: Skill): void;
  remove(name: string): void;
  /** Best first; ties by name. */
  search(query: string): { name: string; score: number }[];
}

export function createSkillIndex(): SkillIndex {
  const index = new MiniSearch<{ id: string; title: string; summary: string; examples: string }>({
    fields: ["title", "summary", "examples"],
    tokenize: tokens,
    processTerm: (term) => term,
    searchOptions: { boost: { title: 2, examples: 1.5 }, prefix: prefixed, fuzzy: fuzziness },
  });
  return {
    put(skill) {
      if (index.has(skill.name)) index.discard(skill.name);
      const { title, summary, examplesEn = [], examplesDe = [] } = skill.contract ?? {};
      index.add({
        id: skill.name,
        title: [title?.en, title?.de, skill.method.replaceAll(/[./]|(?=[A-Z])/g, " ")].join(" "),
        summary: [summary?.en, summary?.de].join(" "),
        examples: [...examplesEn, ...examplesDe].join(" "),
      });
    },
    remove(name) {
      if (index.has(name)) index.discard(name);
    },
    search(query) {
      return index
        .search(query)
        .map(({ id, score }) => ({ name: id as string, score }))
        .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
    },
  };
}

const prefixed = (term: string) => term.length >= 4;
const fuzziness = (term: string) => (term.length >= 6 ? 0.17 : false);

/** Stems of both languages for each word: "Balken" meets "balk", "charts" meets "chart". */
function tokens(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const stems = words
    .filter((word) => word.length > 1 && !empty.has(word))
    .flatMap((word) => [english(word), german(word)]);
  return [...new Set(stems)];
}
