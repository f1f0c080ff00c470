import { createContext } from "svelte";

/** What a screen reader is told although nothing that has the focus changed. */
export class Announcer {
  #message = $state("");

  get message(): string {
    return this.#message;
  }

  say(message: string): void {
    // The same words twice are not read again unless something differs.
    this.#message = this.#message === message ? `${message}\u00a0` : message;
  }
}

export const [useAnnouncer, provideAnnouncer] = createContext<Announcer>();
