const gatherMs = 1000;
const quietMs = 5000;

/** Says now and then how much has come since it was said last: a screen reader that was told of each
 * single event would say nothing else any more. */
export function inSummaries(say: (count: number) => void) {
  let said: number | undefined;
  let count = 0;
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const tell = () => {
    timer = undefined;
    const news = count - (said ?? count);
    said = count;
    next = Date.now() + quietMs;
    if (news > 0) say(news);
  };
  return {
    /** From here on something else is counted: nothing of it is news. */
    begin(..._of: unknown[]): void {
      stop();
      said = undefined;
    },
    /** So many there are now. */
    reach(now: number): void {
      count = now;
      said ??= now;
      if (count > said) timer ??= setTimeout(tell, Math.max(gatherMs, next - Date.now()));
    },
    stop,
  };
}
