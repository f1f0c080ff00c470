import { createContext } from "svelte";
import { type Inspection, parseInspection, parseRoute, withInspection } from "./router.ts";

/** Follows the browser's address and changes it. */
export class Router {
  #path = $state("/");
  #search = $state("");
  #window: Window;
  readonly route = $derived(parseRoute(this.#path, this.#search));
  readonly inspection = $derived(parseInspection(this.#search));

  constructor(window: Window) {
    this.#window = window;
    this.#read();
  }

  /** Starts to listen to links and to the buttons back and forward; the result stops it. */
  listen(): () => void {
    const onPop = () => this.#read();
    const onClick = (event: MouseEvent) => this.#follow(event);
    this.#window.addEventListener("popstate", onPop);
    this.#window.document.addEventListener("click", onClick);
    return () => {
      this.#window.removeEventListener("popstate", onPop);
      this.#window.document.removeEventListener("click", onClick);
    };
  }

  go(href: string, options: { replace?: boolean; keepScroll?: boolean } = {}): void {
    const { history } = this.#window;
    if (options.replace) history.replaceState(null, "", href);
    else history.pushState(null, "", href);
    const before = this.#path;
    this.#read();
    if (this.#path !== before && !options.keepScroll) this.#window.scrollTo(0, 0);
  }

  /** Opens the inspector on something beside the present page, or closes it. */
  inspect(open?: Inspection): void {
    const replace = Boolean(open) && Boolean(this.inspection);
    this.go(withInspection(this.#path, this.#search, open), { replace, keepScroll: true });
  }

  inspectHref(open: Inspection): string {
    return withInspection(this.#path, this.#search, open);
  }

  #read(): void {
    this.#path = this.#window.location.pathname;
    this.#search = this.#window.location.search;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    if (!link || link.target || link.hasAttribute("download")) return;
    const { origin } = this.#window.location;
    if (link.origin !== origin || /^\/(files|samples)\//.test(link.pathname)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const [useRouter, provideRouter] = createContext<Router>();
