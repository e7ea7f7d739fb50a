import { LateText } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import type { KeyValueBatch, Reply } from '../key-value.ts';

export interface RowsContract {
  readonly run: (fill: (batch: KeyValueBatch) => void) => Promise<void>;
  readonly ask: <T>(question: (batch: KeyValueBatch) => Reply<T>) => Promise<T>;
  readonly freshKey: () => string;
}

const names = ['count', 'mean', 'word', 'good'];

export const rowsContract = ({ run, ask, freshKey }: RowsContract): void => {
  describe('a row of a hash', () => {
    test('is read as the texts of its values, and null is no field', async () => {
      const key = freshKey();
      await run((batch) => batch.hashRow(key, { names, values: [3, 0.1, 'zwei', true] }));
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({
        count: '3',
        mean: '0.1',
        word: 'zwei',
        good: 'true',
      });
      await run((batch) => batch.hashRow(key, { names, values: [-0, null, '', 1e21] }));
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ count: '0', word: '', good: '1e+21' });
      expect(await ask((batch) => batch.hashGet(key, ['mean', 'good', 'none']))).toEqual([
        undefined,
        '1e+21',
        undefined,
      ]);
    });

    test('is answered as values or their texts to who asks for values, whatever stands beside it', async () => {
      const key = freshKey();
      const [numbers, text] = [['count', 'mean'], new LateText(() => 'late')];
      await run((batch) => {
        batch.hashRow(key, { names, values: [3, 0.1, null, true] });
        batch.hashRow(key, { names: ['text'], values: [text] });
      });
      const asked = () => ask((batch) => batch.hashValues(key, [...numbers, 'word', 'good', 'text', 'none']));
      const expected = ['3', '0.1', undefined, 'true', 'late', undefined];
      expect((await asked()).map((value) => value?.toString())).toEqual(expected);
      await run((batch) => batch.hashSet(key, { single: '6' }));
      expect((await asked()).map((value) => value?.toString())).toEqual(expected);
      expect(await ask((batch) => batch.hashGet(key, ['text', 'single']))).toEqual(['late', '6']);
    });

    test('stands beside the rows of others and single fields', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.hashRow(key, { names, values: [1, 2, 3, 4] });
        batch.hashRow(key, { names: ['other'], values: ['5'] });
      });
      expect(await ask((batch) => batch.hashGet(key, ['other', 'count']))).toEqual(['5', '1']);
      await run((batch) => {
        batch.hashSet(key, { single: '6', count: '7' });
        batch.hashRow(key, { names: ['other'], values: ['8'] });
      });
      const fields = { count: '7', mean: '2', word: '3', good: '4', other: '8', single: '6' };
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual(fields);
    });

    test('takes over fields that another row had', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.hashRow(key, { names, values: [1, 2, null, null] });
        batch.hashRow(key, { names: ['word', 'mean'], values: ['new', null] });
        batch.hashRow(key, { names, values: [9, 9, 'newer', null], before: [1, 2, null, null] });
      });
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ count: '9', mean: '9', word: 'newer' });
    });

    test('leaves alone what its writer wrote before and somebody else has changed since', async () => {
      const key = freshKey();
      const before = [1, 2, 'x', null];
      await run((batch) => {
        batch.hashRow(key, { names, values: before });
        batch.hashSet(key, { mean: 'changed', good: 'changed' });
        batch.hashRow(key, { names, values: [2, 2, null, null], before });
      });
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ count: '2', mean: 'changed', good: 'changed' });
    });

    test('goes with its fields, and the hash with its last', async () => {
      const key = freshKey();
      const others = ['a', 'b'];
      await run((batch) => {
        batch.hashRow(key, { names, values: [1, 2, 3, 4] });
        batch.hashRow(key, { names: others, values: [5, 6] });
        batch.hashDelete(key, names);
        batch.hashDelete(key, ['a']);
      });
      expect(await ask((batch) => batch.hashGetAll(key))).toEqual({ b: '6' });
      await run((batch) => {
        batch.hashRow(key, { names: others, values: [null, null], before: [null, 6] });
        batch.listPush(key, ['now a list'], 1);
      });
      expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['now a list']);
    });

    test('is written to the key that is there now, whatever its writer keeps of an earlier one', async () => {
      const key = freshKey();
      const memo = { found: undefined };
      const write = (value: number) => run((batch) => batch.hashRow(key, { names, values: [value, 2, 3, 4], memo }));
      await write(1);
      await run((batch) => batch.delete(key));
      await write(2);
      expect(await ask((batch) => batch.hashGet(key, ['count', 'good']))).toEqual(['2', '4']);
      await run((batch) => {
        batch.hashDelete(key, names);
        batch.hashSet(key, { other: 'x' });
      });
      await write(3);
      expect(await ask((batch) => batch.hashGet(key, ['count', 'other']))).toEqual(['3', 'x']);
      await run((batch) => batch.expire(key, 0));
      await write(4);
      expect(await ask((batch) => batch.hashGet(key, ['count', 'other']))).toEqual(['4', undefined]);
      await run((batch) => {
        batch.delete(key);
        batch.listPush(key, ['a list'], 1);
      });
      await expect(write(5)).rejects.toThrow('WRONGTYPE');
    });

    test('of nothing makes no hash', async () => {
      const key = freshKey();
      await run((batch) => {
        batch.hashRow(key, { names, values: [null, null, null, null] });
        batch.listPush(key, ['a list'], 1);
      });
      expect(await ask((batch) => batch.listRange(key, 0, -1))).toEqual(['a list']);
    });

    test('keeps fields whose names mean something to JavaScript', async () => {
      const key = freshKey();
      await run((batch) => batch.hashRow(key, { names: ['__proto__', 'constructor', '1'], values: ['a', 'b', 'c'] }));
      expect(Object.entries(await ask((batch) => batch.hashGetAll(key))).sort()).toEqual([
        ['1', 'c'],
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ]);
    });

    test('is refused where the key holds something else', async () => {
      const key = freshKey();
      await run((batch) => batch.listPush(key, ['a list'], 1));
      await expect(run((batch) => batch.hashRow(key, { names, values: [1, 2, 3, 4] }))).rejects.toThrow(
        `on "${key}": the key holds another kind of value (WRONGTYPE), delete it first`,
      );
    });
  });
};
