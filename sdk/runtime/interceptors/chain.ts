/**
 * THE chain: what every call passes, unary or stream, network or in-process, from outside to inside.
 * The order is the security model: audit outside the checks records refusals; errors inside audit
 * gives each record its reason; nothing is validated for callers unknown or too many, nothing decided
 * on messages invalid. A test asserts the order.
 */
import type { Interceptor } from "@connectrpc/connect";
import { Admission } from "../admission.ts";
import type { TokenVerifier } from "../identity.ts";
import { admissionBounds } from "../limits.ts";
import type { Log } from "../log.ts";
import type { Decider } from "../policy.ts";
import type { SpanSink } from "../spans.ts";
import { admit } from "./admit.ts";
import { type AuditSink, audit } from "./audit.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { errors } from "./errors.ts";
import { trace } from "./trace.ts";
import { validate } from "./validate.ts";

export interface ChainDeps {
  /** Identity of the workload that is called. */
  server: string;
  audit: AuditSink;
  /** Undefined: nobody can call over the network. */
  tokens: TokenVerifier | undefined;
  /** The set in force at the moment of the call. */
  decider: () => Decider;
  log: Log;
  /** How much it takes on at a time; undefined: as the limits say. */
  admission?: Admission | undefined;
  /** What is told how each call ended; undefined: nobody asks. */
  spans?: SpanSink | undefined;
}

export const chainOrder = [
  "trace",
  "audit",
  "errors",
  "authenticate",
  "admit",
  "validate",
  "authorize",
] as const;

export function chain(deps: ChainDeps): Interceptor[] {
  const interceptors: Record<(typeof chainOrder)[number], Interceptor> = {
    trace: trace({ server: deps.server, spans: deps.spans }),
    audit: audit({ sink: deps.audit, server: deps.server, log: deps.log }),
    errors: errors({ log: deps.log }),
    authenticate: authenticate({ tokens: deps.tokens }),
    admit: admit({ admission: deps.admission ?? new Admission(admissionBounds) }),
    validate,
    authorize: authorize({ decider: deps.decider }),
  };
  return chainOrder.map((name) => interceptors[name]);
}
