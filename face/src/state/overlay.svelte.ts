import { createContext } from "svelte";

export type OverlayName = "palette" | "shortcuts";

/** Which of the dialogs that can be called from everywhere is open. */
export class Overlay {
  #shown = $state<OverlayName>();

  get shown(): OverlayName | undefined {
    return this.#shown;
  }

  show(name: OverlayName): void {
    this.#shown = name;
  }

  /** Closes it, unless another has taken its place meanwhile. */
  close(name: OverlayName): void {
    if (this.#shown === name) this.#shown = undefined;
  }
}

export const [useOverlay, provideOverlay] = createContext<Overlay>();
