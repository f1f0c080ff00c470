/** What lies outside the limits is refused, by name, and changes nothing. */
import { describe, expect, it } from "vitest";
import { name_bytes_max, page_rows_max, payload_bytes_max } from "../limits.ts";
import { bytes, fails, failsToIterate, type Open, sharedStore } from "./setup.ts";

const longest = "ä".repeat(name_bytes_max / 2);
const bad_names = ["", `${longest}x`, "a\nb", "a\0b", "a\u{10FFFF}", "a\ud800"];
const bad_limits = [0, -1, 1.5, Number.NaN, page_rows_max + 1];
const largest = new Uint8Array(payload_bytes_max);
const too_large = new Uint8Array(payload_bytes_max + 1);
const signal = new AbortController().signal;

export function describeLimits(open: Open): void {
  describe("limits", () => {
    const store = sharedStore(open);
    const at = () => store.substrate;

    it("takes the longest name and the largest payload", async () => {
      await at().kv.put(longest, largest);
      expect((await at().kv.get(longest))?.value.length).toBe(payload_bytes_max);
      await at().log.append(longest, largest);
      expect((await at().log.read(longest, { limit: page_rows_max })).length).toBe(1);
    });

    it.each(bad_names)("refuses %j as a name", async (name) => {
      await fails(at().kv.get(name), "INVALID");
      await fails(at().kv.put(name, bytes("x")), "INVALID");
      await fails(at().kv.delete(name), "INVALID");
      await fails(at().log.append(name, bytes("x")), "INVALID");
      await fails(at().log.read(name, { limit: 1 }), "INVALID");
      const config = { lease_ms: 1, deliveries_max: 1, messages_max: 1 };
      await fails(at().queue.declare(name, { storage: "memory", ...config }), "INVALID");
      await at().queue.declare("names", { storage: "memory", ...config });
      await fails(at().queue.send("names", { id: name, payload: bytes("x") }), "INVALID");
      if (name === "") return;
      await fails(at().kv.list(name, { limit: 1 }), "INVALID");
      await fails(at().log.scan(name, { limit: 1 }), "INVALID");
      await failsToIterate(() => at().kv.watch(name, { signal }), "INVALID");
      await failsToIterate(() => at().log.follow(name, { signal }), "INVALID");
    });

    it("refuses too large payloads", async () => {
      await fails(at().kv.put("large", too_large), "TOO_LARGE");
      await fails(at().log.append("large", too_large), "TOO_LARGE");
      await fails(at().bus.publish("large", too_large), "TOO_LARGE");
      expect(await at().kv.get("large")).toBeUndefined();
      expect(await at().log.read("large", { limit: 1 })).toEqual([]);
    });

    it.each(bad_limits)("refuses a page of %d", async (limit) => {
      await fails(at().kv.list("", { limit }), "INVALID");
      await fails(at().log.read("a", { limit }), "INVALID");
      await fails(at().log.readBack("a", { limit }), "INVALID");
      await fails(at().log.scan("", { limit }), "INVALID");
    });

    it("refuses revisions, positions, hashes and queue limits that cannot be", async () => {
      await fails(at().kv.put("a", bytes("x"), { expect: -1 }), "INVALID");
      await fails(at().log.append("a", bytes("x"), { expect: 0.5 }), "INVALID");
      await fails(at().log.read("a", { after: -1, limit: 1 }), "INVALID");
      await fails(at().blobs.stat("../../etc/passwd"), "INVALID");
      await fails(at().blobs.file("AB".repeat(32)), "INVALID");
      await failsToIterate(() => at().blobs.get("short"), "INVALID");
      const sound = { storage: "memory", lease_ms: 1, deliveries_max: 1, messages_max: 1 } as const;
      for (const field of ["lease_ms", "deliveries_max", "messages_max"])
        await fails(at().queue.declare("limits", { ...sound, [field]: 0 }), "INVALID");
      await at().queue.declare("limits", sound);
      const none = { concurrency: 0, signal };
      await fails(
        at().queue.consume("limits", none, async () => undefined),
        "INVALID",
      );
    });
  });
}
