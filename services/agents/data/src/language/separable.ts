/** German verbs whose particle stands at the end: „gibt … aus“ is „ausgegeben“. Pure. */

const verbs: readonly (readonly [verb: string, particle: string, joined: string])[] = [
  ["geht|gehen|ging|gingen", "weg|raus", "verkauft"],
  ["geht|gehen|ging|gingen", "zurück", "zurückgegangen"],
  ["gibt|geben|gab|gaben", "aus", "ausgegeben"],
  ["nimmt|nehmen|nahm|nahmen", "ein", "eingenommen"],
  ["nimmt|nehmen|nahm|nahmen", "zu", "zugenommen"],
  ["nimmt|nehmen|nahm|nahmen", "ab", "abgenommen"],
  ["legt|legen|legte|legten", "zu", "zugelegt"],
  ["steigt|steigen|stieg|stiegen", "an", "angestiegen"],
  ["setzt|setzen|setzte|setzten", "um", "umgesetzt"],
  ["spielt|spielen|spielte|spielten", "ein", "eingespielt"],
  ["kommt|kommen|kam|kamen", "um", "umgekommen"],
  ["kommt|kommen|kam|kamen", "vor", "vorkommen"],
  ["fällt|fallen|fiel|fielen", "an", "angefallen"],
  ["schneidet|schneiden|schnitt|schnitten", "ab", "abgeschnitten"],
  ["findet|finden|fand|fanden", "statt", "stattgefunden"],
  ["tritt|treten|trat|traten", "auf", "aufgetreten"],
  ["weist|weisen|wies|wiesen", "auf", "aufweisen"],
  ["summiere?|summieren", "auf", "aufsummieren"],
  ["addiere?|addieren", "auf", "aufsummieren"],
];

const patterns = verbs.map(([verb, particle, joined]) => ({
  // At least one word between the two; beside each other they stand in the lexicon.
  split: new RegExp(
    `(?<!\\p{L})(?:${verb})((?: [^ ,.;:?!]+)+?) (?:${particle})(?= *(?:$|[,.;:?!]| (?:und|oder) ))`,
    "iu",
  ),
  joined,
}));

/** The question with such verbs in one word, where their particle stands. */
export const joinedVerbs = (question: string): string =>
  // „vorn“ without its ending would be taken for „vor“.
  patterns.reduce(
    (text, { split, joined }) =>
      text.replace(split, (_, between: string) => `${between.trim()} ${joined}`),
    question.replace(/(?<!\p{L})vorn(?= *(?:$|[,.;:?!]))/giu, "vorne"),
  );
