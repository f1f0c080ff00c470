import { createContext } from "svelte";
import { english, type Words } from "../words/english.ts";
import type { Language } from "../words/format.ts";
import { german } from "../words/german.ts";

export type Theme = "system" | "light" | "dark";

/** What a person chose about how the console looks, kept in this browser. */
export class Preferences {
  #language = $state<Language>("en");
  #theme = $state<Theme>("system");
  #pinned = $state(false);
  #panel = $state(true);
  #compact = $state(false);
  #notify = $state(false);
  #storage: Storage;
  #root: HTMLElement;
  readonly words: Words = $derived(this.#language === "de" ? german : english);

  constructor(storage: Storage, browserLanguages: readonly string[], root: HTMLElement) {
    this.#storage = storage;
    this.#root = root;
    const kept = storage.getItem("keiko.language");
    this.#language = kept === "de" || kept === "en" ? kept : preferred(browserLanguages);
    const theme = storage.getItem("keiko.theme");
    this.#theme = theme === "light" || theme === "dark" ? theme : "system";
    this.#pinned = storage.getItem("keiko.rail") === "pinned";
    this.#panel = storage.getItem("keiko.panel") !== "hidden";
    this.#compact = storage.getItem("keiko.density") === "compact";
    this.#notify = storage.getItem("keiko.notify") === "yes";
    this.#show();
  }

  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
    this.#storage.setItem("keiko.language", language);
    this.#show();
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.#storage.setItem("keiko.theme", theme);
    this.#show();
  }

  /** The rail shows labels beside its icons. */
  get pinned(): boolean {
    return this.#pinned;
  }

  set pinned(pinned: boolean) {
    this.#pinned = pinned;
    this.#storage.setItem("keiko.rail", pinned ? "pinned" : "");
  }

  /** The list of conversations stands beside the thread. */
  get panel(): boolean {
    return this.#panel;
  }

  set panel(panel: boolean) {
    this.#panel = panel;
    this.#storage.setItem("keiko.panel", panel ? "" : "hidden");
  }

  /** Rows of tables and lists are lower. */
  get compact(): boolean {
    return this.#compact;
  }

  set compact(compact: boolean) {
    this.#compact = compact;
    this.#storage.setItem("keiko.density", compact ? "compact" : "");
    this.#show();
  }

  /** Finished tasks are also told outside of the page. */
  get notify(): boolean {
    return this.#notify;
  }

  set notify(notify: boolean) {
    this.#notify = notify;
    this.#storage.setItem("keiko.notify", notify ? "yes" : "");
  }

  #show(): void {
    this.#root.lang = this.#language;
    this.#root.classList.toggle("compact", this.#compact);
    if (this.#theme === "system") delete this.#root.dataset.theme;
    else this.#root.dataset.theme = this.#theme;
  }
}

const preferred = (languages: readonly string[]): Language => {
  const known = languages.find((tag) => /^(de|en)\b/i.test(tag));
  return known?.toLowerCase().startsWith("de") ? "de" : "en";
};

export const [usePreferences, providePreferences] = createContext<Preferences>();
