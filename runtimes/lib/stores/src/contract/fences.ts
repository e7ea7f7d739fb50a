import { describe, expect, test } from 'vitest';
import { type Fence, FencedError, type KeyValue, type KeyValueBatch } from '../key-value.ts';

/** What holds of fenced batches. */
export const fenceContract = (under: () => { readonly store: KeyValue }, freshKey: () => string): void => {
  const write = async (fence: Fence | undefined, fill: (batch: KeyValueBatch) => void): Promise<void> => {
    const batch = under().store.batch(fence);
    fill(batch);
    await batch.run();
  };
  const hashOf = async (key: string): Promise<Readonly<Record<string, string>>> => {
    const batch = under().store.batch();
    const found = batch.hashGetAll(key);
    await batch.run();
    return found.value();
  };
  const at = (epoch: number, scope = 'contract:fence'): Fence => ({ scope, epoch });

  describe('a fence', () => {
    test('keeps out a writer whose epoch is lower, whenever it comes', async () => {
      const key = freshKey();
      await write(at(1), (batch) => batch.hashSet(key, { a: 'first' }));
      await write(at(2), (batch) => batch.hashSet(key, { a: 'second' }));
      await expect(write(at(1), (batch) => batch.hashSet(key, { a: 'zombie', b: 'zombie' }))).rejects.toThrow(
        FencedError,
      );
      expect(await hashOf(key)).toEqual({ a: 'second' });
      await write(at(2), (batch) => batch.hashSet(key, { a: 'third' }));
      await write(at(10), (batch) => batch.hashSet(key, { a: 'tenth' }));
      await expect(write(at(9), (batch) => batch.delete(key))).rejects.toThrow(FencedError);
      expect(await hashOf(key)).toEqual({ a: 'tenth' });
    });

    test('stands when the key is gone', async () => {
      const key = freshKey();
      await write(at(2), (batch) => batch.hashSet(key, { a: '1' }));
      await write(at(2), (batch) => batch.hashDelete(key, ['a']));
      await expect(write(at(1), (batch) => batch.hashSet(key, { a: 'zombie' }))).rejects.toThrow(FencedError);
      expect(await hashOf(key)).toEqual({});
    });

    test('does not keep others from writing the rest of a batch', async () => {
      const [taken, free] = [freshKey(), freshKey()];
      await write(at(2), (batch) => batch.hashSet(taken, { a: '1' }));
      const mixed = write(at(1), (batch) => {
        batch.hashSet(taken, { a: 'zombie' });
        batch.hashSet(free, { a: '1' });
      });
      await expect(mixed).rejects.toThrow(`Cannot write to "${taken}": a writer with a higher epoch than 1`);
      expect([await hashOf(taken), await hashOf(free)]).toEqual([{ a: '1' }, { a: '1' }]);
    });

    test('is of one scope: others write to the key as they like, and so do batches without one', async () => {
      const key = freshKey();
      await write(at(5, 'contract:one'), (batch) => batch.hashSet(key, { a: '1' }));
      await write(at(1, 'contract:other'), (batch) => batch.hashSet(key, { b: '1' }));
      await write(undefined, (batch) => batch.hashSet(key, { c: '1' }));
      expect(await hashOf(key)).toEqual({ a: '1', b: '1', c: '1' });
    });

    test('is passed by all commands on a key in their order, of any kind', async () => {
      const { store } = under();
      const [hash, sorted, list, counter] = [freshKey(), freshKey(), freshKey(), freshKey()];
      const batch = store.batch(at(3));
      batch.hashSet(hash, { a: '1', b: '1' });
      batch.sortedAdd(sorted, [
        { member: 'x', score: 1 },
        { member: 'y', score: 2 },
      ]);
      const count = batch.counterAdd(counter, 5);
      batch.listPush(list, ['a', 'b'], 10);
      batch.hashDelete(hash, ['b']);
      batch.listPush(list, ['c'], 2);
      batch.expire(hash, 100_000);
      batch.sortedRemoveByScore(sorted, 1, 1);
      const again = batch.counterAdd(counter, -2);
      await batch.run();
      expect([count.value(), again.value()]).toEqual([5, 3]);
      const read = store.batch();
      const [members, items] = [read.sortedRange(sorted, 0, -1), read.listRange(list, 0, -1)];
      await read.run();
      expect(await hashOf(hash)).toEqual({ a: '1' });
      expect([members.value(), items.value()]).toEqual([[{ member: 'y', score: 2 }], ['c', 'b']]);
    });

    test.each(['{a}b', 'a}b', '{}ab', 'a{b', 'x{tag}y{z}', 'äöü}€'])('guards a key such as %s', async (text) => {
      const key = `${freshKey()}${text}`;
      await write(at(2), (batch) => batch.hashSet(key, { a: '1' }));
      await expect(write(at(1), (batch) => batch.hashSet(key, { a: '0' }))).rejects.toThrow(FencedError);
      expect(await hashOf(key)).toEqual({ a: '1' });
    });

    test('guards two keys of one hash tag apart', async () => {
      const tag = freshKey();
      await write(at(2), (batch) => batch.hashSet(`{${tag}}:x`, { a: '1' }));
      await write(at(1), (batch) => batch.hashSet(`{${tag}}:y`, { a: '1' }));
      expect(await hashOf(`{${tag}}:y`)).toEqual({ a: '1' });
    });

    test('says of a key that holds another kind of value what it is', async () => {
      const key = freshKey();
      await write(at(1), (batch) => batch.listPush(key, ['a'], 1));
      await expect(write(at(1), (batch) => batch.hashSet(key, { a: '1' }))).rejects.toThrow(
        `Cannot run hashSet on "${key}": the key holds another kind of value (WRONGTYPE), delete it first`,
      );
    });

    test('is for writing only', () => {
      const batch = under().store.batch(at(1));
      expect(() => batch.hashGetAll(freshKey())).toThrow('the batch has a fence, it only writes');
    });
  });
};
