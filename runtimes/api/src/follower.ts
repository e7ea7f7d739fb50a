/** One client of the stream: a response body that is written as fast as the client reads, and no faster. */
export interface Follower {
  readonly body: ReadableStream<Uint8Array>;
  /** Puts a frame up for sending; one with the same `subject` that has not left yet is replaced, so a slow client skips states. */
  offer(subject: string, frame: Uint8Array): void;
  /** Since when a frame waits for the client to read on, ms; undefined when nothing waits. */
  waitingSince(): number | undefined;
  /** When a frame was last put up, ms. */
  offeredAt(): number;
  /** Ends the body; what still waits is not sent. */
  end(): void;
}

export interface FollowerOptions {
  readonly now: () => number;
  /** Called once, when the client went away by itself. */
  readonly onGone: () => void;
}

export const createFollower = ({ now, onGone }: FollowerOptions): Follower => {
  const waiting = new Map<string, Uint8Array>();
  let state: 'open' | 'ended' | 'gone' = 'open';
  let since: number | undefined;
  let offeredAt = now();
  let wake: (() => void) | undefined;

  const take = (): Uint8Array | undefined => {
    const [next] = waiting;
    if (next === undefined) return undefined;
    waiting.delete(next[0]);
    since = waiting.size === 0 ? undefined : now();
    return next[1];
  };

  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    if (waiting.size === 0 && state === 'open') {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const frame = take();
    if (state === 'ended') controller.close();
    else if (state === 'open' && frame !== undefined) controller.enqueue(frame);
  };

  const cancel = () => {
    const was = state;
    state = 'gone';
    wake?.();
    if (was === 'open') onGone();
  };

  return {
    // With no queue of its own the stream pulls only while the reader wants more: what waits is what the client has not read.
    body: new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 0 }),
    offer: (subject, frame) => {
      if (state !== 'open') return;
      offeredAt = now();
      since ??= offeredAt;
      waiting.set(subject, frame);
      wake?.();
    },
    waitingSince: () => since,
    offeredAt: () => offeredAt,
    end: () => {
      if (state !== 'open') return;
      state = 'ended';
      wake?.();
    },
  };
};
