// The words of the commands that ask people, replay tasks and keep plans, in both languages.

export interface CommandWords {
  readonly asks: string;
  readonly approval: string;
  readonly question: string;
  readonly options: string;
  readonly until: string;
  readonly deciders: string;
  readonly of: string;
  readonly takingBack: string;
  readonly tookBack: string;
  agree: string;
  why: string;
  answer: string;
  later: string;
  /** The command that says the word. */
  say(approval: boolean, task: string, step: string): string;
  agreed(step: string): string;
  declined(step: string): string;
  answered(step: string): string;
  handedOver(step: string, user: string): string;
  paused(task: string): string;
  nothingWaits: string;
  same(transitions: number, calls: number): string;
  diverges(transition: number, step: string): string;
  readonly recorded: string;
  readonly now: string;
  readonly absent: string;
  stored(name: string, version: number): string;
  deleted(name: string): string;
  noPlans: string;
  readonly version: string;
  readonly parameters: string;
  readonly needed: string;
  readonly triggers: string;
  readonly noTriggers: string;
  readonly next: string;
  readonly resting: string;
  types: readonly string[];
}

const english: CommandWords = {
  asks: "asks",
  approval: "agree?",
  question: "question",
  options: "one of",
  until: "until",
  deciders: "decides",
  of: "of",
  takingBack: "taking back",
  tookBack: "taken back",
  agree: "Agree? yes, no, or Enter to leave it: ",
  why: "Why not? (Enter: no reason) ",
  answer: "Answer (Enter to leave it): ",
  later: "Left as it is.",
  say: (approval, task, step) =>
    approval
      ? `keiko task approve ${task} ${step}   or: keiko task decline ${task} ${step} --note "why"`
      : `keiko task answer ${task} ${step} VALUE`,
  agreed: (step) => `Agreed: ${step}.`,
  declined: (step) => `Declined: ${step}.`,
  answered: (step) => `Answered: ${step}.`,
  handedOver: (step, user) => `${step} is for ${user} to decide now.`,
  paused: (task) => `${task} is paused. It goes on with: keiko task resume ${task}`,
  nothingWaits: "Nothing waits for your word.",
  same: (transitions, calls) =>
    `The same: ${transitions} ${transitions === 1 ? "transition" : "transitions"}${calls > 0 ? `, ${calls} ${calls === 1 ? "call" : "calls"} compared` : ""}.`,
  diverges: (transition, step) =>
    `It comes out otherwise ${transition === 0 ? "in the plan" : `at transition ${transition}`}${step ? `, step ${step}` : ""}.`,
  recorded: "recorded",
  now: "now",
  absent: "nothing",
  stored: (name, version) => `${name} is stored, version ${version}.`,
  deleted: (name) => `${name} is deleted.`,
  noPlans: "No plan is stored.",
  version: "version",
  parameters: "Parameters",
  needed: "needed",
  triggers: "Triggers",
  noTriggers: "It runs only when somebody runs it.",
  next: "next",
  resting: "rests",
  types: ["", "text", "whole number", "number", "yes or no", "file", "texts"],
};

const german: CommandWords = {
  asks: "fragt",
  approval: "Zustimmung?",
  question: "Frage",
  options: "möglich",
  until: "bis",
  deciders: "entscheidet",
  of: "von",
  takingBack: "wird zurückgenommen",
  tookBack: "zurückgenommen",
  agree: "Zustimmen? ja, nein, oder Eingabetaste für später: ",
  why: "Warum nicht? (Eingabetaste: ohne Grund) ",
  answer: "Antwort (Eingabetaste für später): ",
  later: "Bleibt, wie es ist.",
  say: (approval, task, step) =>
    approval
      ? `keiko task approve ${task} ${step}   oder: keiko task decline ${task} ${step} --note "Grund"`
      : `keiko task answer ${task} ${step} WERT`,
  agreed: (step) => `Zugestimmt: ${step}.`,
  declined: (step) => `Abgelehnt: ${step}.`,
  answered: (step) => `Beantwortet: ${step}.`,
  handedOver: (step, user) => `Über ${step} entscheidet jetzt ${user}.`,
  paused: (task) => `${task} ist angehalten. Weiter geht es mit: keiko task resume ${task}`,
  nothingWaits: "Nichts wartet auf eine Entscheidung.",
  same: (transitions, calls) =>
    `Gleich: ${transitions} ${transitions === 1 ? "Übergang" : "Übergänge"}${calls > 0 ? `, ${calls} ${calls === 1 ? "Aufruf" : "Aufrufe"} verglichen` : ""}.`,
  diverges: (transition, step) =>
    `Es kommt anders heraus ${transition === 0 ? "im Plan" : `bei Übergang ${transition}`}${step ? `, Schritt ${step}` : ""}.`,
  recorded: "aufgezeichnet",
  now: "jetzt",
  absent: "nichts",
  stored: (name, version) => `${name} ist gespeichert, Fassung ${version}.`,
  deleted: (name) => `${name} ist gelöscht.`,
  noPlans: "Kein Plan ist gespeichert.",
  version: "Fassung",
  parameters: "Parameter",
  needed: "nötig",
  triggers: "Auslöser",
  noTriggers: "Läuft nur, wenn jemand ihn startet.",
  next: "nächstes Mal",
  resting: "ruht",
  types: ["", "Text", "ganze Zahl", "Zahl", "ja oder nein", "Datei", "Texte"],
};

/** "de" or anything else. */
export function commandWordsOf(language: string | undefined): CommandWords {
  return language === "de" ? german : english;
}
