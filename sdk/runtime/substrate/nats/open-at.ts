/** How the conformance suite's child processes open a NATS store: the place is its options. */
import type { Substrate } from "../substrate.ts";
import { type NatsOptions, openNats } from "./nats.ts";

export function openAt(place: string): Promise<Substrate> {
  return openNats(JSON.parse(place) as NatsOptions);
}
