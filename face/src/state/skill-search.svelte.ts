import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";

const typingMs = 150;
const skillsMax = 100;

/** Skills that fit words, best first. */
export class SkillSearch {
  #found = $state.raw<Skill[]>();
  #clients: Clients;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** Unset while nothing was searched for. */
  get found(): Skill[] | undefined {
    return this.#found;
  }

  /** Waits a moment, because the next letter is on its way; the signal drops a search. */
  async find(words: string, signal: AbortSignal): Promise<void> {
    const query = words.trim();
    if (!query) {
      this.#found = undefined;
      return;
    }
    await pause(typingMs, signal);
    if (signal.aborted) return;
    try {
      const request = { query, pageSize: skillsMax };
      const { skills } = await this.#clients.registry.searchSkills(request, { signal });
      this.#found = skills.flatMap(({ skill }) => (skill ? [skill] : []));
    } catch {
      // The interceptor told the connection; what was found before stays on the page.
    }
  }
}
