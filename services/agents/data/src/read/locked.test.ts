/** A query reaches the rows of its own file and nothing else on the machine. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { literal } from "../intent/quote.ts";
import { dataLimits } from "../limits.ts";
import { testFiles } from "../testing/files.ts";
import { load } from "./load.ts";

const files = testFiles();
afterAll(() => files[Symbol.dispose]());
const secret = join(files.folder, "secret.csv");
writeFileSync(secret, "a\nsecret\n");

describe("an open file is shut off", async () => {
  const { path } = files.make("open.csv", "a,b\n1,2\n");
  const { database } = await load(path, "open.csv", dataLimits);
  afterAll(() => database.close());
  const attempts = [
    `SELECT * FROM read_csv_auto(${literal(secret)})`,
    `SELECT * FROM ${literal(secret)}`,
    `SELECT * FROM read_text(${literal(secret)})`,
    `SELECT * FROM glob('/*')`,
    `COPY source TO ${literal(`${secret}.out`)}`,
    `ATTACH ${literal(`${secret}.db`)}`,
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
  ];
  for (const attempt of attempts) {
    test(attempt.replace(files.folder, "…"), async () => {
      await expect(database.query(attempt)).rejects.toThrow(/rror/);
    });
  }

  test("while its own rows are there", async () => {
    expect((await database.query("SELECT * FROM source")).rows).toEqual([[1, 2]]);
  });

  test("a query that takes too long is stopped, and the next one runs", async () => {
    const short = await load(path, "open.csv", { ...dataLimits, query_ms_max: 200 });
    const endless =
      "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range * b.range = 7";
    await expect(short.database.query(endless)).rejects.toThrow(/longer than 200 ms/);
    expect((await short.database.query("SELECT 1")).rows).toEqual([[1]]);
    short.database.close();
  });

  test("a cancelled query is stopped", async () => {
    const endless =
      "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range * b.range = 7";
    const signal = AbortSignal.timeout(100);
    await expect(database.query(endless, { signal })).rejects.toThrow(/timeout|abort/i);
  });
});
