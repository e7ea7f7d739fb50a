import { describe, expect, test } from 'vitest';
import type { KeyValueBatch, ListFan, Reply } from '../key-value.ts';

export interface FansContract {
  readonly run: (fill: (batch: KeyValueBatch) => void) => Promise<void>;
  readonly ask: <T>(question: (batch: KeyValueBatch) => Reply<T>) => Promise<T>;
  readonly freshKey: () => string;
}

export const fansContract = ({ run, ask, freshKey }: FansContract): void => {
  describe('a value for the lists of the members of a set', () => {
    /** Members a to e, of whom d has no list; pages of two. */
    const prepare = async () => {
      // One slot, on a cluster.
      const key = `{${freshKey()}}`;
      const page: ListFan = {
        key,
        guard: { field: 'owner', value: '7' },
        cursor: { field: 'job', from: undefined, done: 'done' },
        members: `${key}:members`,
        count: 2,
        listPrefix: `${key}:list:`,
        value: 'new',
        keep: 3,
      };
      await run((batch) => {
        batch.hashSet(key, { owner: '7' });
        batch.sortedAdd(
          page.members,
          [...'abcde'].map((member, i) => ({ member, score: 2 ** 52 + i })),
        );
        for (const member of 'abce') batch.listPush(page.listPrefix + member, ['old'], 10);
      });
      const from = (cursor: string | undefined): ListFan => ({ ...page, cursor: { ...page.cursor, from: cursor } });
      const listOf = (member: string) => ask((batch) => batch.listRange(page.listPrefix + member, 0, -1));
      return { key, page, from, listOf };
    };

    test('comes to each member that has one, page by page, and the cursor says how far', async () => {
      const { key, page, from, listOf } = await prepare();
      expect(await ask((batch) => batch.listFan(page))).toEqual({ cursor: '4503599627370497', members: 2, pushed: 2 });
      expect([await listOf('b'), await listOf('c')]).toEqual([['new', 'old'], ['old']]);
      expect(await ask((batch) => batch.hashGet(key, ['job']))).toEqual(['4503599627370497']);
      const second = await ask((batch) => batch.listFan(from('4503599627370497')));
      expect(second).toEqual({ cursor: '4503599627370499', members: 2, pushed: 1 });
      const last = await ask((batch) => batch.listFan(from('4503599627370499')));
      expect(last).toEqual({ cursor: 'done', members: 1, pushed: 1 });
      expect(await listOf('d')).toEqual([]);
      expect(await listOf('e')).toEqual(['new', 'old']);
    });

    test('comes once, however often a page is sent', async () => {
      const { page, listOf } = await prepare();
      const replies = await Promise.all([1, 2, 3].map(() => ask((batch) => batch.listFan(page))));
      expect(replies.filter((reply) => reply !== undefined)).toHaveLength(1);
      expect(await listOf('a')).toEqual(['new', 'old']);
    });

    test('does not come from whom the guard keeps out', async () => {
      const { key, page, listOf } = await prepare();
      await run((batch) => batch.hashSet(key, { owner: '8' }));
      expect(await ask((batch) => batch.listFan(page))).toBeUndefined();
      expect(await listOf('a')).toEqual(['old']);
    });

    test('is done at once where there are no members', async () => {
      const { key, page } = await prepare();
      const nobody = { ...page, members: `${key}:nobody` };
      expect(await ask((batch) => batch.listFan(nobody))).toEqual({ cursor: 'done', members: 0, pushed: 0 });
    });

    test('cuts lists that have become too long, a fifth later', async () => {
      const { page, from, listOf } = await prepare();
      await run((batch) => batch.listPush(`${page.listPrefix}a`, ['1', '2'], 10));
      await ask((batch) => batch.listFan(page));
      expect(await listOf('a')).toEqual(['new', '2', '1', 'old']);
      const again = { ...from(undefined), cursor: { ...page.cursor, field: 'other' }, value: 'newer' };
      await ask((batch) => batch.listFan(again));
      expect(await listOf('a')).toEqual(['newer', 'new', '2']);
    });

    test('goes together with other commands, in their order', async () => {
      const { key, page } = await prepare();
      const batch = (fan: KeyValueBatch) => {
        fan.hashSet(key, { owner: '9' });
        const refused = fan.listFan(page);
        fan.hashSet(key, { owner: '7' });
        const taken = fan.listFan(page);
        return { value: () => [refused.value(), taken.value()?.members] };
      };
      expect(await ask(batch)).toEqual([undefined, 2]);
    });
  });

  test('a list loses all elements that are equal to some, and is gone with its last one', async () => {
    const key = freshKey();
    await run((batch) => {
      batch.listPush(key, ['a', 'b', 'a', 'c'], 10);
      batch.listRemove(key, ['a', 'none']);
    });
    expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['c', 'b']);
    await run((batch) => {
      batch.listRemove(key, ['b', 'c']);
      batch.hashSet(key, { now: 'a hash' });
    });
    expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ now: 'a hash' });
  });
};
