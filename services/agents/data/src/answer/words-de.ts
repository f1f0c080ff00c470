import type { Aggregate, Derivation, TimeUnit } from "../language/lexicon.ts";
import { genderOf } from "./genders-de.ts";
import type { Words } from "./words.ts";

const figures: Readonly<Record<Aggregate, string>> = {
  count: "Anzahl",
  distinct: "Anzahl verschiedener Werte",
  sum: "Summe",
  mean: "Mittelwert",
  median: "Median",
  min: "Minimum",
  max: "Maximum",
  deviation: "Standardabweichung",
  variance: "Varianz",
  range: "Spannweite",
  quantile: "Quantil",
  iqr: "Interquartilsabstand",
  ratio: "Verhältnis",
  gain: "Veränderung vom Anfang zum Ende",
};
const derivations: Readonly<Record<Derivation, string>> = {
  share: "Anteil",
  running: "Laufende Summe",
  difference: "Differenz",
  growth: "Wachstum",
  rank: "Rang",
};
/** Article and "the highest", "the lowest" in the gender of the figure. */
const genders: Readonly<Record<Aggregate, "der" | "die" | "das">> = {
  count: "die",
  distinct: "die",
  sum: "die",
  mean: "der",
  median: "der",
  min: "das",
  max: "das",
  deviation: "die",
  variance: "die",
  range: "die",
  quantile: "das",
  iqr: "der",
  ratio: "das",
  gain: "die",
};
/** Before nouns whose gender is known. */
const adjectives: Readonly<Partial<Record<Aggregate, string>>> = {
  sum: "gesamt",
  mean: "mittler",
};
const strong = { m: "er", f: "e", n: "es" } as const;
const highest = { der: "den höchsten", die: "die höchste", das: "das höchste" } as const;
const lowest = { der: "den niedrigsten", die: "die niedrigste", das: "das niedrigste" } as const;
const units: Readonly<Record<TimeUnit, string>> = {
  year: "Jahr",
  quarter: "Quartal",
  month: "Monat",
  week: "Woche",
  day: "Tag",
  weekday: "Wochentag",
  hour: "Stunde",
  decade: "Jahrzehnt",
};
const plurals: Readonly<Record<TimeUnit, string>> = {
  year: "Jahre",
  quarter: "Quartale",
  month: "Monate",
  week: "Wochen",
  day: "Tage",
  weekday: "Wochentage",
  hour: "Stunden",
  decade: "Jahrzehnte",
};

const signs = { ">": "über", ">=": "ab", "<": "unter", "<=": "bis", "=": "=", "!=": "≠" };

const compared = {
  ">": "mehr als",
  ">=": "mindestens",
  "<": "weniger als",
  "<=": "höchstens",
  "=": "genau",
  "!=": "ungleich",
} as const;

