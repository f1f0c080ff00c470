// A filename that people recognise in their downloads and that every system takes.

const LETTERS_MAX = 60;

/** "Mittlerer Niederschlag pro Monat" becomes "mittlerer-niederschlag-pro-monat". */
export function filenameOf(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const name = words
    .join("-")
    .slice(0, LETTERS_MAX)
    .replace(/-[^-]*$/, (rest) => {
      return words.join("-").length > LETTERS_MAX ? "" : rest;
    });
  return name === "" ? "chart" : name;
}
