/** The question that everything starts with, and its answer reckoned another way. */
import { rowsOf } from "../goals/source.ts";

export const english =
  "Show me the mean precipitation per month as a bar chart and tell me which month is the wettest";
export const german =
  "Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm und sag mir, welcher Monat der nasseste ist";

/** Mean per month, reckoned apart from Keiko. */
export function monthlyMeans(): number[] {
  const sums = Array.from({ length: 12 }, () => ({ sum: 0, count: 0 }));
  for (const row of rowsOf("seattle-weather.csv")) {
    const month = sums[Number(String(row.date).slice(5, 7)) - 1]!;
    month.sum += Number(row.precipitation);
    month.count++;
  }
  return sums.map(({ sum, count }) => sum / count);
}
