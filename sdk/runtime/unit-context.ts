/** What a unit is opened with, the same beside others in one process and alone in its own. */
import { createDialer } from "./dial.ts";
import { createEmitter } from "./events.ts";
import { calledByAll, type ServiceContext, type ServiceDefinition } from "./service.ts";

type Own = "dialer" | "emit";

/** @param given what its surroundings have; `log` is the unit's own */
export function contextOf(
  { identity, calls }: ServiceDefinition,
  given: Omit<ServiceContext, Own>,
): ServiceContext {
  const { substrate, transport, log, now } = given;
  const dialed = [...calledByAll, ...calls];
  return {
    ...given,
    dialer: createDialer({ workload: identity, calls: dialed, transport }),
    emit: createEmitter(substrate.bus, { source: identity, log, now }),
  };
}
