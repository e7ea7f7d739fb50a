import { describe, expect, test } from 'vitest';
import { createWindower } from './create-windower.ts';
import { aPost, type Input, someOptions } from './testing/inputs.ts';
import { run } from './testing/run.ts';

const event = (at: number, user = 'ann'): Input => ({ kind: 'event', partition: 0, post: aPost({ at, user }) });
const watermark = (to: number): Input => ({ kind: 'watermark', partition: 0, watermark: to });
const cycle: Input = { kind: 'cycle', limit: 1000 };

const sessions = ({ lateness = 0, maxMs }: { lateness?: number; maxMs?: number } = {}) =>
  someOptions({
    shape: { kind: 'session', gapMs: 10, maxMs },
    maxOutOfOrdernessMs: 1000,
    allowedLatenessMs: lateness,
  });
/** Upserts as `[start, end, count or null, newest]`. */
const told = (options: ReturnType<typeof sessions>, inputs: readonly Input[]) =>
  run(options, inputs).upserts.map(({ start, end, values, newest }) => [start, end, values?.[0] ?? null, newest]);

describe('a session', () => {
  test('ends a gap after its last event, and is told when the watermark is there', () => {
    expect(told(sessions(), [event(0), event(7), watermark(15)])).toEqual([]);
    expect(told(sessions(), [event(0), event(7), watermark(16)])).toEqual([[0, 17, 2, true]]);
  });

  test.each([
    { second: 10, sessions: [[0, 20, 2, true]] },
    {
      second: 11,
      sessions: [
        [0, 10, 1, true],
        [11, 21, 1, true],
      ],
    },
  ])('takes an event that touches it, not one that does not: one at $second', ({ second, sessions: expected }) => {
    expect(told(sessions(), [event(0), event(second), watermark(100)])).toEqual(expected);
  });

  test('is one with another when an event fills what lies between them', () => {
    expect(told(sessions(), [event(0), event(20), event(10), event(60), watermark(100)])).toEqual([
      [0, 30, 3, true],
      [60, 70, 1, true],
    ]);
  });

  test.each([
    { at: 9, wm: 17, outcome: 'aggregated' },
    { at: 9, wm: 18, outcome: 'late' },
    { at: 9, wm: 21, lateness: 4, outcome: 'aggregated' },
    { at: 9, wm: 22, lateness: 4, outcome: 'late' },
  ])(
    'calls an event at $at late at watermark $wm with $lateness ms allowed: $outcome',
    ({ at, wm, lateness, outcome }) => {
      const { outcomes } = run(sessions(lateness === undefined ? {} : { lateness }), [watermark(wm), event(at)]);
      expect(outcomes).toEqual([outcome]);
    },
  );

  test('that may last so long is over a gap after its last event, also for the second of two that come just then', () => {
    expect(told(sessions({ maxMs: 100 }), [event(0), event(10), event(10), watermark(100)])).toEqual([
      [0, 10, 1, true],
      [10, 20, 2, true],
    ]);
  });

  test('takes an event that would be late by itself, but joins what is not over', () => {
    expect(told(sessions(), [event(10), watermark(12), event(1), watermark(100)])).toEqual([[1, 20, 2, true]]);
  });

  test('that was told is put right by a late event, and taken back when it gets longer', () => {
    const inputs = [event(0), watermark(10), cycle, event(0), cycle, event(9), cycle, watermark(100)];
    expect(told(sessions({ lateness: 50 }), inputs)).toEqual([
      [0, 10, 1, true],
      [0, 10, 2, true],
      [0, 10, null, true],
      [0, 19, 3, true],
    ]);
  });

  test('that was told is taken back when it becomes part of another one', () => {
    const inputs = [event(0), event(20), watermark(50), cycle, event(10), cycle];
    expect(told(sessions({ lateness: 50 }), inputs)).toEqual([
      [0, 10, 1, true],
      [20, 30, 1, true],
      [0, 10, null, false],
      [0, 30, 3, true],
    ]);
  });

  test('is cut at its longest duration: what comes then begins the next one, in whatever order events come', () => {
    const inputs = [18, 0, 32, 9, 24, 27].map((at) => event(at));
    expect(told(sessions({ maxMs: 25 }), [...inputs, watermark(100)])).toEqual([
      [0, 25, 4, true],
      [27, 42, 2, true],
    ]);
  });

  test('that goes on for ever is told each time when its longest duration is over', () => {
    const inputs = [0, 5, 10, 15, 20, 25, 30].map((at) => event(at));
    expect(told(sessions({ maxMs: 10 }), [...inputs, watermark(19)])).toEqual([
      [0, 10, 2, true],
      [10, 20, 2, true],
    ]);
  });

  test('leaves nothing behind when it is over: a hundred thousand keys later the state is what it was', () => {
    const windower = createWindower(sessions());
    const wave = (from: number): void => {
      for (let i = 0; i < 1000; i++) windower.accept(0, aPost({ at: from, user: `u${from}-${i}` }));
      windower.advance(0, from + 500);
      windower.fire();
    };
    wave(0);
    const before = windower.size();
    for (let round = 1; round < 100; round++) wave(round * 1000);
    expect(windower.size()).toEqual(before);
    expect(before).toMatchObject({ keys: 0, rows: 0 });
  });

  test.each([
    { shape: { kind: 'session', gapMs: 0 } as const },
    { shape: { kind: 'session', gapMs: 5, maxMs: 2.5 } as const },
  ])('of $shape is refused', ({ shape }) => {
    expect(() => createWindower({ ...sessions(), shape })).toThrow(/Cannot build a session window: .* ms is given/);
  });
});

describe('timers and merges', () => {
  test('stay in step when rows are used again', () => {
    // A session that was merged away, dropped and opened anew must not fire by what was set for it before.
    const inputs = [event(0), event(20), event(10), watermark(29), cycle, event(40), event(60), watermark(200)];
    expect(told(sessions(), inputs)).toEqual([
      [0, 30, 3, true],
      [40, 50, 1, true],
      [60, 70, 1, true],
    ]);
  });
});
