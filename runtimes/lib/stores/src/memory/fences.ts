import { type Fence, fenceKeepMs } from '../key-value.ts';

/** Who wrote to which key last, by epochs. */
export interface Fences {
  /** Whether this writer may write to the key now, `now` being wall time in ms; remembers it if so. */
  admits(fence: Fence, key: string, now: number): boolean;
}

export const createFences = (): Fences => {
  /** In the order of their ends. */
  const held = new Map<string, { readonly epoch: number; readonly until: number }>();
  const forget = (now: number): void => {
    for (const [id, { until }] of held) {
      if (until > now) return;
      held.delete(id);
    }
  };
  return {
    admits: ({ scope, epoch }, key, now) => {
      forget(now);
      const id = `${scope} ${key}`;
      if ((held.get(id)?.epoch ?? 0) > epoch) return false;
      held.delete(id);
      held.set(id, { epoch, until: now + fenceKeepMs });
      return true;
    },
  };
};
