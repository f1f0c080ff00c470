/**
 * What German needs to put an adjective before a noun: its gender. Only nouns that are known take
 * one ("mittlerer Niederschlag"); of any other name it is safer to say "Mittelwert von".
 */
import { fold } from "../language/tokens.ts";

export type Gender = "m" | "f" | "n" | "plural";

const nouns: Readonly<Record<Gender, string>> = {
  m: `
    Niederschlag Regen Wind Schnee Druck Luftdruck Preis Kurs Umsatz Gewinn Verlust Betrag Rabatt
    Absatz Ertrag Hubraum Verbrauch Radius Lohn Wert Messwert Anteil Abstand Export Import`,
  f: `
    Temperatur Leistung Menge Masse Höhe Tiefe Länge Breite Größe Fläche Dauer Stärke Magnitude
    Marge Steuer Distanz Strecke Note Rate Quote Zahl Miete Spende`,
  n: `Gewicht Alter Volumen Einkommen Gehalt Budget Vermögen Tempo`,
  plural: `Todesfälle Kosten Menschen Emissionen Ausgaben Einnahmen Verkäufe Besucher Einwohner`,
};

const known = new Map<string, Gender>(
  Object.entries(nouns).flatMap(([gender, words]) =>
    words
      .trim()
      .split(/\s+/)
      .map((word) => [fold(word), gender as Gender] as const),
  ),
);

/** Endings that are always of one gender. */
const feminine = /\p{L}{3}(ung|heit|keit|schaft|tät|tion)$/u;

/** Gender of a name that is one German noun; a compound has that of its last part. */
export function genderOf(name: string): Gender | undefined {
  if (!/^\p{Lu}\p{Ll}+$/u.test(name)) return undefined;
  const word = fold(name);
  const own = known.get(word);
  if (own) return own;
  for (let at = 3; at <= word.length - 5; at++) {
    const last = known.get(word.slice(at));
    if (last) return last;
  }
  // "Temperature" and "Population" are names of files in English, too: only what is German alone.
  return feminine.test(word) && !word.endsWith("tion") ? "f" : undefined;
}
