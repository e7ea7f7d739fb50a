import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVersionedTable, type Row } from './versioned-table.ts';

interface Change {
  readonly key: string;
  readonly row: Row | undefined;
  readonly at: number;
}

const keys = ['a', 'b', 'c'];
const partitionOf = (key: string): number => keys.indexOf(key) % 2;
const changes = fc.array(
  fc.record({
    key: fc.constantFrom(...keys),
    row: fc.option(fc.record({ n: fc.nat(9) }), { nil: undefined }),
    at: fc.nat(20),
  }),
  { maxLength: 30 },
);

/** Each key is in one partition; the version of the whole table after each change. */
const played = (log: readonly Change[]) => {
  const table = createVersionedTable();
  const next = [0, 0];
  const versions = [[0, 0]];
  const put = ({ key, row, at }: Change): void => {
    const partition = partitionOf(key);
    table.put(key, row, { partition, offset: next[partition]!++, at });
    versions.push([...next]);
  };
  return { table, versions, put, all: () => log.forEach(put) };
};
const expected = (log: readonly Change[], count: number, { key, at }: { key: string; at: number }): Row | undefined =>
  log.slice(0, count).findLast((change) => change.key === key && change.at <= at)?.row;

describe('a table', () => {
  test('answers for each version and time what the log said then, however far it has been read since', () => {
    fc.assert(
      fc.property(changes, fc.nat(25), (log, at) => {
        const { table, versions, all } = played(log);
        all();
        for (const [count, version] of versions.entries())
          for (const key of keys)
            for (const time of [at, Infinity])
              expect(table.find(key, version, time)).toEqual(expected(log, count, { key, at: time }));
      }),
    );
  });

  test('answers the same for what is asked later, when it has forgotten what was before', () => {
    fc.assert(
      fc.property(changes, fc.nat(30), fc.nat(20), (log, cut, at) => {
        const { table, versions, put } = played(log);
        const from = Math.min(cut, log.length);
        log.slice(0, from).forEach(put);
        table.forget(versions[from]!, at);
        log.slice(from).forEach(put);
        for (const [count, version] of versions.entries()) {
          if (count < from) continue;
          for (const key of keys)
            for (const time of [at, at + 3, Infinity])
              expect(table.find(key, version, time)).toEqual(expected(log, count, { key, at: time }));
        }
      }),
    );
  });

  test('holds nothing of rows that are gone, nor of those before, once nobody asks for them', () => {
    const { table, versions, all } = played([
      { key: 'a', row: { n: 1 }, at: 0 },
      { key: 'a', row: { n: 2 }, at: 0 },
      { key: 'b', row: { n: 3 }, at: 0 },
      { key: 'b', row: undefined, at: 0 },
    ]);
    all();
    expect(table.size()).toMatchObject({ rows: 1, earlier: 2 });
    table.forget(versions.at(-1)!, Infinity);
    expect(table.size()).toMatchObject({ rows: 1, earlier: 0 });
    expect(table.size().bytes).toBe(48 + 8 + 8 + 2 + 120);
  });
});
