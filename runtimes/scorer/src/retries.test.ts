import { expect, test, vi } from 'vitest';
import { createRetries } from './retries.ts';

test('what failed is tried again with pauses that grow, until it succeeds', async () => {
  vi.useFakeTimers();
  try {
    const tried: number[] = [];
    const startedAt = Date.now();
    const retries = createRetries(async () => {
      tried.push(Date.now() - startedAt);
      if (tried.length === 1) throw new Error('still');
      return tried.length < 3;
    });
    retries.start();
    retries.start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tried).toEqual([5_000, 15_000, 35_000]);
    retries.stop();
    retries.start();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
