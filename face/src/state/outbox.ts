import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { FileSchema, type File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

const storageKey = "keiko.outbox";

/** A question that Keiko has not accepted yet: all that is needed to ask it exactly once. */
export interface Unsent {
  /** Chosen here; asking again under the same id is harmless. */
  requestId: string;
  /** Id of the conversation, without `conversations/`. */
  conversation: string;
  goal: string;
  /** Files that came with this question. */
  attached: readonly KeptFile[];
  /** Files of the question before, for the case that it never became a task. */
  inherited: readonly KeptFile[];
  /** `tasks/{id}` that it continues; empty: the question before, if there is one. */
  previous: string;
}

type Kept = Omit<Unsent, "attached" | "inherited"> & {
  attached: JsonValue[];
  inherited: JsonValue[];
};

/** Questions on their way, kept for the tab, so that a reload or a lost line loses none. */
export class Outbox {
  #entries: Unsent[] = [];
  #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    try {
      const kept = JSON.parse(storage.getItem(storageKey) ?? "[]") as Kept[];
      const files = (list: JsonValue[]) => list.map((file) => fromJson(FileSchema, file));
      this.#entries = kept.map((entry) => ({
        ...entry,
        attached: files(entry.attached),
        inherited: files(entry.inherited),
      }));
    } catch {
      // Written by another version of the console; what was accepted is in the list of tasks.
      storage.removeItem(storageKey);
    }
  }

  of(conversation: string): Unsent[] {
    return this.#entries.filter((entry) => entry.conversation === conversation);
  }

  get conversations(): string[] {
    return [...new Set(this.#entries.map(({ conversation }) => conversation))];
  }

  add(entry: Unsent): void {
    this.#entries.push(entry);
    this.#keep();
  }

  remove(requestId: string): void {
    this.#entries = this.#entries.filter((entry) => entry.requestId !== requestId);
    this.#keep();
  }

  #keep(): void {
    const files = (list: readonly KeptFile[]) => list.map((file) => toJson(FileSchema, file));
    const kept = this.#entries.map<Kept>((entry) => ({
      ...entry,
      attached: files(entry.attached),
      inherited: files(entry.inherited),
    }));
    this.#storage.setItem(storageKey, JSON.stringify(kept));
  }
}

/** 32 hex digits. Not `crypto.randomUUID`, which browsers offer on secure origins only. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
