import { createContext } from "svelte";
import type { CallObserver } from "../remote/clients.ts";
import { isSignedOut, isUnreachable } from "../remote/trouble.ts";

export type ConnectionStatus = "online" | "offline" | "signed-out";

const probeMs = [400, 800, 1500, 3000];

/** Knows from the fate of every call whether the gateway answers and whether somebody is signed in.
 * While it does not answer, this asks again by itself; whoever waits goes on when it does. */
export class Connection implements CallObserver {
  #status = $state<ConnectionStatus>("online");
  #lostBefore = $state(false);
  #probe: () => Promise<unknown> = async () => {};
  #waiting = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** It was lost at least once, so coming back is worth a word. */
  get lostBefore(): boolean {
    return this.#lostBefore;
  }

  /** The call that asks whether the gateway answers. */
  probeWith(probe: () => Promise<unknown>): void {
    this.#probe = probe;
  }

  succeeded(): void {
    this.#status = "online";
    this.#attempt = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const go of [...this.#waiting]) go();
  }

  failed(error: unknown): void {
    if (isSignedOut(error)) {
      this.#status = "signed-out";
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else if (isUnreachable(error)) {
      this.#status = "offline";
      this.#lostBefore = true;
      this.#schedule();
    }
  }

  /** Asks at once: the window came back, the network did, or somebody pressed the button. */
  async check(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // The interceptor tells `succeeded` or `failed`; the outcome itself says no more.
    await this.#probe().catch(() => undefined);
    // A probe may also end in a deadline, which says neither: then it is asked again.
    if (this.#status === "offline") this.#schedule();
  }

  /** Resolves when the gateway answers somebody signed in, or when the signal aborts. */
  restored(signal: AbortSignal): Promise<void> {
    if (this.#status === "online" || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const go = () => {
        this.#waiting.delete(go);
        signal.removeEventListener("abort", go);
        resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener("abort", go);
    });
  }

  #schedule(): void {
    if (this.#timer) return;
    const wait = probeMs[Math.min(this.#attempt++, probeMs.length - 1)];
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.check();
    }, wait);
  }
}

export const [useConnection, provideConnection] = createContext<Connection>();
