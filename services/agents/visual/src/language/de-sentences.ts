// Deutsch: jeder Satz über ein Diagramm. Hier erweitern, sonst nirgends.

import type { MarkName } from "../marks/mark.ts";
import type { Sentences } from "./language.ts";

/** Wie eine Darstellung im Wunsch heißt. */
const ASK_MARKS: Readonly<Record<MarkName, string>> = {
  bar: "Balkendiagramm",
  line: "Linie",
  area: "Fläche",
  point: "Streudiagramm",
  histogram: "Histogramm",
  box: "Boxplot",
  heatmap: "Heatmap",
  pie: "Kreisdiagramm",
  donut: "Ringdiagramm",
  dot: "Punktdiagramm",
  range: "Spannendiagramm",
};

const VERBS: Readonly<Record<string, string>> = {
  mean: "Mittelwert",
  avg: "Mittelwert",
  average: "Mittelwert",
  median: "Median",
  sum: "Summe",
  min: "Kleinster Wert",
  max: "Größter Wert",
  count: "Anzahl",
  stddev: "Standardabweichung",
};
const GROUPS: Readonly<Record<string, string>> = {
  year: "Jahr",
  month: "Monat",
  quarter: "Quartal",
  week: "Woche",
  weekday: "Wochentag",
  day: "Tag",
  hour: "Stunde",
};
const STRENGTH = {
  none: "keinen",
  weak: "einen schwachen",
  clear: "einen deutlichen",
  strong: "einen starken",
};