const formatter = new Intl.ListFormat("de", { style: "long", type: "conjunction" });
const list = (items: readonly string[]) => formatter.format(items);
const inBrackets = (conditions: string) => (conditions === "" ? "" : ` (${conditions})`);
/** Names with digits or commas in them run into figures, and are kept apart by more. */
function pairs(named: readonly { name: string; figure: string }[], more = 0): string {
  const plain = named.every(({ name, figure }) => !/[\d,;(]/.test(name) && !/[(,]/.test(figure));
  const texts = named.map(({ name, figure }) =>
    /[\d,;(]/.test(name) ? `${name}: ${figure}` : `${name} ${figure}`,
  );
  if (more > 0) texts.push(`${more} weitere`);
  return plain ? list(texts) : texts.join("; ");
}
const articleOf = (figure: string) => {
  const found = Object.entries(figures).find(
    ([, word]) => figure.startsWith(`${word} `) || figure === word,
  );
  const adjective = /^(?:gesamt|mittler)(er|es|e) /.exec(figure)?.[1];
  if (adjective)
    return ({ er: "der", es: "das", e: "die" } as const)[adjective as "er" | "es" | "e"];
  if (/^(unteres|oberes|[\d,]+\.) /.test(figure)) return "das";
  return genders[(found?.[0] ?? "count") as Aggregate];
};
/** The figure after its article: "der mittlere Niederschlag", "das untere Quartil". */
const weak = (figure: string) => figure.replace(/^(gesamt|mittler|unter|ober)e[rs] /, "$1e ");
const accusative = (figure: string) =>
  figure.replace(/^(gesamt|mittler)e([rs]?) /, (_, word: string, end: string) =>
    end === "r" ? `${word}en ` : `${word}e `,
  );
const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const german: Words = {
  language: "de",
  figure: (aggregate, column, unit) => {
    if (unit) return `Anzahl der ${plurals[unit]} in ${column}`;
    if (column === undefined) return "Anzahl der Zeilen";
    const adjective = adjectives[aggregate];
    const gender = genderOf(column);
    if (gender === "plural") return `${figures[aggregate]} der ${column}`;
    if (!adjective || !gender) return `${figures[aggregate]} von ${column}`;
    return `${adjective}${strong[gender]} ${column}`;
  },
  figureLabel: (aggregate, column, unit) => {
    if (unit) return `Anzahl der ${plurals[unit]}`;
    return column === undefined ? "Anzahl" : `${column} (${figures[aggregate]})`;
  },
  derived: (over, figure, summed) => {
    if (over === "share" && figure === "Anzahl der Zeilen") return "Anteil der Zeilen";
    return `${derivations[over]} (${over === "share" || over === "running" ? (summed ?? figure) : figure})`;
  },
  compare: (column, operator, number) => `${column} ${signs[operator]} ${number}`,
  derivedLabel: (over, label) => `${derivations[over]} (${label})`,
  ofPart: (figure) => `${figure}, davon`,
  ratio: (column, by) => `${column} zu ${by}`,
  quantile: (level, column) =>
    level === 0.25 || level === 0.75
      ? `${level === 0.25 ? "unteres" : "oberes"} Quartil von ${column}`
      : `${String(Number((level * 100).toFixed(6))).replace(".", ",")}. Perzentil von ${column}`,
  contains: (how, column, text) =>
    `${column} ${{ contains: "enthält", starts: "beginnt mit", ends: "endet auf" }[how]} „${text}“`,
  bin: (from, to) => `${from} bis unter ${to}`,
  unit: (unit) => units[unit],
  groups: (count, unit) => {
    const [one, many] = unit ? [units[unit], plurals[unit]] : ["Gruppe", "Gruppen"];
    return `${count} ${count === "1" ? one : many}`;
  },
  eachUnit: (unit, column) => `${column} nach einzelnem Zeitraum (${units[unit]})`,
  unitOf: (unit, column) => `${units[unit]} von ${column}`,
  extreme: (direction, column) =>
    `${direction === "max" ? "höchster" : "niedrigster"} Wert von ${column}`,
  per: (what, groups) =>
    groups.length === 0 ? list(what) : `${list(what)} pro ${groups.join(" und ")}`,
  list,
  where: (conditions) => conditions.join(", "),
  not: (text) => `nicht ${text}`,
  or: (items) => items.join(" oder "),
  missing: (column) => `${column} fehlt`,
  present: (column) => `${column} bekannt`,
  season: (from) => from,
  relation: (relation, period) => {
    const words = {
      in: "",
      "not-in": "nicht ",
      since: "seit ",
      until: "bis ",
      before: "vor ",
      after: "nach ",
    };
    return `${words[relation]}${period}`;
  },
  range: (from, to) => `${from} bis ${to}`,
  quarter: (number, year) => (year ? `${number}. Quartal ${year}` : `${number}. Quartal`),
  half: (number, year) => `${number}. Halbjahr ${year}`,
  week: (monday) => `Woche vom ${monday}`,
  decade: (year) => `${year}er`,
  truth: (value) => (value ? "ja" : "nein"),
  noValue: "kein Wert",
  allColumns: "alle Spalten",
  sentence: {
    count: (matching, all, conditions) => `${matching} von ${all} Zeilen: ${conditions}.`,
    countAll: (all) => `Die Tabelle hat ${all} Zeilen.`,
    figure: (figure, value, conditions) =>
      `${upper(articleOf(figure))} ${weak(figure)} beträgt ${value}${inBrackets(conditions)}.`,
    figures: (named, conditions) => `${upper(pairs(named))}${inBrackets(conditions)}.`,
    groups: (title, named, more) => `${title} – ${pairs(named, more)}.`,
    span: (title, groups, high, low) =>
      `${title}, ${groups}: am höchsten ${high.name} (${high.figure}), am niedrigsten ${low.name} (${low.figure}).`,
    others: (named) =>
      named.length === 1 ? `Außerdem: ${pairs(named)}.` : `Die anderen: ${pairs(named)}.`,
    otherEnd: (direction, groups, { name, figure }) =>
      `Von insgesamt ${groups.replace(/(Monate|Tage|Jahre|Quartale|Wochentage|Jahrzehnte)$/, "$1n")} am ${direction === "max" ? "niedrigsten" : "höchsten"}: ${name} (${figure}).`,
    different: (column, count, value, conditions) =>
      `${upper(column)}: ${value} ${count === 1 ? "Wert" : "verschiedene Werte"}${inBrackets(conditions)}.`,
    counted: (unit, count, value, conditions) =>
      `${value} ${count === 1 ? units[unit] : plurals[unit]}${conditions === "" ? "" : `: ${conditions}`}.`,
    winner: (direction, column, name, value, conditions) => {
      const gender = genderOf(column);
      const most = direction === "max" ? "höchste" : "niedrigste";
      const what =
        gender && gender !== "plural"
          ? `${{ m: "den", f: "die", n: "das" }[gender]} ${most}${gender === "m" ? "n" : ""} ${column}`
          : `den ${most}n Wert von ${column}`;
      return `${name} hat ${what}: ${value}${inBrackets(conditions)}.`;
    },
    total: (value) => `Zusammen ${value}.`,
    pick: (direction, _aggregate, figure, names, value) =>
      `${list(names)} ${names.length > 1 ? "haben" : "hat"} ${(direction === "max" ? highest : lowest)[articleOf(figure)]} ${accusative(figure)}: ${value}.`,
    ranked: (direction, column, named, more, conditions) =>
      `${direction === "max" ? "Am höchsten" : "Am niedrigsten"} nach ${column} – ${pairs(named, more)}${inBrackets(conditions)}.`,
    place: (direction, place, figure, asked, before) =>
      `Platz ${place} nach ${figure}, vom ${direction === "max" ? "höchsten" : "niedrigsten"} an: ${asked.name} (${asked.figure}). Davor: ${pairs(before)}.`,
    rows: (count, columns, conditions) =>
      `${count} ${count === "1" ? "Zeile" : "Zeilen"}: ${list(columns)}${inBrackets(conditions)}.`,
    series: (columns, from, to, count) => `${list(columns)} von ${from} bis ${to}, ${count} Werte.`,
    course: (column, [from, to], [first, last, change], count, conditions) =>
      `${column} von ${from} bis ${to}: von ${first} auf ${last} (${change}), ${count} Werte${conditions === "" ? "" : ` (${conditions})`}.`,
    scatter: (columns, count) => `${columns.join(" gegen ")}, ${count} Punkte.`,
    histogram: (column, count, range) => `${count} Werte von ${column}, ${range}.`,
    share: (percent, part, whole, conditions, base) =>
      `${percent} (${part} von ${whole}): ${conditions}${base === "" ? "" : `; von allen mit ${base}`}.`,
    correlation: ([y, x], r, strength, n) =>
      `Die Korrelation von ${y} und ${x} ist r = ${r} (n = ${n}), ${strength}.`,
    trend: (y, slope, per, r2, n, points) =>
      `Der lineare Trend von ${y} beträgt ${slope} pro ${per} (R² = ${r2}, n = ${n}${points === "" ? "" : `, ein Punkt pro ${points}`}).`,
    relations: (title, named) => `${title} – ${pairs(named)}.`,
    outliers: (count, all, column, low, high, named) =>
      `${count} von ${all} Werten von ${column} ${count === "1" ? "ist ein" : "sind"} Ausreißer${named.length === 0 ? "" : `: ${named.join("; ")}`}. Ausreißer liegen unter ${low} oder über ${high} (IQR-Regel: mehr als das 1,5-Fache der Spannweite der mittleren Hälfte von ihr entfernt).`,
    missingCells: (total, all, columns, more) =>
      columns.length === 0
        ? "In keiner Spalte fehlen Werte."
        : `In ${columns.length + more} von ${all} Spalten fehlen Werte, zusammen ${total} – ${columns.map(({ name, figure }) => `${name}: ${figure}`).join("; ")}${more > 0 ? `; und ${more} weitere` : ""}.`,
    duplicates: (groups, surplus, columns) => {
      if (columns.length > 0)
        return groups === "0"
          ? `Kein Wert von ${list(columns)} kommt mehrfach vor.`
          : `${groups} Werte von ${list(columns)} kommen mehrfach vor; ${surplus} Zeilen wiederholen eine frühere.`;
      if (groups === "0") return "Es gibt keine doppelten Zeilen.";
      const rows = surplus === "1" ? "1 doppelte Zeile" : `${surplus} doppelte Zeilen`;
      return `Es gibt ${rows}: ${groups} ${groups === "1" ? "Zeile kommt" : "Zeilen kommen"} mehrfach vor.`;
    },
    fitting: (count) => `${count} ${count === "1" ? "Gruppe passt" : "Gruppen passen"}.`,
    change: (figure, value) => `${upper(figure)}: ${value}.`,
    firstHasNone: "Vor dem ersten Wert gibt es keinen zum Vergleich, deshalb hat er keine Angabe.",
    cut: (shown, all) => `Gezeigt sind die ersten ${shown} von ${all}.`,
    describe: (rows, columns, names) =>
      `Die Tabelle hat ${rows} Zeilen und ${columns} Spalten: ${list(names)}.`,
  },
  duplicates: "Duplikate",
  shareOf: "Anteil mit",
  strength: (r) => {
    const size = Math.abs(r);
    if (Number.isNaN(r)) return "nicht bestimmt, weil sich eine der beiden nicht ändert";
    const word =
      size >= 0.7 ? "stark" : size >= 0.4 ? "mittel" : size >= 0.1 ? "schwach" : undefined;
    return word === undefined ? "praktisch keine" : `${word} und ${r > 0 ? "positiv" : "negativ"}`;
  },
  relationColumns: {
    correlation: "Korrelation r",
    pairs: "Paare",
    slope: "Steigung",
    r2: "R²",
    points: "Punkte",
    missing: "Fehlend",
    share: "Anteil",
    low: "Untere Grenze",
    high: "Obere Grenze",
  },
  describeColumns: ["Spalte", "Typ", "Fehlend", "Verschiedene", "Kleinster", "Größter", "Typisch"],
  type: (type) =>
    ({
      integer: "ganze Zahl",
      number: "Zahl",
      text: "Text",
      truth: "ja oder nein",
      date: "Datum",
      time: "Datum und Uhrzeit",
    })[type] ?? type,
  refusal: {
    unknown: (words) =>
      `Ich weiß nicht, was ${list(words.map((word) => `„${word}“`))} in dieser Tabelle ${words.length > 1 ? "bedeuten" : "bedeutet"}.`,
    unused: (words) =>
      `Ich weiß nicht, was ${list(words.map((word) => `„${word}“`))} in dieser Frage soll.`,
    noGroup: (words) => `Es ist nicht gesagt, worunter „${words}“ gesucht werden soll.`,
    ambiguous: (words, columns) =>
      `„${words}“ kann ${new Intl.ListFormat("de", { type: "disjunction" }).format(columns)} meinen.`,
    noTime: (words, column) =>
      `„${words}“ ist für jedes „${column}“ ein anderer Wert, und keines ist genannt.`,
    otherUnit: (words, column, unit) =>
      `„${words}“ hat eine andere Einheit als „${column}“, und das ist ${unit}.`,
    noDates: (words) =>
      `„${words}“ braucht eine Spalte mit Daten im Kalender, und die Tabelle hat keine.`,
    coarseDates: (words, column) =>
      `„${words}“ braucht genauere Zeitangaben, als „${column}“ sie hat.`,
    noMeasure: (words) => `Es ist nicht gesagt, welche Größe „${words}“ meint.`,
    noQuestion: "Ich kenne die Wörter, aber nicht, was sie von dieser Tabelle wissen wollen.",
    notNumbers: (column) => `„${column}“ enthält Texte, damit lässt sich nicht rechnen.`,
    cannot: (why, words) =>
      ({
        future: `„${words}“ fragt nach der Zukunft, und eine Tabelle weiß nur, was in ihr steht.`,
        change: `„${words}“ verlangt, etwas zu tun; ich lese Tabellen nur und ändere nichts.`,
        reason: `„${words}“ fragt nach Gründen, und eine Tabelle enthält nur Werte.`,
        opinion: `„${words}“ fragt um Rat, und eine Tabelle enthält nur Werte.`,
      })[why] ?? `„${words}“ kann eine Tabelle nicht sagen.`,
    tooLong: (limit) => `Die Frage hat mehr als ${limit} Wörter.`,
    noRows: (conditions, range) =>
      `Keine Zeile passt: ${conditions}.${range === "" ? "" : ` Die Tabelle umfasst ${range}.`}`,
    columns: (names, more) =>
      `Ihre Spalten sind ${list(more > 0 ? [...names, `${more} weitere`] : names)}.`,
    remedy: (questions) =>
      `Frage zum Beispiel: ${questions.map((question) => `„${question}“`).join(" oder ")}`,
  },
  ask: {
    figure: (aggregate, column) => {
      if (column === undefined) return "Anzahl der Zeilen";
      return aggregate === "distinct"
        ? `Anzahl verschiedener ${column}`
        : `${figures[aggregate]} von ${column}`;
    },
    unit: (unit) => units[unit],
    per: (group) => `pro ${group}`,
    overTime: "im Zeitverlauf",
    which: (direction, group, figure) => {
      const most = (direction === "max" ? highest : lowest)[articleOf(figure)].slice(4);
      return `welcher ${group} hat ${articleOf(figure) === "der" ? "den" : articleOf(figure)} ${most} ${figure}`;
    },
    top: (direction, count, group, figure) =>
      `${direction === "max" ? "top" : "flop"} ${count} ${group} nach ${figure}`,
    list: (columns) => `liste ${columns} auf`,
    rows: "liste alle Zeilen auf",
    equal: (column, values, negated) => `mit ${column} ${negated ? "nicht " : ""}${values}`,
    compare: (column, operator, number) => `mit ${column} ${compared[operator]} ${number}`,
    between: (column, low, high) => `mit ${column} zwischen ${low} und ${high}`,
    missing: (column) => `mit fehlendem ${column}`,
    range: (from, to) => `von ${from} bis ${to}`,
    during: (relation, period) => {
      const words = {
        in: "in ",
        "not-in": "nicht in ",
        since: "seit ",
        until: "bis ",
        before: "vor ",
        after: "nach ",
      };
      return `${period.startsWith("von ") ? "" : words[relation]}${period}`;
    },
  },
  questions: {
    meanPerMonth: (number) => `Wie hoch ist der Mittelwert von ${number} pro Monat?`,
    meanPerYear: (number) => `Wie hoch ist der Mittelwert von ${number} pro Jahr?`,
    meanBy: (number, group) => `Wie hoch ist der Mittelwert von ${number} pro ${group}?`,
    highest: (number) => `Wie hoch ist das Maximum von ${number}?`,
    countBy: (group) => `Wie viele Zeilen gibt es pro ${group}?`,
    whichHighest: (group, number) =>
      `Bei welchem Wert von ${group} ist der Mittelwert von ${number} am höchsten?`,
    mean: (number) => `Wie hoch ist der Mittelwert von ${number}?`,
    shareBy: (number, group) => `Welchen Anteil an ${number} hat jeder Wert von ${group}?`,
    growthPerYear: (number) => `Wie hoch ist das Wachstum von ${number} pro Jahr?`,
    correlation: (a, b) => `Wie hoch ist die Korrelation von ${a} und ${b}?`,
    outliers: (number) => `Gibt es Ausreißer bei ${number}?`,
    countAll: "Wie viele Zeilen gibt es?",
    describe: "Beschreibe diese Tabelle",
    meanOf: (column) => `Wie hoch ist der Mittelwert von ${column}?`,
  },
};
