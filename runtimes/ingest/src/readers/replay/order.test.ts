import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceStalledError } from '../../source-reader.ts';
import { mergeInOrder, type Placed, type PlacedRows } from './order.ts';
import { sortInMemory } from './sort.ts';

const rowsOf = (times: readonly number[], file: number): readonly Placed[] =>
  times.map((at, line) => ({
    at,
    file,
    line,
    text: `${file}:${line}`,
    cut: false,
    row: undefined,
    problem: undefined,
  }));

const streamOf = async function* (rows: readonly Placed[], batch = 3, error?: Error): PlacedRows {
  for (let from = 0; from < rows.length; from += batch) yield rows.slice(from, from + batch);
  if (error !== undefined) throw error;
};

const collect = async (rows: PlacedRows): Promise<{ readonly texts: readonly string[]; readonly error?: unknown }> => {
  const texts: string[] = [];
  try {
    for await (const batch of rows) {
      expect(batch.length).toBeGreaterThan(0);
      texts.push(...batch.map(({ text }) => text));
    }
  } catch (error) {
    return { texts, error };
  }
  return { texts };
};

const byTime = (a: Placed, b: Placed): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.NEGATIVE_INFINITY)), {
  maxLength: 200,
});
const files = fc.array(times, { minLength: 1, maxLength: 4 }).map((all) => all.map((list, file) => rowsOf(list, file)));
const stalled = new SourceStalledError('BadArchive', 'damaged');

describe('sorted in memory', () => {
  test('rows of several files are in the order of time, and of equal times as they stood', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (all) => {
        const { texts } = await collect(sortInMemory(all.map((rows) => streamOf(rows))));
        expect(texts).toEqual(
          all
            .flat()
            .sort(byTime)
            .map(({ text }) => text),
        );
      }),
    );
  });

  test('rows before a damage are kept, and those of other files; the damage is told at the end', async () => {
    const found = await collect(sortInMemory([streamOf(rowsOf([5, 1], 0), 3, stalled), streamOf(rowsOf([3], 1))]));
    expect(found).toEqual({ texts: ['0:1', '1:0', '0:0'], error: stalled });
  });
});

describe('merged in order', () => {
  test('files that are each in order come out as if they were sorted', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (all) => {
        const ordered = all.map((rows) => [...rows].sort(byTime));
        const { texts } = await collect(mergeInOrder(ordered.map((rows) => streamOf(rows))));
        expect(texts).toEqual(
          ordered
            .flat()
            .sort(byTime)
            .map(({ text }) => text),
        );
      }),
    );
  });

  test('a file that is not in order keeps its own order, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (all) => {
        const { texts } = await collect(mergeInOrder(all.map((rows) => streamOf(rows))));
        for (const rows of all) {
          const own = new Set(rows.map(({ text }) => text));
          expect(texts.filter((text) => own.has(text))).toEqual(rows.map(({ text }) => text));
        }
      }),
    );
  });

  test('rows up to a damage are kept', async () => {
    const found = await collect(mergeInOrder([streamOf(rowsOf([1, 5], 0), 3, stalled), streamOf(rowsOf([3, 9], 1))]));
    expect(found).toEqual({ texts: ['0:0', '1:0', '0:1'], error: stalled });
  });
});
