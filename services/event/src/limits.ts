/** What is kept of events; one takes about 300 bytes. */
export const limits = {
  /** The latest, for watchers that come back. */
  events_kept_max: 10_000,
  /** Events that wait for one watcher; beyond that its stream ends. */
  events_pending_max: 10_000,
} as const;
