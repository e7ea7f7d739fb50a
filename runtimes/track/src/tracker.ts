import { type Address, beacon, deliver, type TrackedEvent } from './delivery.ts';

export interface TrackerOptions {
  /** Where the source takes events: `https://api.example/v1/events`. */
  readonly url: string;
  /** A key of the source. On a page everybody can read it: use one that may do nothing else. */
  readonly key?: string;
  /** How long events wait for others, ms; 2 s. */
  readonly flushEveryMs?: number;
  /** Events of a request, at most; 50. */
  readonly maxBatch?: number;
  /** Events that wait, at most; beyond, the oldest go. 1000. */
  readonly maxQueue?: number;
  /** Wait after a first failure, ms; doubled each time up to a minute. 1 s. */
  readonly retryMs?: number;
  /** Told of events that were given up, and why. */
  readonly onLost?: (events: readonly TrackedEvent[], why: string) => void;
}

export interface Tracker {
  /**
   * Notes what a user did: `track('ann', 'shoes-42', 'click')`. Returns at once, never throws.
   *
   * @param action  A type of event: post, repost, quote, reply, like, click, view, follow
   * @param more  Other fields of the event: `author_id`, `tags`, `attributes`
   */
  track(user: string, item: string, action: string, more?: Readonly<Record<string, unknown>>): void;
  /** Sends what waits. Resolves when it was taken, or a first attempt failed. */
  flush(): Promise<void>;
  /** Sends what waits, and listens to the page no more. */
  close(): Promise<void>;
}

/** What of a browser a tracker listens to. */
interface Page {
  readonly document?: { readonly visibilityState?: string };
  addEventListener?(name: string, listener: () => void): void;
  removeEventListener?(name: string, listener: () => void): void;
}

const longestWaitMs = 60_000;
const goodbyes = ['pagehide', 'visibilitychange'];

/** Reports what users of a site do: in batches, again after failures, and by a beacon when the page goes. Also runs in Node. */
export const createTracker = (options: TrackerOptions): Tracker => {
  const { flushEveryMs = 2_000, maxBatch = 50, maxQueue = 1_000, retryMs = 1_000, onLost } = options;
  const address: Address = { url: options.url, key: options.key };
  const page = globalThis as Page;
  let queue: TrackedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | undefined;
  let failures = 0;

  const lose = (events: readonly TrackedEvent[], why: string): void => {
    if (events.length > 0) onLost?.(events, why);
  };
  const wake = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, afterMs);
    // A process in Node does not stay for it.
    (timer as { unref?: () => void }).unref?.();
  };
  const sendAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      const delivered = await deliver(address, batch);
      if (delivered.kind === 'again') {
        wake(Math.max(delivered.afterMs, Math.min(longestWaitMs, retryMs * 2 ** Math.min(failures++, 10))));
        return;
      }
      failures = 0;
      // What a beacon took meanwhile, or what was too much, is not there any more.
      const done = new Set(batch);
      queue = queue.filter((event) => !done.has(event));
      if (delivered.kind === 'refused') lose(batch, delivered.why);
    }
  };
  const flush = (): Promise<void> => {
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  const sayGoodbye = (): void => {
    if (page.document?.visibilityState === 'visible') return;
    queue = [...beacon(address, queue)];
  };
  for (const name of goodbyes) page.addEventListener?.(name, sayGoodbye);

  return {
    track: (user, item, action, more = {}) => {
      queue.push({ ...more, id: crypto.randomUUID(), type: action, post_id: item, user_id: user, at: Date.now() });
      if (queue.length > maxQueue) lose(queue.splice(0, queue.length - maxQueue), 'too many wait');
      if (queue.length >= maxBatch && failures === 0) void flush();
      else wake(flushEveryMs);
    },
    flush,
    close: async () => {
      for (const name of goodbyes) page.removeEventListener?.(name, sayGoodbye);
      await flush();
      clearTimeout(timer);
      lose(queue.splice(0), 'closed before it could be sent');
    },
  };
};
