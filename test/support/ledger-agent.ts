/**
 * An agent with effects in a database of its own: rows under idempotency keys, which can be counted from
 * outside. What is taken back stays as a row that says so, so that a call that comes late finds it.
 */
import { DatabaseSync } from "node:sqlite";
import { defineAgent } from "@keiko/agent";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";

export interface LedgerRow {
  key: string;
  kind: "reserve" | "pay";
  purpose: string;
  amount: number;
  undone: 0 | 1;
  /** How often the effect was asked for. */
  times: number;
}

export class Ledger {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS effect (
        key TEXT PRIMARY KEY, kind TEXT, purpose TEXT, amount INTEGER, undone INTEGER, times INTEGER
      )`);
  }

  /** Once per key, however often it is asked for. */
  book(key: string, kind: LedgerRow["kind"], purpose: string, amount: number): void {
    this.#database
      .prepare(`INSERT INTO effect VALUES (?, ?, ?, ?, 0, 1)
        ON CONFLICT (key) DO UPDATE SET times = times + 1`)
      .run(key, kind, purpose, amount);
  }

  /** True: there was something to take back. */
  undo(key: string): boolean {
    const { changes } = this.#database
      .prepare("UPDATE effect SET undone = 1 WHERE key = ? AND undone = 0")
      .run(key);
    // Of what never came to be, a mark stays, so that it cannot come to be later.
    this.#database
      .prepare("INSERT OR IGNORE INTO effect VALUES (?, 'reserve', '', 0, 1, 0)")
      .run(key);
    return changes > 0;
  }

  rows(): LedgerRow[] {
    return this.#database.prepare("SELECT * FROM effect").all() as unknown as LedgerRow[];
  }

  close(): void {
    this.#database.close();
  }
}

/** `before`: awaited before each effect, by its purpose, to make it fail or take its time. */
export function ledgerAgent(
  ledger: Ledger,
  before: (purpose: string) => Promise<void> = async () => {},
) {
  return defineAgent({
    name: "ledger",
    contract: LedgerService,
    skills: {
      async reserve(context, { purpose, amount }) {
        await before(purpose);
        const reservation = await context.step("reserve", async (key) => {
          ledger.book(key, "reserve", purpose, Number(amount));
          return key;
        });
        context.spend(60);
        return { reservation, amount };
      },
      async release(context, { reservation }) {
        await before("release");
        const key = reservation || context.undone("reserve") || "";
        return { released: ledger.undo(key) };
      },
      async pay(context, { purpose, amount }) {
        await before(purpose);
        const payment = await context.step("pay", async (key) => {
          ledger.book(key, "pay", purpose, Number(amount));
          return key;
        });
        context.spend(600);
        return { payment };
      },
      async range(_, { limit }) {
        return { numbers: Array.from({ length: Number(limit) }, (_, n) => BigInt(n + 1)), limit };
      },
      async total(_, { numbers }) {
        return { total: numbers.reduce((sum, one) => sum + one, 0n) };
      },
    },
  });
}
