import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWindower } from './create-windower.ts';
import { allAggregations, aPost, type Input, type Post, someInputs, someOptions } from './testing/inputs.ts';
import { keyText, run, type Seen } from './testing/run.ts';
import { decayedCount, type RunningOptions, runningTruthOf } from './testing/running-oracle.ts';

const common = {
  maxOutOfOrdernessMs: fc.constantFrom(0, 7, 30),
  keys: fc.constantFrom([], [({ user }: Post) => user], [({ tags }: Post) => tags]),
  where: fc.constantFrom(undefined, ({ action }: Post) => action !== 'view'),
  emit: fc.constantFrom('OnChange' as const, 'EveryWindow' as const, 'Newest' as const),
};
const whole = { head: 'Closed' as const, allowedLatenessMs: 0, timeOf: ({ at }: Post) => at };
const globals = fc
  .record({
    ...common,
    shape: fc.record({
      kind: fc.constant('global' as const),
      everyMs: fc.constantFrom(1, 5, 10),
      forgetAfterMs: fc.constantFrom(undefined, 3, 20, 100),
    }),
  })
  .map((options): RunningOptions => ({ ...whole, ...options, aggregations: allAggregations }));
const decays = fc
  .record({
    ...common,
    shape: fc.record({
      kind: fc.constant('decay' as const),
      everyMs: fc.constantFrom(1, 5, 10),
      halfLifeMs: fc.constantFrom(2, 10, 50),
      forgetBelow: fc.constantFrom(0, 0.001),
    }),
  })
  .map(
    (options): RunningOptions => ({
      ...whole,
      ...options,
      aggregations: [
        { kind: 'count', name: 'count' },
        { kind: 'sum', name: 'sum', of: ({ size }) => size },
        { kind: 'avg', name: 'avg', of: ({ size }) => size, where: ({ action }) => action === 'like' },
        { kind: 'weightedSum', name: 'weighted', by: ({ action }) => action, weights: { like: 0.5, repost: 2 } },
      ],
    }),
  );

