/** Plans that wait for a person, and loops. */
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { LedgerService } from "../../test/gen/keiko/ledger/v1/ledger_service_pb.js";
import { literal, planOf, probe } from "../../test/support/plans.ts";

const ledger = (method: string) => `${LedgerService.typeName}/${method}`;

/** Asks its owner first: nothing takes a payment back. */
export function pay(): Plan {
  const inputs = [literal("purpose", "the bench"), literal("amount", 1)];
  return planOf({ id: "p", method: ledger("Pay"), inputs });
}

/** One trivial step for each of so many numbers, so many at a time. */
export function loop(items: number, parallel: number): Plan {
  return planOf(
    { id: "r", method: ledger("Range"), inputs: [literal("limit", items)] },
    {
      id: "each",
      method: probe("Increment"),
      inputs: [{ field: "value", value: { case: "item", value: { field: "" } } }],
      forEach: {
        over: { case: "output", value: { step: "r", field: "numbers" } },
        itemsMax: items,
        parallelMax: parallel,
      },
    },
  );
}
