import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyValue, KeyValueBatch, Reply, ScoredMember } from '../key-value.ts';
import { fenceContract } from './fences.ts';
import { rowsContract } from './hash-rows.ts';
import { fansContract } from './list-fans.ts';
import { sortedFansContract } from './sorted-fans.ts';

export interface KeyValueUnderTest {
  readonly store: KeyValue;
  /** Lets wall time pass: a clock in the hand is moved, a server is waited for. */
  pass(ms: number): Promise<void>;
}

type Ask<T> = (batch: KeyValueBatch) => Reply<T>;

/** What holds for every adapter of the key-value port. `make` is called once. */
export const keyValueContract = (name: string, make: () => Promise<KeyValueUnderTest>): void => {
  describe(name, () => {
    let made: KeyValueUnderTest | undefined;
    beforeAll(async () => {
      made = await make();
    });
    afterAll(() => made?.store.close());

    const under = (): KeyValueUnderTest => {
      if (made === undefined) throw new Error('Cannot use the store: it was not made yet');
      return made;
    };
    const run = async (fill: (batch: KeyValueBatch) => void): Promise<void> => {
      const batch = under().store.batch();
      fill(batch);
      await batch.run();
    };
    const ask = async <T>(question: Ask<T>): Promise<T> => {
      const batch = under().store.batch();
      const reply = question(batch);
      await batch.run();
      return reply.value();
    };
    const freshKey = (): string => `contract:${randomUUID()}`;

    hashContract(run, ask, freshKey);
    rowsContract({ run, ask, freshKey });
    sortedContract(run, ask, freshKey);
    listContract(run, ask, freshKey);
    fansContract({ run, ask, freshKey });
    sortedFansContract({ run, ask, freshKey });
    batchContract(under, run, ask, freshKey);
    fenceContract(under, freshKey);
  });
};

type Run = (fill: (batch: KeyValueBatch) => void) => Promise<void>;
type AskFor = <T>(question: Ask<T>) => Promise<T>;

const hashContract = (run: Run, ask: AskFor, freshKey: () => string): void => {
  describe('a hash', () => {
    test('has the fields that were set, and undefined for others, in the order asked', async () => {
      const key = freshKey();
      await run((batch) => batch.hashSet(key, { a: '1', b: 'zwei' }));
      await run((batch) => batch.hashSet(key, { b: '2', 'ü {"x":1}\n': '' }));
      expect(await ask((batch) => batch.hashGet(key, ['b', 'none', 'a', 'b']))).toEqual(['2', undefined, '1', '2']);
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ a: '1', b: '2', 'ü {"x":1}\n': '' });
    });

    test('keeps fields whose names mean something to JavaScript', async () => {
      const key = freshKey();
      const fields = Object.fromEntries([
        ['__proto__', 'a'],
        ['constructor', 'b'],
        ['1', 'c'],
      ]);
      await run((batch) => batch.hashSet(key, fields));
      expect(Object.entries(await ask((batch) => batch.hashGetAll(key))).sort()).toEqual(Object.entries(fields).sort());
    });

    test('that is missing answers with nothing', async () => {
      expect(await ask((batch) => batch.hashGet(freshKey(), ['a']))).toEqual([undefined]);
      expect(await ask((batch) => batch.hashGetAll(freshKey()))).toEqual({});
    });

    test('loses deleted fields, and is gone with its last one, with its time to live', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.hashSet(key, { a: '1', b: '2' });
        batch.expire(key, 60_000);
        batch.hashDelete(key, ['a', 'none']);
      });
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ b: '2' });
      await run((batch) => {
        batch.hashDelete(key, ['b']);
        batch.listPush(key, ['now a list'], 1);
      });
      expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['now a list']);
    });

    test('setting or deleting no fields does nothing', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.hashSet(key, {});
        batch.hashDelete(key, []);
      });
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({});
    });
  });

  test('a counter counts from 0, in both directions', async () => {
    const key = freshKey();
    expect(await ask((batch) => batch.counterAdd(key, 5))).toBe(5);
    expect(await ask((batch) => batch.counterAdd(key, -7))).toBe(-2);
    expect(await ask((batch) => batch.counterAdd(key, 2 ** 50))).toBe(2 ** 50 - 2);
  });

  test('a counter holds the number that was set, which need not be whole, and is counted on from it', async () => {
    const key = freshKey();
    expect(await ask((batch) => batch.counterGet(key))).toBeUndefined();
    for (const value of [7, -0.1, 1 / 3, 1e-7, 1e21, 2 ** 53 - 1]) {
      await run((batch) => batch.counterSet(key, value));
      expect(await ask((batch) => batch.counterGet(key))).toBe(value);
    }
    await run((batch) => batch.counterSet(key, 0.5));
    await expect(ask((batch) => batch.counterAdd(key, 1))).rejects.toThrow(`Cannot run counterAdd on "${key}"`);
    await run((batch) => batch.counterSet(key, 41));
    expect(await ask((batch) => batch.counterAdd(key, 1))).toBe(42);
  });
};

