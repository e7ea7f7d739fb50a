import type { Queue } from './queue.ts';

/** What became of looking at a key. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Look again after this, whatever happens. */
  | { readonly kind: 'again'; readonly afterMs: number };

export const done: Outcome = { kind: 'done' };

export interface ControllerOptions {
  readonly queue: Queue;
  /** Keys that are worked on at once. */
  readonly workers: number;
  readonly reconcile: (key: string) => Promise<Outcome>;
  readonly onResult: (result: Result) => void;
  readonly now: () => number;
}

export interface Result {
  readonly key: string;
  readonly result: 'success' | 'requeue_after' | 'error';
  readonly tookMs: number;
  readonly error?: unknown;
}

/** Works on the keys of a queue until it is closed. A key that fails is tried again later, and holds up no other. */
export const runController = async (options: ControllerOptions): Promise<void> => {
  await Promise.all(Array.from({ length: options.workers }, () => work(options)));
};

const work = async ({ queue, reconcile, onResult, now }: ControllerOptions): Promise<void> => {
  for (;;) {
    const key = await queue.take();
    if (key === undefined) return;
    const since = now();
    try {
      const outcome = await reconcile(key);
      queue.forget(key);
      onResult({ key, result: outcome.kind === 'done' ? 'success' : 'requeue_after', tookMs: now() - since });
      if (outcome.kind === 'again') queue.addAfter(key, outcome.afterMs);
    } catch (error) {
      onResult({ key, result: 'error', tookMs: now() - since, error });
      queue.retry(key);
    } finally {
      queue.done(key);
    }
  }
};
