import type { SocialEvent } from '@groundswell/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacedReader, type Timed, type Timeline } from './paced-reader.ts';
import { type Incoming, type SourceReader, SourceStalledError, type Stops } from './source-reader.ts';
import { generatorOf, type HandClock, handClock } from './test/support.ts';

const worldOf = (clock: HandClock = handClock()) => ({ clock, sleep: clock.sleep });

const rowOf = (at: number, line: number): Timed => ({
  at,
  incoming: { kind: 'event', event: { at } as SocialEvent, from: { origin: 'f', offset: line, raw: String(at) } },
});

/** Rows of these times, in batches; at the end, or after an error, nothing more. */
const timelineOf = (times: readonly number[], batch = 3, error?: Error, isSorted = false): Timeline => {
  const rows = times.map(rowOf);
  let from = 0;
  return {
    more: async () => {
      if (from >= rows.length && error !== undefined) throw error;
      const next = rows.slice(from, from + batch);
      from += batch;
      return next.length === 0 ? undefined : next;
    },
    cursor: (given) => given,
    share: () => undefined,
    isSorted,
    ignored: () => ({}),
    close: async () => undefined,
  };
};
const timeOf = ({ from }: Incoming): number => Number(from?.raw);

/** What each call gives, until the source is done or stalled. */
const readAll = async (reader: SourceReader, maxWaitMs = 0): Promise<readonly (readonly number[])[]> => {
  const calls: (readonly number[])[] = [];
  for (;;) {
    const { rows, done } = await reader.next(maxWaitMs);
    if (done || reader.health().kind === 'stalled') return rows.length > 0 ? [...calls, rows.map(timeOf)] : calls;
    if (rows.length > 0) calls.push(rows.map(timeOf));
  }
};
const times = fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 60 });

describe('a paced source', () => {
  test('gives every row once and in order, and never rows of two ticks in one call', async () => {
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 7 }),
        async (all, tickMs, batch) => {
          const reader = createPacedReader(timelineOf(all, batch), { speed: 'max', tickMs }, worldOf());
          const calls = await readAll(reader);
          expect(calls.flat()).toEqual(all);
          let newest = Number.NEGATIVE_INFINITY;
          for (const call of calls) {
            // A row that is out of order counts to the tick in which it comes.
            const ticks = call.map((at) => {
              newest = Math.max(newest, at);
              return Math.floor(newest / tickMs);
            });
            expect(new Set(ticks).size).toBe(1);
          }
        },
      ),
    );
  });

  test('gives the same calls at any pace as when it runs as fast as possible', async () => {
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.constantFrom(0.5, 1, 3, 600),
        fc.integer({ min: 1, max: 500 }),
        async (all, speed, waitMs) => {
          const clock = handClock();
          const fast = await readAll(createPacedReader(timelineOf(all), { speed: 'max', tickMs: 20 }, worldOf(clock)));
          expect(
            await readAll(createPacedReader(timelineOf(all, 4), { speed, tickMs: 20 }, worldOf(clock)), waitMs),
          ).toEqual(fast);
        },
      ),
    );
  });

  test('gives a tick when its end is due by the clock, and waits no longer than it may', async () => {
    const clock = handClock(1_000_000);
    const reader = createPacedReader(timelineOf([0, 500, 1500, 9000]), { speed: 2, tickMs: 1000 }, worldOf(clock));
    const seen: (readonly [number, number])[] = [];
    for (let calls = 0; calls < 40; calls++) {
      const before = clock.now();
      const { rows, done } = await reader.next(300);
      expect(clock.now() - before).toBeLessThanOrEqual(300);
      for (const row of rows) seen.push([timeOf(row), clock.now() - 1_000_000]);
      if (done) break;
    }
    expect(seen).toEqual([
      [0, 500],
      [500, 500],
      [1500, 1000],
      [9000, 5000],
    ]);
  });

  test('takes another pace from where it is', async () => {
    const clock = handClock();
    const start = clock.now();
    const reader = createPacedReader(timelineOf([0, 1500]), { speed: 1, tickMs: 1000 }, worldOf(clock));
    await reader.next(1000);
    expect(clock.now() - start).toBe(1000);
    reader.adopt?.(generatorOf({ speed: 10 }));
    await reader.next(1000);
    expect(clock.now() - start).toBe(1100);
  });

  test('gives rows without a time before those that have one', async () => {
    const reader = createPacedReader(
      timelineOf([-Infinity, -Infinity, 5, 15]),
      { speed: 'max', tickMs: 10 },
      worldOf(),
    );
    expect(await readAll(reader)).toEqual([[-Infinity, -Infinity], [5], [15]]);
  });

  test('gives what came before an error, then stands still and says why', async () => {
    const stalled = new SourceStalledError('BadArchive', 'the archive is damaged');
    const clock = handClock();
    const reader = createPacedReader(timelineOf([1, 2], 3, stalled), { speed: 'max', tickMs: 10 }, worldOf(clock));
    expect(await readAll(reader)).toEqual([[1, 2]]);
    expect(reader.health()).toEqual({ kind: 'stalled', reason: 'BadArchive', message: 'the archive is damaged' });
    const before = clock.now();
    expect(await reader.next(50)).toEqual({ rows: [], done: false });
    expect(clock.now() - before).toBe(50);
  });

  test('lets other errors through', async () => {
    const reader = createPacedReader(
      timelineOf([], 3, new Error('disk gone')),
      { speed: 'max', tickMs: 10 },
      worldOf(),
    );
    await expect(reader.next(0)).rejects.toThrow('disk gone');
  });

  test('gives a very large tick in parts', async () => {
    const reader = createPacedReader(timelineOf(Array(70_000).fill(5), 1000), { speed: 'max', tickMs: 10 }, worldOf());
    expect((await readAll(reader)).map((call) => call.length)).toEqual([65_536, 4464]);
  });
});

