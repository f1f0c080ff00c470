// Deutsch: die Wörter eines Wunsches und jeder Satz über ein Diagramm. Hier erweitern, sonst nirgends.

import type { Language, Sentences, WishWords } from "./language.ts";

const wish: WishWords = {
  marks: {
    bar: ["balken", "*balkendiagramm*", "*balkengrafik*", "säule*", "*säulendiagramm*"],
    line: [
      "linie",
      "linien",
      "*liniendiagramm*",
      "*liniengrafik*",
      "kurve",
      "kurven",
      "*kurvendiagramm*",
    ],
    point: ["*streudiagramm*", "punktwolke*", "punktdiagramm*", "scatter*", "streu*plot*"],
    histogram: ["*histogramm*", "verteilung", "verteilungen", "häufigkeitsverteilung*"],
  },
  instead: [
    {
      patterns: ["*kreisdiagramm*", "*tortendiagramm*", "torte", "*ringdiagramm*"],
      name: "Kreisdiagramm",
      mark: "bar",
    },
    { patterns: ["*flächendiagramm*"], name: "Flächendiagramm", mark: "line" },
    {
      patterns: ["*kastengrafik*", "boxplot*", "*kastendiagramm*"],
      name: "Boxplot",
      mark: "histogram",
    },
    { patterns: ["heatmap*", "wärmekarte*"], name: "Heatmap", mark: "bar" },
  ],
  hints: {
    line: [
      "über die zeit",
      "im zeitverlauf",
      "zeitverlauf",
      "im lauf* der",
      "verlauf",
      "entwicklung",
      "trend",
    ],
    point: ["zusammenhang", "korrelation*", "korrel*"],
  },
  horizontal: ["horizontal*", "waagerecht*", "waagrecht*", "liegend*"],
  vertical: ["vertikal*", "senkrecht*", "säule*", "*säulendiagramm*"],
  negations: [
    "kein",
    "keine",
    "keinen",
    "nicht",
    "nicht als",
    "ohne",
    "statt",
    "anstelle",
    "anstatt",
  ],
  against: ["gegen", "gegenüber", "über", "versus", "vs", "in abhängigkeit von"],
  common:
    "der die das den dem des ein eine einen von pro je im in ist sind und oder was welche welcher wie viele zeige zeig mir zeichne als mit für nach".split(
      " ",
    ),
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

const say: Sentences = {
  markNames: {
    bar: "Balkendiagramm",
    line: "Liniendiagramm",
    point: "Streudiagramm",
    histogram: "Histogramm",
  },
  count: "Anzahl",
  value: "Wert",
  measure: "Größe",
  truth: ["nein", "ja"],
  missing: "(ohne Angabe)",
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
    series: (shown, all) => `Die ${shown} von ${all} mit dem höchsten letzten Wert`,
    mean: (value, by) => `Mittelwert von ${value} je ${by}`,
    sample: (shown, all) => `${shown} von ${all} Punkten, gleichmäßig ausgewählt`,
    missing: (rows) => `Ohne ${rows} Zeilen, denen ein Wert fehlt`,
    firstRows: (rows, all) => `Die ersten ${rows} von ${all} Zeilen`,
  },
  reason: {
    asked: (mark) => `${mark}, wie gewünscht.`,
    category: (mark, value, category) =>
      `${mark}, weil „${value}“ zwischen den Werten von „${category}“ verglichen wird; die längsten zuerst.`,
    ordered: (mark, value, category) =>
      `${mark}, weil „${value}“ entlang „${category}“ verglichen wird; die Reihenfolge bleibt.`,
    time: (mark, value, time) =>
      `${mark}, weil „${time}“ eine Zeit ist und die Linie zeigt, wie sich „${value}“ bewegt.`,
    twoNumbers: (mark, x, y) =>
      `${mark}, weil „${x}“ und „${y}“ zwei Zahlen derselben Zeilen sind.`,
    oneNumber: (mark, value) =>
      `${mark}, weil „${value}“ eine Zahl je Zeile ist und es darum geht, wie sie sich verteilt.`,
    several: (mark) => `${mark}, weil wenige Zahlen miteinander verglichen werden.`,
    instead: (wanted, mark) => `${mark} statt ${wanted}: Es zeigt dasselbe genauer.`,
    notPossible: (wanted, why, mark) => `${mark} statt ${wanted}: ${why}.`,
    needsTwoNumbers: "Dazu gehören zwei Spalten mit Zahlen",
    needsNumbers: "Dazu gehört eine Spalte mit vielen Zahlen",
    needsOrder: "Dazu gehört eine Zeit oder eine Spalte mit eigener Reihenfolge",
    tooMany: (n) => `${n} Balken wären nicht zu unterscheiden`,
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
    suggestions: ["Zähle die Zeilen je Gruppe als Balkendiagramm"],
  },
};

export const german: Language = {
  code: "de",
  tag: "de-DE",
  wish,
  say,
  scales: [
    { divisor: 1e12, suffix: " Bio." },
    { divisor: 1e9, suffix: " Mrd." },
    { divisor: 1e6, suffix: " Mio." },
  ],
  number: { decimal: ",", thousands: ".", grouping: [3], currency: ["", " €"] },
  time: {
    dateTime: "%x, %X",
    date: "%-d. %b %Y",
    time: "%H:%M:%S",
    periods: ["AM", "PM"],
    days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
    shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
    months:
      "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(
        " ",
      ),
    shortMonths: "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(" "),
  },
  ticks: {
    year: "%Y",
    quarter: "%b",
    month: "%b",
    week: "%-d. %b",
    day: "%-d. %b",
    hours: "%H:%M",
    minutes: "%H:%M",
  },
  withUnit: (number, unit) => (unit === "" ? number : `${number} ${unit}`),
  join: (items) => new Intl.ListFormat("de", { type: "conjunction" }).format(items),
};
