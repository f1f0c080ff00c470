/**
 * An agent with effects in a database of its own: rows under idempotency keys, which can be counted from
 * outside. What is taken back stays as a row that says so, so that a call that comes late finds it.
 */
import { DatabaseSync } from "node:sqlite";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { defineAgent } from "@keiko/agent";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { literal, planOf } from "./plans.ts";

const method = (name: string) => `${LedgerService.typeName}/${name}`;

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
    calls: [TaskService],
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
      async delegate(context, { purpose, deeper, grantedMicros }) {
        const inputs = [literal("purpose", purpose)];
        const step =
          deeper === 0
            ? { id: "r", method: method("Reserve"), inputs: [...inputs, literal("amount", 1)] }
            : {
                id: "d",
                method: method("Delegate"),
                // Less than is left of the time of the step that asks.
                timeMax: durationFromMs(1_000 * deeper + 500),
                inputs: [
                  ...inputs,
                  literal("deeper", deeper - 1),
                  literal("granted_micros", String(grantedMicros)),
                ],
              };
        const limits = { costMicrosMax: grantedMicros };
        const task = await context.subTask("reserve", { plan: planOf(step), limits });
        const problems = task.problems.map(({ message }) => message).join("; ");
        return { task: task.name, outcome: `${State[task.state]} ${problems}`.trim() };
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
