// The few words that commands say about a task, in the language of the task.

import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";

export interface Words {
  readonly tag: string;
  readonly state: Readonly<Record<State, string>>;
  rows(shown: number, all: number): string;
  columns(hidden: number): string;
  written(files: readonly string[]): string;
  hint(count: number): string;
  steps(n: number): string;
  readonly try: string;
  readonly remedy: string;
  readonly field: string;
  readonly missing: string;
  readonly truth: readonly [no: string, yes: string];
  cancelling: string;
  cancelled(task: string): string;
  waiting(url: string, task: string): string;
  lost(task: string): string;
}

const english: Words = {
  tag: "en-US",
  state: {
    [State.UNSPECIFIED]: "unknown",
    [State.QUEUED]: "queued",
    [State.RUNNING]: "running",
    [State.WAITING]: "waiting",
    [State.SUCCEEDED]: "done",
    [State.FAILED]: "failed",
    [State.CANCELLED]: "cancelled",
    [State.COMPENSATED]: "taken back",
    [State.SKIPPED]: "skipped",
    [State.PAUSED]: "paused",
    [State.STOPPING]: "stopping",
  },
  rows: (shown, all) => `first ${shown} of ${all} rows`,
  columns: (hidden) => `${hidden} more columns`,
  written: (files) => `written: ${files.join(", ")}`,
  hint: (count) => (count === 1 ? "--out DIR writes it there" : "--out DIR writes them there"),
  steps: (n) => (n === 1 ? "1 step" : `${n} steps`),
  try: "try",
  remedy: "remedy",
  field: "field",
  missing: "–",
  truth: ["no", "yes"],
  cancelling: "Cancelling … (Ctrl-C again leaves at once)",
  cancelled: (task) => `Cancelled ${task}.`,
  waiting: (url, task) => `${task} waits for a person to decide: ${url}`,
  lost: (task) =>
    `The connection to Keiko broke. ${task} goes on, or will when Keiko runs again: keiko task show ${task}`,
};

const german: Words = {
  tag: "de-DE",
  state: {
    [State.UNSPECIFIED]: "unbekannt",
    [State.QUEUED]: "wartet",
    [State.RUNNING]: "läuft",
    [State.WAITING]: "braucht eine Entscheidung",
    [State.SUCCEEDED]: "fertig",
    [State.FAILED]: "gescheitert",
    [State.CANCELLED]: "abgebrochen",
    [State.COMPENSATED]: "zurückgenommen",
    [State.SKIPPED]: "übersprungen",
    [State.PAUSED]: "angehalten",
    [State.STOPPING]: "wird beendet",
  },
  rows: (shown, all) => `erste ${shown} von ${all} Zeilen`,
  columns: (hidden) => `${hidden} weitere Spalten`,
  written: (files) => `geschrieben: ${files.join(", ")}`,
  hint: () => "--out ORDNER schreibt die Dateien dorthin",
  steps: (n) => (n === 1 ? "1 Schritt" : `${n} Schritte`),
  try: "möglich",
  remedy: "Abhilfe",
  field: "Feld",
  missing: "–",
  truth: ["nein", "ja"],
  cancelling: "Wird abgebrochen … (noch einmal Strg-C beendet sofort)",
  cancelled: (task) => `${task} ist abgebrochen.`,
  waiting: (url, task) => `${task} wartet auf die Entscheidung eines Menschen: ${url}`,
  lost: (task) =>
    `Die Verbindung zu Keiko ist abgerissen. ${task} läuft weiter, spätestens wenn Keiko wieder läuft: keiko task show ${task}`,
};

/** "de" or anything else, as a plan says it. */
export function wordsOf(language: string | undefined): Words {
  return language === "de" ? german : english;
}
