import { describe, expect, test } from 'vitest';
import type { SortedFan } from '../key-value.ts';
import type { FansContract } from './list-fans.ts';

export const sortedFansContract = ({ run, ask, freshKey }: FansContract): void => {
  describe('a score for the sorted sets of the members of a set', () => {
    /** Members a to e, of whom d has no set; pages of two. */
    const prepare = async () => {
      const key = `{${freshKey()}}`;
      const fan: SortedFan = {
        ...{ key, guard: { field: 'owner', value: '7' }, members: `${key}:members`, from: undefined, count: 2 },
        ...{ setPrefix: `${key}:set:`, member: 'new', score: -0.1 },
      };
      await run((batch) => {
        batch.hashSet(key, { owner: '7' });
        batch.sortedAdd(
          fan.members,
          [...'abcde'].map((member, i) => ({ member, score: 2 ** 52 + i })),
        );
        for (const member of 'abce') batch.sortedAdd(fan.setPrefix + member, [{ member: 'old', score: 1 }]);
      });
      const setOf = (member: string) => ask((batch) => batch.sortedRange(fan.setPrefix + member, 0, -1));
      return { key, fan, setOf };
    };
    const both = [
      { member: 'new', score: -0.1 },
      { member: 'old', score: 1 },
    ];

    test('comes to each member that has one, page by page', async () => {
      const { fan, setOf } = await prepare();
      const pages = [];
      for (let from: string | undefined; from !== ''; ) {
        const page = await ask((batch) => batch.sortedFan({ ...fan, from }));
        pages.push(page);
        from = page?.cursor ?? '';
      }
      expect(pages).toEqual([
        { cursor: '4503599627370497', members: 2, pushed: 2 },
        { cursor: '4503599627370499', members: 2, pushed: 1 },
        { cursor: '', members: 1, pushed: 1 },
      ]);
      expect(await Promise.all([...'abcde'].map(setOf))).toEqual([both, both, both, [], both]);
    });

    test('replaces the one before, and goes where there is none', async () => {
      const { fan, setOf } = await prepare();
      await ask((batch) => batch.sortedFan({ ...fan, member: 'old', score: 3 }));
      expect(await setOf('a')).toEqual([{ member: 'old', score: 3 }]);
      await ask((batch) => batch.sortedFan({ ...fan, member: 'old', score: undefined }));
      expect([await setOf('a'), await setOf('c')]).toEqual([[], [{ member: 'old', score: 1 }]]);
    });

    test('does not come from whom the guard keeps out', async () => {
      const { key, fan, setOf } = await prepare();
      await run((batch) => batch.hashSet(key, { owner: '8' }));
      expect(await ask((batch) => batch.sortedFan(fan))).toBeUndefined();
      expect(await setOf('a')).toEqual([{ member: 'old', score: 1 }]);
    });
  });

  test('a sorted set is filled with what is not there yet, while it has its mark', async () => {
    const key = freshKey();
    const members = [
      { member: 'a', score: 1 },
      { member: 'b', score: 2 },
    ];
    await run((batch) => batch.sortedFill(key, 'mark', members));
    expect(await ask((batch) => batch.sortedCount(key))).toBe(0);
    await run((batch) => {
      batch.sortedAdd(key, [
        { member: 'mark', score: Number.NEGATIVE_INFINITY },
        { member: 'b', score: 7 },
      ]);
      batch.sortedFill(key, 'mark', members);
      batch.sortedFill(key, 'another mark', [{ member: 'c', score: 3 }]);
    });
    expect(await ask((batch) => batch.sortedRange(key, 1, -1))).toEqual([members[0], { member: 'b', score: 7 }]);
  });
};
