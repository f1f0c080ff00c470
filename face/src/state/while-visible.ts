const hiddenMs = 10_000;

/** Runs something for as long as the page is looked at: a hidden tab gives its connection back after
 * a while, because browsers hold only six per origin for all tabs; `meanwhile` runs until it is
 * looked at again. The result stops both for good. */
export function whileVisible(
  page: Document,
  run: (signal: AbortSignal) => Promise<void>,
  meanwhile: (signal: AbortSignal) => Promise<void> = async () => {},
) {
  let stop: AbortController | undefined;
  let pastime: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    clearTimeout(timer);
    pastime?.abort();
    if (stop) return;
    stop = new AbortController();
    void run(stop.signal);
  };
  const end = () => {
    stop?.abort();
    stop = undefined;
  };
  const rest = () => {
    end();
    pastime = new AbortController();
    void meanwhile(pastime.signal);
  };
  const onChange = () => {
    clearTimeout(timer);
    if (page.visibilityState === "visible") start();
    else timer = setTimeout(rest, hiddenMs);
  };
  page.addEventListener("visibilitychange", onChange);
  start();
  return () => {
    page.removeEventListener("visibilitychange", onChange);
    clearTimeout(timer);
    pastime?.abort();
    end();
  };
}
