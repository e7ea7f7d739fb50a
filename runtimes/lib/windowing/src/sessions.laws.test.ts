import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Values } from './aggregation.ts';
import { isBalanced, totalOf } from './ledger.ts';
import { allAggregations, aPost, type Input, type Post, someInputs } from './testing/inputs.ts';
import { keyText, run, type Seen } from './testing/run.ts';
import { type SessionOptions, sessionTruthOf } from './testing/session-oracle.ts';

const sessionOptions = fc
  .record({
    shape: fc.record({ kind: fc.constant('session' as const), gapMs: fc.constantFrom(1, 7, 20) }),
    maxMs: fc.constantFrom(undefined, undefined, 5, 30),
    maxOutOfOrdernessMs: fc.constantFrom(0, 7, 30),
    allowedLatenessMs: fc.constantFrom(0, 4, 25, 100),
    keys: fc.constantFrom([], [({ user }: Post) => user], [({ tags }: Post) => tags]),
    where: fc.constantFrom(undefined, ({ action }: Post) => action !== 'view'),
  })
  .map(
    ({ shape, maxMs, ...rest }): SessionOptions => ({
      ...rest,
      shape: { ...shape, maxMs },
      head: 'Closed',
      emit: 'OnChange',
      timeOf: ({ at }) => at,
      aggregations: allAggregations,
    }),
  );

const check = (law: (options: SessionOptions, inputs: readonly Input[]) => void, runs = 300): void => {
  fc.assert(fc.property(sessionOptions, someInputs, law), { numRuns: runs });
};

/** Key → end → values, without what was taken back. */
const heldOf = ({ byWindow }: Pick<Seen, 'byWindow'>): ReadonlyMap<string, ReadonlyMap<number, Values>> =>
  new Map(
    [...byWindow].flatMap(([key, ends]) => {
      const held = [...ends].flatMap(([end, values]) => (values === null ? [] : [[end, values] as const]));
      return held.length === 0 ? [] : [[key, new Map(held)] as const];
    }),
  );
const overOf = ({ over }: ReturnType<typeof sessionTruthOf>) =>
  new Map([...over].filter(([, ends]) => ends.size > 0).map(([key, ends]) => [keyText(JSON.parse(key)), ends]));

describe('sessions', () => {
  test('hold what their definition says, however events come and sessions merge', () => {
    check((options, inputs) => {
      expect(heldOf(run(options, inputs))).toEqual(overOf(sessionTruthOf(options, inputs)));
    }, 2000);
  });

  test('call late, filtered and aggregated what the definition does, and their ledger balances', () => {
    check((options, inputs) => {
      const { outcomes, windower } = run(options, inputs);
      const truth = sessionTruthOf(options, inputs);
      expect(outcomes).toEqual(truth.outcomes);
      expect(windower.watermark()).toBe(truth.watermark);
      expect(isBalanced(totalOf(windower.ledger()))).toBe(true);
    }, 1000);
  });

  test('say the same when they are saved and restored at any point', () => {
    fc.assert(
      fc.property(sessionOptions, someInputs, fc.nat(90), (options, inputs, at) => {
        const restartAt = at % Math.max(1, inputs.length);
        const cycle: Input = { kind: 'cycle', limit: 1000 };
        const whole = run(options, [...inputs.slice(0, restartAt), cycle, ...inputs.slice(restartAt)]);
        const halves = run(options, inputs, { at: restartAt, options });
        const text = ({ upserts }: Seen) =>
          upserts
            .map(({ key, start, end, values, newest }) => JSON.stringify([end, start, key, newest, values]))
            .sort();
        expect(text(halves)).toEqual(text(whole));
        expect(halves.outcomes).toEqual(whole.outcomes);
        expect(halves.windower.size()).toMatchObject({ keys: whole.windower.size().keys });
      }),
      { numRuns: 500 },
    );
  });

  test('fire nothing that the watermark has not reached, and each key in the order of its ends but for corrections', () => {
    check((options, inputs) => {
      const { upserts, windower } = run(options, inputs);
      expect(upserts.every(({ end, start }) => end - 1 <= windower.watermark() && start < end)).toBe(true);
    });
  });

  test('forget every key once the watermark is past all that it could join', () => {
    check((options, inputs) => {
      const end: Input[] = [0, 1].map((partition) => ({ kind: 'watermark', partition, watermark: 1e12 }));
      expect(run(options, [...inputs, ...end]).windower.size()).toMatchObject({ keys: 0, rows: 0 });
    });
  });

  test('are the same for another order of events within the allowed disorder', () => {
    fc.assert(
      fc.property(
        sessionOptions,
        fc.array(fc.tuple(fc.nat(300), fc.nat(29), fc.integer({ min: -4, max: 4 })), { maxLength: 40 }),
        (given, drawn) => {
          const options = { ...given, maxOutOfOrdernessMs: 30 };
          // One event for each moment, so that first and last are the same in any order.
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
                  action: size > 0 ? 'like' : 'reply',
                  size: size / 10,
                }),
              }));
          const end: Input = { kind: 'watermark', partition: 0, watermark: 1000 };
          const [straight, mixed] = [inputsBy(([at]) => at), inputsBy(([at, delay]) => at + delay)];
          expect(heldOf(run(options, [...mixed, end]))).toEqual(heldOf(run(options, [...straight, end])));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('merge in any order to the same session', () => {
    const moments = fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(
        moments.chain((ats) => fc.tuple(fc.constant(ats), fc.shuffledSubarray(ats, { minLength: ats.length }))),
        ([ats, shuffled]) => {
          const of = (order: readonly number[]) =>
            run(
              {
                ...{ shape: { kind: 'session', gapMs: 10 }, head: 'Closed', emit: 'OnChange', keys: [] },
                ...{ maxOutOfOrdernessMs: 1000, allowedLatenessMs: 0, timeOf: ({ at }) => at },
                aggregations: allAggregations,
              },
              [
                ...order.map((at): Input => ({ kind: 'event', partition: 0, post: aPost({ at, size: at / 10 }) })),
                { kind: 'watermark', partition: 0, watermark: 10_000 },
              ],
            );
          expect(of(shuffled).byWindow).toEqual(of(ats).byWindow);
        },
      ),
      { numRuns: 300 },
    );
  });
});
