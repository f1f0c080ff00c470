/** Penguins. */
import { best, both, countPer, key, known, meanPer, of, where } from "../figures.ts";
import { asking, type Goal, type RefusedGoal, refusing } from "../goal.ts";
import { max, median, min, numbers, perGroup } from "../source.ts";

const penguins = asking("penguins.json");

export const penguinGoals: readonly Goal[] = [
  penguins.de("Wie schwer sind die Pinguine im Mittel, aufgeschlüsselt nach Art?", (rows) => ({
    groups: meanPer(rows, key("Species"), "Body Mass (g)"),
    rows: 3,
  })),
  penguins.en("Which species has the longest flippers on average?", (rows) =>
    best(meanPer(rows, key("Species"), "Flipper Length (mm)")),
  ),
  penguins.de("Anzahl der Pinguine pro Insel und Geschlecht", (rows) => ({
    rows: Object.keys(countPer(rows, both(key("Island"), key("Sex")))).length,
  })),
  penguins.en("smallest and largest body mass of female penguins on Dream island", (rows) => {
    const chosen = numbers(
      where(rows, (row) => row.Sex === "FEMALE" && row.Island === "Dream"),
      "Body Mass (g)",
    );
    return { figures: [min(chosen), max(chosen)] };
  }),
  penguins.de(
    "Wie viele Pinguine leben auf Biscoe oder Dream und wiegen mehr als 5 kg?",
    (rows) => ({
      figures: [
        where(
          rows,
          (row) =>
            (row.Island === "Biscoe" || row.Island === "Dream") &&
            Number(row["Body Mass (g)"]) > 5000,
        ).length,
      ],
    }),
  ),
  penguins.en("median beak depth by species but not Gentoo", (rows) => ({
    groups: perGroup(
      where(rows, (row) => row.Species !== "Gentoo"),
      key("Species"),
      of("Beak Depth (mm)", median),
    ),
    rows: 2,
  })),
  penguins.en("What's the distribution of flipper lengths?", (rows) => {
    const count = where(rows, known("Flipper Length (mm)")).length;
    return [{ rows: count, columns: ["Flipper Length (mm)"] }, { total: count }];
  }),
  penguins.de("Bei wie vielen Pinguinen ist kein Geschlecht eingetragen?", (rows) => ({
    figures: [rows.length - where(rows, known("Sex")).length],
  })),
];

const cannot = refusing("penguins.json");

export const penguinRefused: readonly RefusedGoal[] = [
  cannot.de("Schicke die Tabelle per Mail an Anna", "Schicke"),
  cannot.en("Which penguin swims the fastest?", "swims"),
];
