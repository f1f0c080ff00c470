/** For other processes of the conformance suite: opens the store at "URL|replicas|cache". */
import type { Substrate } from "../substrate.ts";
import { openNats } from "./nats.ts";

export function openAt(place: string): Promise<Substrate> {
  const [urls = "", replicas = "1", cache = ""] = place.split("|");
  const options = { servers: urls.split(","), replicas: Number(replicas), cache };
  return openNats({ ...options, name: "conformance" });
}
