/** What a door knows of a request besides what it says. */
export interface RequestContext {
  /** By `performance.now()`; absent: the model's own. */
  readonly deadline?: number;
  /** When it came, by `performance.now()`. */
  readonly startedAt: number;
  readonly isCancelled?: () => boolean;
}
