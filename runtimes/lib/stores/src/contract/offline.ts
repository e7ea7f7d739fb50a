import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OfflineStore } from '../offline/offline-store.ts';

export interface OfflineStoreUnderTest {
  readonly store: OfflineStore;
  /** Writes rows, as whoever computes them does. */
  fill(rows: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<void>;
  /** The same store, in a place where nothing answers. */
  readonly unreachable: OfflineStore;
  close(): Promise<void>;
}

/** Machines are slow at times; how fast a store is, is no question of these tests. */
const timeoutMs = 60_000;

/** What holds for all offline stores. */
export const offlineStoreContract = (title: string, open: () => Promise<OfflineStoreUnderTest>): void => {
  describe(title, () => {
    let under: OfflineStoreUnderTest;
    beforeAll(async () => {
      under = await open();
    }, 300_000);
    afterAll(() => under?.close());

    test('answers the fields of each row, in the order of the keys, each as often as it is asked for', async () => {
      await under.fill({ 'ann:1': { score: '0.75', similar: '2,3' }, 'ann:2': { score: '-1e-9' } });
      expect(await under.store.read(['ann:2', 'ann:1', 'ann:2'], ['score', 'similar'], timeoutMs)).toEqual([
        ['-1e-9', undefined],
        ['0.75', '2,3'],
        ['-1e-9', undefined],
      ]);
    });

    test('of rows and fields that are not there it answers nothing', async () => {
      await under.fill({ here: { score: '1' } });
      const read = await under.store.read(['nowhere', 'here', 'nobody'], ['score', 'other'], timeoutMs);
      expect(read).toEqual([
        [undefined, undefined],
        ['1', undefined],
        [undefined, undefined],
      ]);
      expect(await under.store.read(['nowhere'], ['score'], timeoutMs)).toEqual([[undefined]]);
      expect(await under.store.read([], ['score'], timeoutMs)).toEqual([]);
    });

    test('keys and values may have any characters', async () => {
      const key = 'a b/c?d=e&f:ü,💡%';
      await under.fill({ [key]: { score: 'ä, "b" 💡' } });
      expect(await under.store.read([key], ['score'], timeoutMs)).toEqual([['ä, "b" 💡']]);
    });

    test('thousands of rows come in one read', async () => {
      const keys = Array.from({ length: 5_000 }, (_, i) => `user-${i % 50}:item-number-${i}`);
      await under.fill(
        Object.fromEntries(keys.filter((_, i) => i % 2 === 0).map((key, i) => [key, { score: String(i) }])),
      );
      const read = await under.store.read(keys, ['score'], timeoutMs);
      expect(read.map(([score]) => score)).toEqual(keys.map((_, i) => (i % 2 === 0 ? String(i / 2) : undefined)));
    });

    test('a newer row takes the place of the older one', async () => {
      await under.fill({ twice: { score: '1' } });
      await under.fill({ twice: { score: '2' } });
      expect(await under.store.read(['twice'], ['score'], timeoutMs)).toEqual([['2']]);
    });

    test('where it does not answer in time it says so, soon after', async () => {
      const from = performance.now();
      await expect(under.unreachable.read(['ann:1'], ['score'], 50)).rejects.toThrow();
      expect(performance.now() - from).toBeLessThan(2_000);
    });
  });
};