const sortedContract = (run: Run, ask: AskFor, freshKey: () => string): void => {
  const abc: readonly ScoredMember[] = [
    { member: 'a', score: 1 },
    { member: 'b', score: 2 },
    { member: 'c', score: 3 },
  ];
  const membersOf = async (key: string, start = 0, stop = -1, reverse = false): Promise<string[]> =>
    (await ask((batch) => batch.sortedRange(key, start, stop, { reverse }))).map(({ member }) => member);

  describe('a sorted set', () => {
    test('is in order of score, and bytewise where scores are equal', async () => {
      const key = freshKey();
      const equal = ['b', 'a', 'Z', '', 'ab', '\uFFFD', '😀', '\uE000', 'é', 'z'];
      await run((batch) => {
        batch.sortedAdd(key, [
          { member: 'high', score: 1e300 },
          { member: 'low', score: -1.5 },
        ]);
        batch.sortedAdd(
          key,
          equal.map((member) => ({ member, score: 0 })),
        );
      });
      const bytewise = equal.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await membersOf(key)).toEqual(['low', ...bytewise, 'high']);
      expect(await membersOf(key, 0, -1, true)).toEqual(['low', ...bytewise, 'high'].reverse());
    });

    test('gives scores back exactly', async () => {
      const key = freshKey();
      const scores = [0.1, 1 / 3, -2.5e-300, 123456789.12345679, Number.MAX_SAFE_INTEGER, Infinity, -Infinity];
      const members = scores.map((score, i) => ({ member: String(i), score }));
      await run((batch) => batch.sortedAdd(key, members));
      expect(await ask((batch) => batch.sortedRange(key, 0, -1))).toEqual(
        members.toSorted((a, b) => (a.score < b.score ? -1 : 1)),
      );
    });

    test('moves a member whose score is set again; the last of several in one command counts', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.sortedAdd(key, abc);
        batch.sortedAdd(key, [
          { member: 'a', score: 9 },
          { member: 'a', score: 2.5 },
        ]);
      });
      expect(await membersOf(key)).toEqual(['b', 'a', 'c']);
      expect(await ask((batch) => batch.sortedCount(key))).toBe(3);
    });

    test('adds to the score of a member, from 0 on where it is not there', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.sortedAdd(key, abc);
        batch.sortedIncrement(key, 'a', 2.5);
        batch.sortedIncrement(key, 'd', 0.1);
        batch.sortedIncrement(key, 'd', 0.2);
      });
      expect(await ask((batch) => batch.sortedRange(key, 0, -1))).toEqual([
        { member: 'd', score: 0.1 + 0.2 },
        { member: 'b', score: 2 },
        { member: 'c', score: 3 },
        { member: 'a', score: 3.5 },
      ]);
    });

    test.each([
      { start: 0, stop: 0, found: ['a'] },
      { start: 1, stop: -1, found: ['b', 'c'] },
      { start: -2, stop: -2, found: ['b'] },
      { start: -100, stop: 100, found: ['a', 'b', 'c'] },
      { start: 2, stop: 1, found: [] },
      { start: 3, stop: 9, found: [] },
      { start: 0, stop: -4, found: [] },
    ])('ranks $start to $stop of a, b, c are $found', async ({ start, stop, found }) => {
      const key = freshKey();
      await run((batch) => batch.sortedAdd(key, abc));
      expect(await membersOf(key, start, stop)).toEqual(found);
      await run((batch) => batch.sortedRemoveByRank(key, start, stop));
      expect(await membersOf(key)).toEqual(['a', 'b', 'c'].filter((member) => !found.includes(member)));
    });

    test('counts ranks from the highest when reversed', async () => {
      const key = freshKey();
      await run((batch) => batch.sortedAdd(key, abc));
      expect(await membersOf(key, 0, 1, true)).toEqual(['c', 'b']);
      expect(await membersOf(key, -1, -1, true)).toEqual(['a']);
    });

    test('loses members by name and by score, bounds included', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.sortedAdd(key, [...abc, { member: 'd', score: 4 }]);
        batch.sortedRemove(key, ['d', 'none']);
        batch.sortedRemove(key, []);
        batch.sortedRemoveByScore(key, 2, 2);
      });
      expect(await membersOf(key)).toEqual(['a', 'c']);
      await run((batch) => batch.sortedRemoveByScore(key, -Infinity, 1));
      expect(await membersOf(key)).toEqual(['c']);
      await run((batch) => batch.sortedRemoveByScore(key, 3.1, Infinity));
      expect(await membersOf(key)).toEqual(['c']);
    });

    test('keeps the best of thousands', async () => {
      const key = freshKey();
      const members = Array.from({ length: 3000 }, (_, i) => ({ member: `m${i}`, score: (i * 7919) % 3001 }));
      await run((batch) => {
        for (const member of members) {
          batch.sortedAdd(key, [member]);
          batch.sortedRemoveByRank(key, 0, -101);
        }
      });
      const best = members.toSorted((a, b) => b.score - a.score).slice(0, 100);
      expect(await ask((batch) => batch.sortedRange(key, 0, -1, { reverse: true }))).toEqual(best);
    });

    test('that is missing is empty, and so is one that lost everything', async () => {
      const key = freshKey();
      expect(await ask((batch) => batch.sortedCount(key))).toBe(0);
      expect(await membersOf(key)).toEqual([]);
      await run((batch) => {
        batch.sortedAdd(key, abc);
        batch.sortedRemoveByRank(key, 0, -1);
        batch.hashSet(key, { now: 'a hash' });
      });
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ now: 'a hash' });
    });
  });
};

