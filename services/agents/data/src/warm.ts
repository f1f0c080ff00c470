/** Loads what makes the first question slow: DuckDB's library, the lexicons, the platform's names. */
import { phrasesOf } from "./language/phrases.ts";
import { regionOf } from "./language/regions.ts";
import { dataLimits } from "./limits.ts";
import { openDatabase } from "./read/database.ts";

export async function warmLibraries(): Promise<void> {
  phrasesOf("en");
  phrasesOf("de");
  regionOf("");
  const database = await openDatabase(dataLimits);
  await database.query("SELECT 1");
  database.close();
}
