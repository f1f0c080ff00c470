import type { englishActivity } from "./english-activity.ts";
import { plural } from "./plural.ts";

export const germanActivity = {
  activity: {
    title: "Aktivität",
    filter: "Nach Art filtern",
    all: "Alles",
    missed: (n: number) =>
      `bietet niemand mehr an; ${n} ${plural(n, "offene Aufgabe braucht", "offene Aufgaben brauchen")} es`,
    kinds: { workloads: "Dienste", tasks: "Aufgaben", policy: "Regeln", files: "Dateien" },
    empty: "Seit dem Öffnen dieser Seite ist nichts geschehen.",
    emptyHint:
      "Agenten, die kommen und gehen, Aufgaben mit ihren Schritten, Regeln und Dateien erscheinen hier.",
    emptyKind: "Nichts dieser Art ist seit dem Öffnen der Seite geschehen.",
    gap: "Hier kann etwas fehlen: Was inzwischen geschah, ist nicht mehr gespeichert.",
    pause: "Anhalten",
    resume: "Fortsetzen",
    waiting: (n: number) => `${n} ${plural(n, "wartet", "warten")}`,
    pausedAt: "Neue Zeilen warten bis zum Fortsetzen",
    news: (n: number) => `${n} ${plural(n, "neues Ereignis", "neue Ereignisse")}`,
    unknownTask: (id: string) => `Aufgabe ${id}`,
    policy: (revision: string) => `Regelwerk ${revision}`,
    inForce: "gilt jetzt",
    stored: (size: string) => `wurde gespeichert, ${size}`,
    steps: (n: number) => `${n} ${plural(n, "Schritt", "Schritte")}`,
    showSteps: (goal: string) => `Schritte von „${goal}“`,
    attempt: (n: number) => `Versuch ${n}`,
    step: (id: string) => `Schritt ${id}`,
    workloads: {
      came: "hat sich angemeldet",
      changed: "bietet jetzt anderes an",
      left: "hat sich abgemeldet",
      lapsed: "meldet sich nicht mehr",
    },
    tasks: {
      queued: "ist eingereiht",
      running: "läuft",
      waiting: "wartet auf eine Entscheidung",
      succeeded: "ist erledigt",
      failed: "ist fehlgeschlagen",
      refused: "wurde abgelehnt",
      cancelled: "wurde abgebrochen",
      compensated: "wurde rückgängig gemacht",
      skipped: "wurde übersprungen",
      paused: "ist angehalten",
      stopping: "wird beendet",
    },
  },
} satisfies typeof englishActivity;
