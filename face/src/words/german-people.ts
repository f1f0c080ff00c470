import type { englishPeople } from "./english-people.ts";
import { plural } from "./plural.ts";

// Was die Konsole sagt, wo Menschen entscheiden, lenken und prüfen.

export const germanPeople = {
  inbox: {
    title: "Eingang",
    empty: "Keine Entscheidung steht aus.",
    emptyHint:
      "Schritte, die Zustimmung brauchen, und Fragen, die nur ein Mensch beantworten kann, erscheinen hier.",
    count: (n: number) =>
      `${n} ${plural(n, "Entscheidung steht aus", "Entscheidungen stehen aus")}`,
    news: (title: string) => `Neu im Eingang: ${title}`,
    of: (owner: string) => `angefragt von ${owner}`,
    task: "Aufgabe öffnen",
  },
  decide: {
    approval: "Braucht Zustimmung",
    question: "Rückfrage",
    agree: "Zustimmen",
    decline: "Ablehnen",
    reallyDecline: "Ablehnen und Aufgabe beenden",
    note: "Warum nicht",
    noteHint:
      "Die Aufgabe geht dann nicht weiter. Was schon geschehen ist, wird rückgängig gemacht, soweit das geht.",
    hand: "Weitergeben",
    handTo: "Wer stattdessen entscheidet",
    handHint: "Der Name bei der Anmeldung",
    answer: "Antworten",
    back: "Zurück",
    deciders: (list: string) => `für ${list}`,
    expires: (when: string) => `offen bis ${when}`,
    since: "wartet seit",
    yes: "Ja",
    no: "Nein",
    choose: "Auswählen",
    perLine: "Eines pro Zeile",
    chooseFile: "Datei auswählen",
    otherFile: "Andere Datei auswählen",
    uploading: "Wird hochgeladen",
    wanted: {
      unspecified: "Ein Text",
      text: "Ein Text",
      integer: "Eine ganze Zahl",
      number: "Eine Zahl",
      truth: "Ja oder nein",
      file: "Eine Datei",
      texts: "Texte",
    },
    invalid: {
      unspecified: "Hier fehlt noch etwas.",
      text: "Hier fehlt noch etwas.",
      integer: "Hier passt nur eine ganze Zahl.",
      number: "Hier passt nur eine Zahl.",
      truth: "Ja oder Nein ist zu wählen.",
      file: "Eine Datei ist zu wählen.",
      texts: "Mindestens eines ist anzugeben.",
    },
    decidedBy: "Entschieden von",
    done: "Das ist vermerkt.",
  },
  steer: {
    pause: "Anhalten",
    pausing: "Wird angehalten",
    resume: "Weiter",
    pausedText:
      "Angehalten: Bis es weitergeht, beginnt nichts Neues. Was schon lief, darf zu Ende laufen.",
    stoppingText:
      "Es geht nicht weiter. Was schon geschehen ist, wird rückgängig gemacht, soweit das geht.",
    itemsOf: (done: number, all: number) => `${done} von ${all}`,
    items: "Die einzelnen Elemente",
    moreItems: (n: number) => `und ${n} weitere`,
    item: (n: number) => `Element ${n}`,
    child: "Läuft als eigene Aufgabe",
    parent: "Teil einer anderen Aufgabe",
    plan: (name: string, version: number) => `Plan ${name}, Fassung ${version}`,
    bySchedule: "vom Zeitplan gestartet",
    byEvent: "von einem Ereignis gestartet",
    condition: "Nur wenn",
    loop: "Wiederholt",
    loopOf: (source: string, max: number) => `für jedes aus ${source}, höchstens ${max}`,
    each: "jedes",
    consent: "Zustimmung",
  },
  undo: {
    title: "Rückgängig, das Letzte zuerst",
    states: {
      queued: "Wird noch rückgängig gemacht",
      running: "Wird rückgängig gemacht",
      succeeded: "Rückgängig gemacht",
      failed: "Ließ sich nicht rückgängig machen",
    },
  },
  budget: {
    title: "Budget",
    spent: (spent: string) => `${spent} ausgegeben`,
    spentOf: (spent: string, max: string) => `${spent} von ${max} ausgegeben`,
    reserved: (sum: string) => `bis zu ${sum} kommen durch Laufendes hinzu`,
  },
  replay: {
    title: "Wiederholung",
    recorded: "Aufzeichnung wiederholen",
    current: "Mit heute vergleichen",
    hint: "Die Aufgabe läuft noch einmal aus ihrem Journal. Außerhalb wird nichts aufgerufen oder geändert.",
    busy: "Wird wiederholt",
    same: "Kommt gleich heraus",
    counts: (transitions: string, calls: number) =>
      calls > 0
        ? `${transitions} Übergänge wiederholt, ${calls} ${plural(calls, "Aufruf", "Aufrufe")} verglichen`
        : `${transitions} Übergänge wiederholt`,
    differs: "Kommt anders heraus",
    at: (transition: number) => (transition === 0 ? "im Plan" : `bei Übergang ${transition}`),
    field: "Feld",
    was: "Aufgezeichnet",
    now: "Jetzt",
    absent: "nichts",
  },
} satisfies typeof englishPeople;
