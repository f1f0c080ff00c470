import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { FileSchema, type File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { PreviewTableResponse } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { createContext } from "svelte";
import type { Clients } from "../remote/clients.ts";
import type { Files } from "../remote/files.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Language } from "../words/format.ts";
import type { Connection } from "./connection.svelte.ts";

const storageKey = "keiko.draft";
const uploadAttemptsMax = 3;

/** One file on its way to, or with, Keiko. */
export class Attachment {
  readonly filename: string;
  readonly stop = new AbortController();
  file = $state.raw<KeptFile>();
  preview = $state.raw<PreviewTableResponse>();
  trouble = $state.raw<Trouble>();

  constructor(filename: string, file?: KeptFile) {
    this.filename = filename;
    this.file = file;
  }
}

/** What is typed and attached but not yet asked. It survives reloads and lost connections. */
export class Draft {
  #text = $state("");
  #attachments = $state.raw<Attachment[]>([]);
  #clients: Clients;
  #files: Files;
  #connection: Connection;
  #storage: Storage;
  #preferences: { readonly language: Language };

  constructor(
    clients: Clients,
    files: Files,
    connection: Connection,
    storage: Storage,
    preferences: { readonly language: Language },
  ) {
    this.#preferences = preferences;
    this.#clients = clients;
    this.#files = files;
    this.#connection = connection;
    this.#storage = storage;
    this.#restore();
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#keep();
  }

  get attachments(): Attachment[] {
    return this.#attachments;
  }

  /** Every attachment has arrived, so that the question can be asked. */
  get complete(): boolean {
    return this.#attachments.every(({ file, trouble }) => file !== undefined || trouble);
  }

  get files(): KeptFile[] {
    return this.#attachments.flatMap(({ file }) => (file ? [file] : []));
  }

  /** Stores a file with Keiko and looks what is in it. Never throws: the trouble is on the result. */
  async attach(content: Blob, filename: string): Promise<Attachment> {
    const attachment = new Attachment(filename);
    this.#attachments = [...this.#attachments, attachment];
    try {
      attachment.file = await this.#upload(content, filename, attachment.stop.signal);
      this.#keep();
      await this.#look(attachment);
    } catch (error) {
      if (!attachment.stop.signal.aborted) attachment.trouble = troubleOf(error);
    }
    return attachment;
  }

  /** Takes files that Keiko already has, instead of those attached now. */
  use(files: readonly KeptFile[]): void {
    for (const attachment of this.#attachments) attachment.stop.abort();
    this.#attachments = files.map((file) => new Attachment(file.filename, file));
    this.#keep();
    for (const attachment of this.#attachments) void this.#look(attachment);
  }

  remove(attachment: Attachment): void {
    attachment.stop.abort();
    this.#attachments = this.#attachments.filter((other) => other !== attachment);
    this.#keep();
  }

  /** Starts afresh: the conversation carries the files on. */
  sent(): void {
    this.#text = "";
    this.#attachments = [];
    this.#keep();
  }

  async #upload(content: Blob, filename: string, signal: AbortSignal): Promise<KeptFile> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#files.upload(content, filename, signal);
      } catch (error) {
        if (signal.aborted || !isUnreachable(error)) throw error;
        // A server that refuses a large body may close the connection before its answer is read;
        // it then answers the probe, and asking for ever would help nobody.
        await this.#connection.check();
        if (this.#connection.status === "online" && attempt >= uploadAttemptsMax) throw error;
        await this.#connection.restored(signal);
      }
    }
  }

  async #look(attachment: Attachment): Promise<void> {
    const { signal } = attachment.stop;
    while (attachment.file && !signal.aborted) {
      try {
        const source = attachment.file;
        const { language } = this.#preferences;
        const request = { source, language };
        attachment.preview = await this.#clients.data.previewTable(request, { signal });
        return;
      } catch (error) {
        if (!isUnreachable(error)) {
          if (!signal.aborted) attachment.trouble = troubleOf(error);
          return;
        }
        await this.#connection.restored(signal);
      }
    }
  }

  #keep(): void {
    const files = this.files.map((file) => toJson(FileSchema, file));
    this.#storage.setItem(storageKey, JSON.stringify({ text: this.#text, files }));
  }

  #restore(): void {
    const kept = this.#storage.getItem(storageKey);
    if (!kept) return;
    try {
      const { text, files } = JSON.parse(kept) as { text: string; files: JsonValue[] };
      this.#text = text;
      this.use(files.map((file) => fromJson(FileSchema, file)));
    } catch {
      // Written by another version of the console: an empty draft is better than none at all.
      this.#storage.removeItem(storageKey);
    }
  }
}

export const [useDraft, provideDraft] = createContext<Draft>();
