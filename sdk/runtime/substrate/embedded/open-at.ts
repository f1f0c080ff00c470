/** How the conformance suite's child processes open an embedded store. */
import type { Substrate } from "../substrate.ts";
import { openEmbedded } from "./embedded.ts";

export function openAt(place: string): Promise<Substrate> {
  return openEmbedded({ home: place });
}