export const say: Sentences = {
  inside: (label) => label,
  markNames: {
    bar: "Balkendiagramm",
    line: "Liniendiagramm",
    point: "Streudiagramm",
    histogram: "Histogramm",
    area: "Flächendiagramm",
    box: "Boxplot",
    heatmap: "Heatmap",
    pie: "Kreisdiagramm",
    donut: "Ringdiagramm",
    dot: "Punktdiagramm",
    range: "Spannendiagramm",
  },
  count: "Anzahl",
  value: "Wert",
  measure: "Größe",
  truth: ["nein", "ja"],
  missing: "(ohne Angabe)",
  quarter: (n, year) => `${n}. Quartal ${year}`,
  share: (of) => `Anteil an ${of}`,
  others: (count) => `Übrige (${count})`,
  from: (of) => `${of} von`,
  to: (of) => `${of} bis`,
  fromTo: (low, high) => `${low} bis ${high}`,
  three: (median, lower, upper) => `Median ${median}, mittlere Hälfte ${lower} bis ${upper}`,
  fiveNames: ["Unteres Ende", "Unteres Quartil", "Median", "Oberes Quartil", "Oberes Ende"],
  five: (median, lower, upper, low, high) =>
    `Median ${median}, mittlere Hälfte ${lower} bis ${upper}, Enden ${low} und ${high}`,
  inUnit: (unit) => (unit.length > 3 ? unit : `in ${unit}`),
  computed(verb, of) {
    if (GROUPS[verb]) return GROUPS[verb];
    if (verb === "count" && (of === "*" || of === "")) return "Anzahl";
    return VERBS[verb] ? `${VERBS[verb]} von ${of}` : null;
  },
  title: {
    by: (value, category) => `${value} nach ${category}`,
    overTime: (value) => `${value} im Zeitverlauf`,
    against: (y, x) => `${y} gegen ${x}`,
    distribution: (of) => `Verteilung von ${of}`,
  },
  remark: {
    top: (shown, all, lowest) => `Die ${shown} ${lowest ? "niedrigsten" : "höchsten"} von ${all}`,
    first: (shown, all) => `Die ersten ${shown} von ${all}`,
    series: (shown, all, lowest) =>
      `Die ${shown} von ${all} mit dem ${lowest ? "niedrigsten" : "höchsten"} letzten Wert`,
    total: (value, by) => `Summe von ${value} je ${by}`,
    mean: (value, by) => `Mittelwert von ${value} je ${by}`,
    sample: (shown, all) => `${shown} von ${all} Punkten, gleichmäßig ausgewählt`,
    only: (names) => `Nur ${names}`,
    without: (names) => `Ohne ${names}`,
    missing: (rows) => `Ohne ${rows} Zeilen, denen ein Wert fehlt`,
    firstRows: (rows, all) => `Die ersten ${rows} von ${all} Zeilen`,
  },
  reason: {
    asked: (mark) => `${mark}, wie gewünscht.`,
    because: {
      bar: (mark, value, x, ordered) => {
        if (x === null) return `${mark}, weil wenige Zahlen miteinander verglichen werden.`;
        return ordered
          ? `${mark}, weil „${value}“ entlang „${x}“ verglichen wird; die Reihenfolge bleibt.`
          : `${mark}, weil „${value}“ zwischen den Werten von „${x}“ verglichen wird; die längsten zuerst.`;
      },
      line: (mark, value, x) =>
        `${mark}, weil „${x}“ eine Reihenfolge ist und die Linie zeigt, wie sich „${value}“ bewegt.`,
      area: (mark, value, x) =>
        `${mark}, weil sich „${value}“ entlang „${x}“ ansammelt und die Fläche von null aus wächst.`,
      point: (mark, value, x) =>
        `${mark}, weil „${x}“ und „${value}“ zwei Zahlen derselben Zeilen sind.`,
      histogram: (mark, value) =>
        `${mark}, weil „${value}“ eine Zahl je Zeile ist und es darum geht, wie sie sich verteilt.`,
      box: (mark) => `${mark}, weil die Tabelle Quartile enthält.`,
      heatmap: (mark, value, x) =>
        `${mark}, weil „${value}“ für jedes Paar aus „${x}“ und einer zweiten Gruppe da ist: zu viele Balken, aber gut als Farben.`,
      pie: (mark) => `${mark}, weil es um Teile eines Ganzen geht.`,
      donut: (mark) => `${mark}, weil es um Teile eines Ganzen geht.`,
      dot: (mark, value) => `${mark}, weil „${value}“ für jeden Namen einzeln steht.`,
      range: (mark) => `${mark}, weil die Tabelle einen kleinsten und einen größten Wert enthält.`,
    },
    instead: (wanted, mark) => `${mark} statt ${wanted}: Es zeigt dasselbe genauer.`,
    notPossible: (wanted, why, mark) => `${mark} statt ${wanted}: ${why}.`,
  },
  needs: {
    order: "Dazu gehört eine Zeit oder eine Spalte mit eigener Reihenfolge",
    twoNumbers: "Dazu gehören zwei Spalten mit Zahlen",
    numbers: "Dazu gehört eine Spalte mit vielen Zahlen",
    names: "Dazu gehört eine Spalte mit Namen",
    twoGroups: "Dazu gehören zwei Spalten mit Gruppen",
    lowAndHigh: "Dazu gehören ein kleinster und ein größter Wert je Name",
    parts: "Dazu gehören Teile eines Ganzen, ohne negative Zahlen",
    fewBars: "So viele Balken wären nicht zu unterscheiden",
  },
  denied: {
    mark: (mark) => mark,
    log: "Logarithmische Skala",
    stacked: "Gestapelt",
    normalised: "Anteile",
    grouped: "Nebeneinander",
    panels: "Einzeldiagramme",
    trend: "Trendlinie",
    swap: "Achsen tauschen",
    zero: "Eine Achse ohne null",
    noSwap: (mark) => `Ein ${mark} hat eine feste Richtung`,
    numbers: "Zahlen anzeigen",
    noRoom: "Neben so vielen Marken ist kein Platz; darauf zeigen nennt jede",
    zeroNeeded: "Balken und Flächen messen von null aus",
    noZero: (label) => `„${label}“ enthält null oder negative Zahlen, die keinen Logarithmus haben`,
    noScale: (mark) => `Ein ${mark} hat keine solche Skala`,
    said: (what, why) => `${what} geht hier nicht: ${why}.`,
  },
  poor: {
    manySlices: (n) =>
      `${n} Teile sind als Winkel kaum zu vergleichen; Balken zeigen die Unterschiede genau.`,
    manyStacked: (n) =>
      `Von ${n} gestapelten Reihen lässt sich nur die unterste gut ablesen; einzeln sind alle lesbar.`,
    manyLines: (n) => `${n} Linien wären ein Knäuel; gezeigt werden die höchsten.`,
    stackedNegative:
      "Negative Werte heben sich in einem Stapel nicht sichtbar auf; nebeneinander sind sie lesbar.",
    addsNothing: (label) =>
      `„${label}“ ergibt zusammengezählt kein Ganzes; nebeneinander sind die Werte vergleichbar.`,
    logBars:
      "Balken messen von null aus, und für null gibt es keinen Logarithmus; Punkte zeigen dasselbe ohne diese Länge.",
  },
  ask: {
    mark: (mark) => `als ${ASK_MARKS[mark]}`,
    top: (n) => `nur die ${n} größten`,
    grouped: "nebeneinander statt gestapelt",
    panels: "als Einzeldiagramme",
    linear: "lineare Skala",
  },
  change: {
    mark: (mark) => `als ${mark}`,
    stacked: "gestapelt",
    grouped: "nebeneinander",
    normalised: "als Anteile am Ganzen",
    log: "mit logarithmischer Skala",
    linear: "mit linearer Skala",
    sort: ({ by, descending }) =>
      by === "given"
        ? "in der Reihenfolge der Tabelle"
        : `nach ${by === "name" ? "Namen" : "Wert"} ${descending ? "absteigend" : "aufsteigend"} sortiert`,
    limit: ({ count, end }) => `nur die ${count} ${end === "top" ? "größten" : "kleinsten"}`,
    all: "wieder mit allen",
    horizontal: "waagerecht",
    vertical: "senkrecht",
    swap: "mit getauschten Achsen",
    trend: "mit Trendlinie",
    noTrend: "ohne Trendlinie",
    panels: (label) => `ein Diagramm je ${label}`,
    onePanel: "wieder in einem Diagramm",
    colour: (label) => `Farben nach ${label}`,
    noColour: "in einer Farbe",
    without: (names) => `ohne ${names}`,
    only: (names) => `nur ${names}`,
    zero: "Achse ab null",
    noZero: "Achse nicht ab null",
    numbers: "mit Zahlen",
    noNumbers: "ohne Zahlen",
    title: (title) => `mit dem Titel „${title}“`,
    columns: (values, others) => (others === "" ? `mit ${values}` : `mit ${values} nach ${others}`),
    sentence: (clauses) => `Jetzt ${clauses.join(", ")}.`,
  },
  alternative: {
    opening: (mark, title) => `${mark}: ${title}.`,
    extremes: (most, mostValue, least, leastValue) =>
      `Am höchsten: ${most} mit ${mostValue}; am niedrigsten: ${least} mit ${leastValue}.`,
    single: (name, value) => `${name}: ${value}.`,
    allEqual: (value) => `Alle haben denselben Wert, ${value}.`,
    rises: (from, a, to, b) => `Der Wert steigt von ${a} (${from}) auf ${b} (${to}).`,
    falls: (from, a, to, b) => `Der Wert fällt von ${a} (${from}) auf ${b} (${to}).`,
    steady: (from, a, to, b) =>
      `Der Wert endet etwa dort, wo er begann: ${a} (${from}), ${b} (${to}).`,
    series: (count, names) => `${count} Reihen: ${names}.`,
    seriesPeak: (series, category, value) => `${series} am höchsten bei ${category} mit ${value}.`,
    seriesChange: (series, from, to) => `${series}: von ${from} auf ${to}.`,
    bars: (n) => `${n} Balken.`,
    points: (n) => `${n} Punkte.`,
    correlation: (strength, rises, r) =>
      strength === "none"
        ? `Einen linearen Zusammenhang gibt es kaum (r = ${r}).`
        : `Es gibt ${STRENGTH[strength]} Zusammenhang: Wächst das eine, ${rises ? "wächst auch das andere" : "sinkt das andere"} (r = ${r}).`,
    groupMiddle: (group, x, y) => `${group}: im Mittel ${x} und ${y}.`,
    range: (label, from, to) => `${label}: von ${from} bis ${to}.`,
    histogram: (n, from, to, median) =>
      `${n} Werte von ${from} bis ${to}; die Hälfte liegt unter ${median}.`,
    peak: (from, to, count, share) =>
      `Die meisten liegen zwischen ${from} und ${to}: ${count} Werte (${share}).`,
    boxes: (n) => `${n} Boxen.`,
    box: (name, median, lower, upper, low, high) =>
      `${name === "" ? "Alle" : name}: Median ${median}, die mittlere Hälfte zwischen ${lower} und ${upper}, die Enden bei ${low} und ${high}.`,
    middle: (name, median, lower, upper) =>
      `${name === "" ? "Alle" : name}: Median ${median}, die mittlere Hälfte zwischen ${lower} und ${upper}.`,
    cells: (across, down) => `${across} Spalten und ${down} Zeilen.`,
    slices: (n) => `${n} Teile.`,
    ranges: (n) => `${n} Spannen.`,
    widest: (name, low, high) => `Am weitesten: ${name} von ${low} bis ${high}.`,
    narrowest: (name, low, high) => `Am engsten: ${name} von ${low} bis ${high}.`,
    panels: (n, label) => `${n} Einzeldiagramme, eines je ${label}.`,
    log: "Die Skala ist logarithmisch.",
    skew: (right) => `Die Verteilung läuft nach ${right ? "oben" : "unten"} lang aus.`,
  },
  refusal: {
    noColumns: {
      message: "Die Tabelle hat keine Spalten; es gibt nichts zu zeichnen.",
      remedy: "Eine Tabelle mit mindestens einer Zahlenspalte angeben.",
    },
    noRows: {
      message: "Die Tabelle hat keine Zeilen; es gibt nichts zu zeichnen.",
      remedy: "Filter oder Zeitraum weiter fassen, sodass mindestens eine Zeile bleibt.",
    },
    noNumbers: (columns) => ({
      message: `Keine Spalte der Tabelle enthält Zahlen; vorhanden sind: ${columns}.`,
      remedy: "Zuerst nach einer Zahl fragen, zum Beispiel nach der Anzahl je Gruppe.",
    }),
    allMissing: (columns) => ({
      message: `In den Zahlenspalten fehlt jeder Wert: ${columns}.`,
      remedy: "Eine Spalte wählen, die Werte hat.",
    }),
    unknown: {
      message: "Aus diesen Worten geht nicht hervor, was am Diagramm anders sein soll.",
      remedy:
        "Eine Darstellung, Skala, Reihenfolge, Anzahl oder Ausrichtung nennen, zum Beispiel „als Linie“.",
    },
    denied: (what, why) => ({
      message: `${what} geht mit diesen Zahlen nicht: ${why}.`,
      remedy: "Eine Darstellung wählen, die zu den Spalten passt.",
    }),
    nothingLeft: {
      message: "Danach wäre nichts mehr zu zeichnen.",
      remedy: "Weniger auslassen; „alle“ holt alles zurück.",
    },
    suggestions: {
      draw: ["Zähle die Zeilen je Gruppe als Balkendiagramm"],
      change: ["als Balkendiagramm", "nur die 5 größten", "nach Namen sortieren"],
    },
  },
};
