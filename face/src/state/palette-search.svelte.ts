import type { Conversation, TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";

const typingMs = 120;
const pageSize = 5;

/** The tasks and conversations that contain what is typed; the latest ones while nothing is. */
export class PaletteSearch {
  #query = $state("");
  #tasks = $state.raw<TaskSummary[]>([]);
  #conversations = $state.raw<Conversation[]>([]);
  #clients: Clients;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** What the present results were searched with. */
  get query(): string {
    return this.#query;
  }

  get tasks(): TaskSummary[] {
    return this.#tasks;
  }

  get conversations(): Conversation[] {
    return this.#conversations;
  }

  /** Waits a moment, because the next letter is on its way; the signal drops a search. */
  async find(words: string, signal: AbortSignal): Promise<void> {
    const request = { query: words.trim(), pageSize };
    await pause(words ? typingMs : 0, signal);
    if (signal.aborted) return;
    try {
      const [{ tasks }, { conversations }] = await Promise.all([
        this.#clients.tasks.listTasks(request, { signal }),
        this.#clients.tasks.listConversations(request, { signal }),
      ]);
      this.#query = request.query;
      this.#tasks = tasks;
      this.#conversations = conversations;
    } catch {
      // The interceptor told the connection; what was found before stays.
    }
  }
}