const listContract = (run: Run, ask: AskFor, freshKey: () => string): void => {
  test('a list grows at its head and keeps so many', async () => {
    const key = freshKey();
    await run((batch) => batch.listPush(key, ['a', 'b', 'c'], 10));
    expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['c', 'b', 'a']);
    await run((batch) => {
      batch.listPush(key, ['d', ''], 4);
      batch.listPush(key, [], 1);
    });
    expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['', 'd', 'c', 'b']);
    expect(await ask((batch) => batch.listRange(key, 1, 2))).toEqual(['d', 'c']);
    expect(await ask((batch) => batch.listRange(key, -1, 99))).toEqual(['b']);
    expect(await ask((batch) => batch.listRange(freshKey(), 0, -1))).toEqual([]);
  });

  test('a list takes more in one push than it keeps', async () => {
    const key = freshKey();
    await run((batch) => batch.listPush(key, ['a', 'b', 'c'], 2));
    expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['c', 'b']);
  });
};

const batchContract = (under: () => KeyValueUnderTest, run: Run, ask: AskFor, freshKey: () => string): void => {
  describe('a batch', () => {
    test('does nothing before it runs, and its replies say so', async () => {
      const key = freshKey();
      const batch = under().store.batch();
      batch.hashSet(key, { a: '1' });
      const reply = batch.hashGet(key, ['a']);
      expect(() => reply.value()).toThrow(
        `Cannot read the reply to hashGet on "${key}": the batch has not run yet, await run() first`,
      );
      expect(await ask((other) => other.hashGetAll(key))).toEqual({});
      await batch.run();
      expect(reply.value()).toEqual(['1']);
    });

    test('answers many reads in their order, also beside what cannot be read', async () => {
      const keys = Array.from({ length: 600 }, freshKey);
      const [list, counter] = [freshKey(), freshKey()];
      await run((batch) => {
        for (const [i, key] of keys.entries()) if (i % 3 !== 0) batch.hashSet(key, { n: String(i), m: 'x' });
        batch.listPush(list, ['no hash'], 1);
        batch.counterSet(counter, 7);
      });
      const batch = under().store.batch();
      const read = keys.map((key, i) => batch.hashGet(key, i % 2 === 0 ? ['n', 'none'] : ['m']));
      const count = batch.counterGet(counter);
      const wrong = batch.hashGet(list, ['n', 'none']);
      await expect(batch.run()).rejects.toThrow(`Cannot run hashGet on "${list}"`);
      const textOf = (i: number): string => (i % 2 === 0 ? String(i) : 'x');
      expect(read.map((reply) => reply.value()[0])).toEqual(keys.map((_, i) => (i % 3 === 0 ? undefined : textOf(i))));
      expect(count.value()).toBe(7);
      expect(() => wrong.value()).toThrow('the command failed');
    });

    test('keeps the order of its commands on a key, over many keys', async () => {
      const keys = Array.from({ length: 100 }, freshKey);
      const batch = under().store.batch();
      const replies = keys.map((key) => {
        const first = batch.counterAdd(key, 1);
        batch.delete(key);
        return [first, batch.counterAdd(key, 10), batch.counterAdd(key, 1)];
      });
      await batch.run();
      for (const three of replies) expect(three.map((reply) => reply.value())).toEqual([1, 10, 11]);
    });

    test('is empty or of thousands of commands', async () => {
      await run(() => undefined);
      const key = freshKey();
      const batch = under().store.batch();
      const replies = Array.from({ length: 5000 }, () => batch.counterAdd(key, 1));
      await batch.run();
      expect(replies.at(-1)?.value()).toBe(5000);
    });

    test('runs once', async () => {
      const batch = under().store.batch();
      const key = freshKey();
      batch.counterAdd(key, 1);
      await batch.run();
      expect(() => batch.run()).toThrow('Cannot run a batch: it has run already, make a new one');
      expect(() => batch.counterAdd(key, 1)).toThrow('Cannot add to a batch: it has run already, make a new one');
    });

    test('names the first command that failed, does the others, and never shows a value', async () => {
      const [hash, other] = [freshKey(), freshKey()];
      await run((batch) => batch.hashSet(hash, { a: '1' }));
      const batch = under().store.batch();
      const failed = batch.sortedCount(hash);
      batch.listPush(hash, ['a secret'], 3);
      const good = batch.counterAdd(other, 3);
      await expect(batch.run()).rejects.toThrow(
        `Cannot run sortedCount on "${hash}": the key holds another kind of value (WRONGTYPE), delete it first`,
      );
      expect(good.value()).toBe(3);
      expect(() => failed.value()).toThrow(`Cannot read the reply to sortedCount on "${hash}": the command failed`);
    });

    test.each([
      { what: 'a NaN score', fill: (b: KeyValueBatch) => b.sortedAdd('k', [{ member: 'm', score: Number.NaN }]) },
      { what: 'a NaN bound', fill: (b: KeyValueBatch) => b.sortedRemoveByScore('k', Number.NaN, 1) },
      { what: 'half a step', fill: (b: KeyValueBatch) => b.counterAdd('k', 0.5) },
      { what: 'keeping nothing', fill: (b: KeyValueBatch) => b.listPush('k', ['a'], 0) },
      { what: 'an endless time', fill: (b: KeyValueBatch) => b.expire('k', Infinity) },
    ])('refuses $what before it runs', ({ fill }) => {
      expect(() => fill(under().store.batch())).toThrow(/^Cannot run \w+ on "k": .*needed$/);
    });
  });

  describe('time to live', () => {
    test('ends a key of any kind, and a new one of that name lives on', async () => {
      const keys = [freshKey(), freshKey(), freshKey(), freshKey()] as const;
      await run((batch) => {
        batch.hashSet(keys[0], { a: '1' });
        batch.sortedAdd(keys[1], [{ member: 'a', score: 1 }]);
        batch.listPush(keys[2], ['a'], 1);
        batch.counterAdd(keys[3], 1);
        for (const key of keys) batch.expire(key, 40);
      });
      expect(await ask((batch) => batch.hashGetAll(keys[0]))).toEqual({ a: '1' });
      await under().pass(60);
      expect(await ask((batch) => batch.hashGetAll(keys[0]))).toEqual({});
      expect(await ask((batch) => batch.sortedCount(keys[1]))).toBe(0);
      expect(await ask((batch) => batch.listRange(keys[2], 0, -1))).toEqual([]);
      expect(await ask((batch) => batch.counterAdd(keys[3], 1))).toBe(1);
      await under().pass(60);
      expect(await ask((batch) => batch.counterAdd(keys[3], 1))).toBe(2);
    });

    test('is renewed by expire, kept by a change, and ended by delete', async () => {
      const [renewed, changed, deleted] = [freshKey(), freshKey(), freshKey()];
      await run((batch) => {
        for (const key of [renewed, changed, deleted]) {
          batch.hashSet(key, { a: '1' });
          batch.expire(key, 40);
        }
        batch.expire(renewed, 600_000);
        batch.hashSet(changed, { b: '2' });
        batch.delete(deleted);
        batch.hashSet(deleted, { c: '3' });
      });
      await under().pass(60);
      expect(await ask((batch) => batch.hashGetAll(renewed))).toEqual({ a: '1' });
      expect(await ask((batch) => batch.hashGetAll(changed))).toEqual({});
      expect(await ask((batch) => batch.hashGetAll(deleted))).toEqual({ c: '3' });
    });

    test('of nothing, or of no time', async () => {
      const [missing, over] = [freshKey(), freshKey()];
      await run((batch) => {
        batch.expire(missing, 600_000);
        batch.hashSet(over, { a: '1' });
        batch.expire(over, 0);
      });
      expect(await ask((batch) => batch.hashGetAll(over))).toEqual({});
      expect(await ask((batch) => batch.hashGetAll(missing))).toEqual({});
    });
  });
};
