import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { FileSchema, type File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { createContext } from "svelte";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import {
  isSignedOut,
  isUnreachable,
  isUnready,
  type Trouble,
  troubleOf,
} from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import { TaskWatch } from "./task-watch.svelte.ts";

const storageKey = "keiko.conversation";
const retryMs = 400;

/** What is kept of a turn: enough to show the same again, and to ask it exactly once. */
interface KeptTurn {
  requestId: string;
  goal: string;
  files: JsonValue[];
  name: string;
}

/** One question and what became of it. */
export class Turn {
  readonly requestId: string;
  readonly goal: string;
  readonly files: readonly KeptFile[];
  readonly watch: TaskWatch;
  /** `tasks/{id}`; empty until Keiko has accepted the question. */
  name = $state("");
  trouble = $state.raw<Trouble>();

  constructor(requestId: string, goal: string, files: readonly KeptFile[], watch: TaskWatch) {
    this.requestId = requestId;
    this.goal = goal;
    this.files = files;
    this.watch = watch;
  }
}

/** The questions of this tab and their answers, in order. */
export class Conversation {
  #turns = $state.raw<Turn[]>([]);
  #clients: Clients;
  #connection: Connection;
  #storage: Storage;
  #stop = new AbortController();

  constructor(clients: Clients, connection: Connection, storage: Storage) {
    this.#clients = clients;
    this.#connection = connection;
    this.#storage = storage;
    this.#restore();
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** The newest question that still runs. */
  get running(): Turn | undefined {
    return this.#turns.findLast((turn) => turn.watch.running || (!turn.name && !turn.trouble));
  }

  ask(goal: string, files: readonly KeptFile[]): Turn {
    const turn = this.#add(newRequestId(), goal, files, "");
    this.#keep();
    void this.#send(turn);
    return turn;
  }

  /** Starts afresh. Tasks go on and stay in the list of tasks. */
  clear(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    for (const turn of this.#turns) turn.watch.stop();
    this.#turns = [];
    this.#keep();
  }

  #add(requestId: string, goal: string, files: readonly KeptFile[], name: string): Turn {
    const turn = new Turn(requestId, goal, files, new TaskWatch(this.#clients, this.#connection));
    turn.name = name;
    this.#turns = [...this.#turns, turn];
    return turn;
  }

  /** The request id makes asking again harmless: the same id gives the same task. */
  async #send(turn: Turn): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const { requestId, goal } = turn;
        const request = { requestId, goal, attachments: [...turn.files] };
        const { task } = await this.#clients.tasks.createTask(request, { signal });
        if (!task) return;
        turn.name = task.name;
        this.#keep();
        return await turn.watch.start(task.name, task);
      } catch (error) {
        if (signal.aborted) return;
        if (!isUnreachable(error) && !isSignedOut(error) && !isUnready(error)) {
          turn.trouble = troubleOf(error);
          return;
        }
        await pause(retryMs, signal);
        await this.#connection.restored(signal);
      }
    }
  }

  #keep(): void {
    const kept = this.#turns.map<KeptTurn>(({ requestId, goal, files, name }) => ({
      requestId,
      goal,
      files: files.map((file) => toJson(FileSchema, file)),
      name,
    }));
    this.#storage.setItem(storageKey, JSON.stringify(kept));
  }

  #restore(): void {
    const kept = this.#storage.getItem(storageKey);
    if (!kept) return;
    try {
      for (const { requestId, goal, files, name } of JSON.parse(kept) as KeptTurn[]) {
        const kept = files.map((file) => fromJson(FileSchema, file));
        const turn = this.#add(requestId, goal, kept, name);
        if (name) void turn.watch.start(name);
        else void this.#send(turn);
      }
    } catch {
      // Written by another version of the console; the tasks themselves are in the list.
      this.#storage.removeItem(storageKey);
    }
  }
}

/** Not `crypto.randomUUID`, which browsers offer on secure origins only. */
const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

export const [useConversation, provideConversation] = createContext<Conversation>();
