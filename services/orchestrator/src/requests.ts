/** Makes CreateTask idempotent: a caller's request id stands for one task, also after a crash. */
import { createHash } from "node:crypto";
import { isConflict, type KeyValue } from "@keiko/runtime/substrate/substrate.ts";

export interface Requests {
  /** The task name that the id stands for: the given one, unless the id was claimed before. */
  claim(user: string, id: string, name: string): Promise<{ name: string; existing: boolean }>;
}

export function createRequests(kv: KeyValue): Requests {
  return {
    async claim(user, id, name) {
      if (id === "") return { name, existing: false };
      const key = `task-request/${createHash("sha256").update(`${user}/${id}`).digest("hex")}`;
      try {
        await kv.put(key, new TextEncoder().encode(name), { expect: 0 });
        return { name, existing: false };
      } catch (error) {
        if (!isConflict(error)) throw error;
        const entry = await kv.get(key, { decides: true });
        // Claimed, but perhaps not created: whoever asks again creates it under the claimed name.
        return { name: new TextDecoder().decode(entry!.value), existing: true };
      }
    },
  };
}