describe('a source in order of time tells how far it is', () => {
  const sorted = (times: readonly number[], speed: number | 'max' = 'max', clock = handClock()) =>
    createPacedReader(timelineOf(times, 3, undefined, true), { speed, tickMs: 10 }, worldOf(clock));
  /** Calls as `rows|watermark`, while timers of others wait at these times. */
  const follow = async (
    reader: SourceReader,
    timers: readonly number[] = [],
    stopsAt?: Stops['stopsAt'],
  ): Promise<readonly string[]> => {
    const calls: string[] = [];
    let reached = Number.NEGATIVE_INFINITY;
    for (;;) {
      const horizon = timers.find((at) => at > reached);
      const { rows, watermark, done } = await reader.next(1, { horizon, stopsAt });
      if (done) return calls;
      reached = watermark ?? reached;
      if (rows.length > 0 || watermark !== undefined) calls.push(`${rows.map(timeOf).join(' ')}|${watermark}`);
    }
  };

  test('behind each tick, and across a gap before the tick that comes next', async () => {
    expect(await follow(sorted([1, 5, 12, 57]))).toEqual(['1 5|9', '12|19', '|49', '57|59']);
  });

  test('and stops in a gap before and behind each tick in which somebody waits', async () => {
    expect(await follow(sorted([1, 99]), [33, 35, 70])).toEqual(['1|9', '|29', '|39', '|69', '|79', '|89', '99|99']);
  });

  test('and goes on over ticks that nobody looks into, as far as they are at hand', async () => {
    // At hand are three rows at a time.
    const at57 = ({ at }: SocialEvent) => at === 57;
    const calls = await follow(sorted([1, 5, 12, 31, 57, 61, 75]), [], at57);
    expect(calls).toEqual(['1 5|9', '12 31|39', '|49', '57|59', '61|69', '75|79']);
    expect(await follow(sorted([1, 12, 25, 38, 41]), [33], () => false)).toEqual([
      '1 12|19',
      '25|29',
      '38|39',
      '41|49',
    ]);
    expect(await follow(sorted([1, 12, 25, 38], 1), [], () => false)).toHaveLength(4);
  });

  test('in the same steps at any pace, but that a gap is told little by little', async () => {
    const slow = await follow(sorted([1, 5, 12, 57], 1));
    expect(slow.filter((call) => !call.startsWith('|'))).toEqual(['1 5|9', '12|19', '57|59']);
    expect(slow.filter((call) => call.startsWith('|')).at(-1)).toBe('|49');
  });

  test('and never past a row that is to come, nor back', async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.array(fc.integer({ min: -50, max: 500 })), async (all, timers) => {
        const rows = [...all].sort((a, b) => a - b);
        const reader = sorted(rows);
        let [given, watermark, done] = [0, Number.NEGATIVE_INFINITY, false];
        const waiting = [...timers].sort((a, b) => a - b);
        while (!done) {
          const horizon = waiting.find((at) => at > watermark);
          const reading = await reader.next(0, { horizon, stopsAt: ({ at }) => at % 3 === 0 });
          for (const row of reading.rows) expect(timeOf(row)).toBeGreaterThan(watermark);
          given += reading.rows.length;
          expect(reading.watermark ?? watermark).toBeGreaterThanOrEqual(watermark);
          watermark = reading.watermark ?? watermark;
          for (const at of rows.slice(given)) expect(at).toBeGreaterThan(watermark);
          ({ done } = reading);
        }
        expect(given).toBe(rows.length);
      }),
    );
  });
});

test('a source that is not in order of time leaves watermarks to its readers', async () => {
  const reader = createPacedReader(timelineOf([1, 57]), { speed: 'max', tickMs: 10 }, worldOf());
  expect((await reader.next(0)).watermark).toBeUndefined();
  expect((await reader.next(0)).watermark).toBeUndefined();
});
