// Deutsch: die Wörter eines Wunsches. Hier erweitern, sonst nirgends.

import type { WishWords } from "./language.ts";

const list = (text: string): string[] =>
  text.split(",").map((one) => one.replace(/\s+/g, " ").trim());

export const wish: WishWords = {
  marks: {
    bar: list("balken, *balkendiagramm*, *balkengrafik*, säule, säulen, *säulendiagramm*"),
    line: list("linie, linien, *liniendiagramm*, *liniengrafik*, kurve, kurven, *kurvendiagramm*"),
    area: list("fläche, flächen, *flächendiagramm*, *flächengrafik*"),
    point: list("*streudiagramm*, punktwolke*, scatter*, streu*plot*, streuung als punkte"),
    histogram: list("*histogramm*, verteilung, verteilungen, häufigkeitsverteilung*"),
    box: list("box, boxen, boxplot*, box plot*, *boxdiagramm*, *kastengrafik*, *kastendiagramm*"),
    heatmap: list("heatmap*, heat map*, wärmekarte*, farbkarte*, kreuztabelle als farben"),
    pie: list(
      "*kreisdiagramm*, *tortendiagramm*, torte, tortengrafik, kuchendiagramm*, *tortenstück*",
    ),
    donut: list("donut*, *ringdiagramm*, ring, *donutdiagramm*"),
    dot: list("punkte, als punkt, *punktdiagramm*, dotplot*, dot plot*, *punktplot*"),
    range: list(
      "als spanne*, *spannendiagramm*, *spannweite*, *bereichsdiagramm*, von bis diagramm, hantel*",
    ),
  },
  instead: [
    { patterns: ["*treemap*", "kacheldiagramm*"], name: "Treemap", mark: "bar" },
    { patterns: ["*radardiagramm*", "*netzdiagramm*"], name: "Netzdiagramm", mark: "dot" },
    { patterns: ["*violin*"], name: "Violinplot", mark: "box" },
    { patterns: ["*trichter*"], name: "Trichterdiagramm", mark: "bar" },
  ],
  hints: {
    line: list(
      "über die zeit, im zeitverlauf, zeitverlauf, im lauf* der, verlauf, entwicklung, trend",
    ),
    point: list("zusammenhang, korrelation*, korrel*"),
  },
  phrases: {
    stacked: list("gestapelt*, stapel*, aufeinander, übereinander"),
    grouped: list("gruppiert*, nebeneinander, ungestapelt*"),
    normalised: list(
      "normalisiert*, normiert*, 100 prozent, auf 100, hundert prozent, anteile je *, anteilig*, als anteile, relativ, in prozent",
    ),
    log: list("log, logarithmisch*, log skala, logskala, logarithmus, zehnerpotenzen"),
    linear: list("normalen skala, übliche skala, linear*, lineare skala, normale skala"),
    sort: list("sortier*, ordne, geordnet*, reihenfolge, anordnen, sortierung, gereiht"),
    ascending: list(
      "aufsteigend*, kleinste zuerst, niedrigste zuerst, kleinste oben, das kleinste zuerst",
    ),
    descending: list(
      "absteigend*, größte zuerst, höchste zuerst, größte oben, das größte zuerst, umgekehrt*",
    ),
    alphabetical: list("alphabetisch*, nach alphabet, von a bis z"),
    byName: list("nach namen, nach name, nach dem namen, name, namen"),
    byValue: list("nach wert, nach werten, nach größe, nach höhe, nach dem wert, wert, größe"),
    givenOrder: list("ursprüngliche reihenfolge, unsortiert*, nicht sortiert*, wie in der tabelle"),
    top: list("top, größten, höchsten, meisten, stärksten, obersten, besten, längsten"),
    bottom: list(
      "bottom, kleinsten, niedrigsten, wenigsten, untersten, schwächsten, geringsten, schlechtesten",
    ),
    only: list("nur, bloß, lediglich, ausschließlich, allein"),
    without: list("ohne, außer, ausgenommen, abzüglich, entferne, lass, streiche"),
    all: list("alle, alle wieder, alles, sämtliche"),
    and: list("und, oder, sowie"),
    trend: list(
      "trendlinie*, trendgerade*, ausgleichsgerade*, regressionsgerade*, regression, trend linie, mit trend",
    ),
    panels: list(
      "je * ein diagramm, pro * ein diagramm, je * ein eigenes diagramm, kleine vielfache, kleinen vielfachen, small multiples, facetten, teildiagramm*, einzeldiagramm*, ein diagramm je, ein diagramm pro, diagramm je, diagramm pro, einzelne diagramme, kleine diagramme, jeweils ein diagramm",
    ),
    split: list("aufgeteilt, aufteilen, teile, unterteil*, getrennt, aufgeschlüsselt"),
    onePanel: list("ein einziges diagramm, in einem diagramm, alles in einem, wieder zusammen"),
    colour: list(
      "farbe nach, farben nach, färbe, eingefärbt, einfärben, gefärbt, farbig, farblich, farbe, farben",
    ),
    swap: list(
      "achsen tauschen, tausche die achsen, achsen vertauschen, vertausche, vertauscht*, achsen getauscht, tausch*, drehe, drehen, gedreht, kippen",
    ),
    zero: list("bei null, bei 0, ab null, ab 0, nulllinie, nullpunkt, von null, mit null"),
    numbers: list(
      "mit zahlen, mit werten, mit beschriftung*, zahlen anzeigen, werte anzeigen, zeige die werte an, zahlen zeigen, werte zeigen, beschriftet*, beschrifte, zahlen an, werte an",
    ),
    figures: list("zahlen, werte, beschriftung*"),
    noNumbers: list(
      "werte nicht, zahlen nicht, zahlen ausblenden, werte ausblenden, zahlen weg, werte weg",
    ),
    horizontal: list("horizontal*, waagerecht*, waagrecht*, liegend*, quer"),
    vertical: list("vertikal*, senkrecht*, stehend*, säule, säulen, *säulendiagramm*"),
    against: list("gegen, gegenüber, über, versus, vs, in abhängigkeit von"),
  },
  negations: list(
    "kein, keine, keinen, nicht, nicht als, ohne, statt, anstelle, anstatt, entferne, weg mit",
  ),
  numbers:
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig".split(
      " ",
    ),
  titleWords: ["titel", "überschrift", "title"],
  common:
    "der die das den dem des ein eine einen von pro je im in ist sind und oder was welche welcher wie viele zeige zeig mir zeichne als mit für nach ohne nur bitte lieber sortiere alle".split(
      " ",
    ),
};