describe('a global window', () => {
  test('holds everything up to the newest slice that is over, but for what was silent for too long', () => {
    fc.assert(
      fc.property(globals, someInputs, (options, inputs) => {
        expect(new Map(run(options, inputs).newest)).toEqual(new Map(runningTruthOf(options, inputs)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a window that fades', () => {
  test('holds of each event what its age leaves of it, as far as it was not forgotten', () => {
    fc.assert(
      fc.property(decays, someInputs, (options, inputs) => {
        const { newest, windower } = run(options, inputs);
        for (const [key, count] of decayedCount(options, inputs)) {
          const told = Number(newest.get(key)?.[0] ?? 0);
          expect({ key, told, count, near: Math.abs(told - count) < 0.01 }).toMatchObject({ near: true });
        }
        expect(windower.ledger().get(0)?.late ?? 0).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  const event = (at: number, more: Partial<Post> = {}): Input => ({
    kind: 'event',
    partition: 0,
    post: aPost({ at, ...more }),
  });
  const watermark = (to: number): Input => ({ kind: 'watermark', partition: 0, watermark: to });
  const cycle: Input = { kind: 'cycle', limit: 1000 };
  const fading = (forgetBelow: number) =>
    someOptions({ shape: { kind: 'decay', halfLifeMs: 10, everyMs: 10, forgetBelow }, emit: 'Newest' });
  const told = ({ upserts }: Seen) => upserts.map(({ end, values }) => [end, values?.[0] ?? null]);

  test('is told at every tick, each time half of it, until it is forgotten', () => {
    const ticks = [9, 19, 29, 39, 49].flatMap((to) => [watermark(to), cycle]);
    expect(told(run(fading(0.2), [event(0), event(0), ...ticks]))).toEqual([
      [10, 1],
      [20, 0.5],
      [30, 0.25],
      [40, null],
    ]);
  });

  test('gives every key back when nothing comes any more, even where it forgets nothing by size', () => {
    const { windower, newest } = run(fading(0), [
      event(0),
      event(3, { user: 'bob' }),
      watermark(8_640_000_000_000_000),
    ]);
    expect(windower.size()).toMatchObject({ keys: 0, rows: 0 });
    expect(newest.size).toBe(0);
  });

  test('forgets more when it is told to while it runs', () => {
    const windower = createWindower(fading(0.01));
    windower.accept(0, aPost({ at: 9 }));
    windower.advance(0, 29);
    expect(windower.fire().map(({ values }) => values !== null)).toEqual([true]);
    windower.forgetBelow(0.9);
    windower.advance(0, 39);
    expect(windower.fire().map(({ values }) => values)).toEqual([null]);
  });

  test('cannot count different values: they do not fade', () => {
    const aggregations = [{ kind: 'distinct', name: 'people', of: ({ user }: Post) => user } as const];
    expect(() => createWindower({ ...fading(0), aggregations })).toThrow(
      'Cannot build a decay window: "people" is a distinct, which cannot fade; count, sum, avg or weightedSum is needed',
    );
  });
});

describe.each([
  ['a global window', globals],
  ['a window that fades', decays],
])('%s', (_, various) => {
  test('says the same when it is saved and restored at any point', () => {
    fc.assert(
      fc.property(various, someInputs, fc.nat(90), (options, inputs, at) => {
        const restartAt = at % Math.max(1, inputs.length);
        const cycle: Input = { kind: 'cycle', limit: 1000 };
        const calm = run(options, [...inputs.slice(0, restartAt), cycle, ...inputs.slice(restartAt)]);
        const halves = run(options, inputs, { at: restartAt, options });
        const text = ({ upserts }: Seen) =>
          upserts.map(({ key, end, values, newest }) => JSON.stringify([end, key, newest, values])).sort();
        expect(text(halves)).toEqual(text(calm));
        expect(halves.windower.size()).toMatchObject({ keys: calm.windower.size().keys });
      }),
      { numRuns: 500 },
    );
  });

  test('is the same for another order of events within the allowed disorder, to the last bit', () => {
    fc.assert(
      fc.property(
        various,
        fc.array(fc.tuple(fc.nat(300), fc.nat(29), fc.integer({ min: -4, max: 4 })), { maxLength: 40 }),
        (given, drawn) => {
          const options: RunningOptions = { ...given, maxOutOfOrdernessMs: 30, emit: 'Newest' };
          const events = [...new Map(drawn.map((one) => [one[0], one])).values()];
          const inputsBy = (order: (event: (typeof events)[number]) => number): readonly Input[] =>
            [...events]
              .sort((a, b) => order(a) - order(b))
              .map(([at, , size]) => ({
                kind: 'event',
                partition: 0,
                post: aPost({
                  at,
                  user: `u${at % 2}`,
                  tags: ['x'],
                  action: size > 0 ? 'like' : 'repost',
                  size: size / 10,
                }),
              }));
          const end: Input = { kind: 'watermark', partition: 0, watermark: 310 };
          const [straight, mixed] = [inputsBy(([at]) => at), inputsBy(([at, delay]) => at + delay)];
          expect(new Map(run(options, [...mixed, end]).newest)).toEqual(
            new Map(run(options, [...straight, end]).newest),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('publishes a few keys at a time where that is asked for', () => {
    fc.assert(
      fc.property(various, someInputs, (options, inputs) => {
        const [few, all] = [3, 1000].map((limit) =>
          run(
            options,
            inputs.map((input) => (input.kind === 'cycle' ? { ...input, limit } : input)),
          ),
        );
        expect(new Map(few!.newest)).toEqual(new Map(all!.newest));
        expect([...few!.newest.keys()].every((key) => key === keyText(JSON.parse(key)))).toBe(true);
      }),
    );
  });
});
