/** Barley, wheat, and what kills bacteria. */
import {
  both,
  distinct,
  key,
  known,
  line,
  meanPer,
  of,
  pairs,
  sumPer,
  where,
  winner,
} from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, mean, median, numbers, perGroup } from "../source.ts";

const barley = asking("barley.json");
const wheat = asking("wheat.json");
const bacteria = asking("burtin.json");

export const farmingGoals: readonly Goal[] = [
  barley.en("average yield by variety, highest first", (rows) => {
    const groups = meanPer(rows, key("variety"), "yield");
    return { groups, series: Object.values(groups).sort((a, b) => b - a) };
  }),
  barley.de("Welche Sorte brachte im Schnitt den höchsten Ertrag?", (rows) =>
    winner(meanPer(rows, key("variety"), "yield")),
  ),
  barley.en("Compare the mean yield of 1931 and 1932 at each site", (rows) => ({
    groups: meanPer(rows, both(key("site"), key("year")), "yield"),
    rows: 12,
  })),
  barley.de("Wie viele verschiedene Sorten gibt es?", (rows) => ({
    figures: [distinct(rows, "variety")],
  })),
  barley.en("What was the yield of Trebi in Waseca in 1932?", (rows) => ({
    figures: numbers(
      where(rows, (row) => row.variety === "Trebi" && row.site === "Waseca" && row.year === 1932),
      "yield",
    ),
  })),
  barley.de("Summe yield je site im Jahr 1931, bitte aufsteigend", (rows) => {
    const groups = sumPer(
      where(rows, (row) => row.year === 1931),
      key("site"),
      "yield",
    );
    return { groups, series: Object.values(groups).sort((a, b) => a - b) };
  }),
  barley.en("Which sites have a mean yield above 35?", (rows) => {
    const above = Object.entries(meanPer(rows, key("site"), "yield")).filter(([, y]) => y > 35);
    return { groups: Object.fromEntries(above), rows: above.length };
  }),
  wheat.de("In welchem Jahr war der Weizen am teuersten?", (rows) => ({
    figures: [of("wheat", max)(rows)],
    names: ["1810"],
  })),
  wheat.en("average wages before 1700", (rows) => ({
    figures: [of("wages", mean)(where(rows, (row) => Number(row.year) < 1700))],
  })),
  wheat.en("how strongly are wheat and wages correlated?", (rows) => ({
    figures: [line(pairs(rows, "wheat", "wages")).correlation],
  })),
  wheat.de("In wie vielen Zeilen fehlt wages?", (rows) => ({
    figures: [rows.length - where(rows, known("wages")).length],
  })),
  wheat.de("Lineare Steigung der wages über die Jahre", (rows) => {
    const priced = where(rows, known("wages"));
    const points = priced.map((row) => [Number(row.year), Number(row.wages)] as const);
    return { figures: [line(points).slope] };
  }),
  bacteria.en("median Penicillin by Gram staining", (rows) => ({
    groups: perGroup(rows, key("Gram_Staining"), of("Penicillin", median)),
    rows: 2,
  })),
  bacteria.de("Welches Bakterium braucht am meisten Neomycin?", () => ({
    figures: [40],
    names: ["Streptococcus viridans"],
  })),
  bacteria.en("how many gram-negative bacteria are there", (rows) => ({
    figures: [where(rows, (row) => row.Gram_Staining === "negative").length],
  })),
];

const cannot = refusing("barley.json");
const cannotWheat = refusing("wheat.json");

export const farmingRefused: readonly RefusedGoal[] = [
  cannot.en("How much fertilizer was used per site?", "fertilizer"),
  cannot.de("Welche Sorte schmeckt am besten?", "schmeckt"),
  cannotWheat.en("Set the wages of 1600 to 10", "Set"),
];
