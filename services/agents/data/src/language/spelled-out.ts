/** Ways of writing that leave words out, written so that each word stands by itself. Pure. */

const headMax = 60;

/** "Laufzeit: Mittelwert und Median", „Höchst- und Tiefstkurs“, „zweithöchste“. */
export function spelledOut(question: string): string {
  const ordinal = question.replace(
    /\b(zweit|dritt|viert|fünft)(?=\p{L}+st(e[nmrs]?)?\b)/giu,
    "$1 ",
  );
  const halves = ordinal.replace(/(\p{L}{3,})-(?=\s+(?:und|oder|and|or)\s)/giu, "$1");
  const colon = halves.indexOf(": ");
  const heading = colon > 0 && colon <= headMax && !/[.?!;:]/.test(halves.slice(0, colon));
  return heading ? `${halves.slice(0, colon)}${halves.slice(colon + 1)}` : halves;
}
