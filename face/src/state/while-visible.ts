const hiddenMs = 10_000;

/** Runs something for as long as the page is looked at: a hidden tab gives its connection back after
 * a while, because browsers hold only six per origin for all tabs. The result stops it for good. */
export function whileVisible(page: Document, run: (signal: AbortSignal) => Promise<void>) {
  let stop: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    clearTimeout(timer);
    if (stop) return;
    stop = new AbortController();
    void run(stop.signal);
  };
  const end = () => {
    stop?.abort();
    stop = undefined;
  };
  const onChange = () => {
    if (page.visibilityState === "visible") start();
    else timer = setTimeout(end, hiddenMs);
  };
  page.addEventListener("visibilitychange", onChange);
  start();
  return () => {
    page.removeEventListener("visibilitychange", onChange);
    clearTimeout(timer);
    end();
  };
}
