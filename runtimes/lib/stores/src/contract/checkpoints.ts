import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checkpoints } from '../checkpoints.ts';

/** Bytes that do not compress and differ by seed. */
const noise = (length: number, seed: number): Uint8Array => {
  const state = new Uint8Array(length);
  let x = seed;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
    state[i] = x >>> 24;
  }
  return state;
};

/** What holds for every adapter of the checkpoints port. `open` is called again for what a restart finds. */
export const checkpointsContract = (name: string, open: () => Promise<Checkpoints>): void => {
  describe(name, () => {
    let checkpoints: Checkpoints;
    beforeAll(async () => {
      checkpoints = await open();
    });
    afterAll(() => checkpoints.close());
    const freshName = (): string => `worker-${randomUUID().slice(0, 8)}`;

    test('a first start finds nothing', async () => {
      expect(await checkpoints.load(freshName())).toBeUndefined();
    });

    test.each([0, 1, 1000, 899_999, 900_001, 4_000_000])(
      'a state of %d bytes is loaded as it was saved',
      async (length) => {
        const [worker, state] = [freshName(), noise(length, 7)];
        await checkpoints.save(worker, state);
        expect(Buffer.compare((await checkpoints.load(worker)) ?? Buffer.from('none'), state)).toBe(0);
      },
    );

    test('the newest state of each name is loaded, also by who opens them later', async () => {
      const [one, other] = [freshName(), freshName()];
      for (const seed of [1, 2, 3]) {
        await checkpoints.save(one, noise(seed === 2 ? 2_000_000 : 500, seed));
        await checkpoints.save(other, noise(seed === 1 ? 10 : 1_000_000, 10 + seed));
      }
      const later = await open();
      for (const at of [checkpoints, later]) {
        expect(Buffer.compare((await at.load(one)) ?? Buffer.alloc(0), noise(500, 3))).toBe(0);
        expect(Buffer.compare((await at.load(other)) ?? Buffer.alloc(0), noise(1_000_000, 13))).toBe(0);
      }
      await later.close();
    });

    test('a state that the caller changes afterwards stays as it was saved', async () => {
      const worker = freshName();
      const state = new Uint8Array([1, 2, 3]);
      await checkpoints.save(worker, state);
      state.fill(9);
      const loaded = await checkpoints.load(worker);
      expect([...(loaded ?? [])]).toEqual([1, 2, 3]);
      loaded?.fill(8);
      expect([...((await checkpoints.load(worker)) ?? [])]).toEqual([1, 2, 3]);
    });
  });
};
