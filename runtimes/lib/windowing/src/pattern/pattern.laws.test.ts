import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBalanced, totalOf } from '../ledger.ts';
import type { PatternStep } from '../shape.ts';
import { allAggregations, aPost, type Input, type Post, someInputs } from '../testing/inputs.ts';
import { type PatternOptions, patternTruthOf } from '../testing/pattern-oracle.ts';
import { keyText, run, type Seen } from '../testing/run.ts';

const conditions: readonly ((post: Post) => boolean)[] = [
  ({ action }) => action === 'like',
  ({ action }) => action === 'repost',
  ({ action }) => action !== 'like',
  ({ size }) => typeof size === 'number' && size > 0,
  ({ tags }) => tags.includes('x'),
];

const someStep = fc
  .record({
    where: fc.constantFrom(...conditions),
    min: fc.constantFrom(1, 1, 1, 2, 3),
    more: fc.constantFrom(0, 0, 1, 3),
    strict: fc.boolean(),
    absent: fc.constantFrom(false, false, false, true),
  })
  .map(({ min, more, ...step }): PatternStep<Post> => ({ ...step, name: 's', min, max: min + more }));

const patternOptions = fc
  .record({
    sequence: fc.array(someStep, { minLength: 1, maxLength: 4 }),
    withinMs: fc.constantFrom(1, 8, 30, 200, 200),
    afterMatch: fc.constantFrom('SkipPastLast' as const, 'SkipToNext' as const, 'NoSkip' as const),
    maxOutOfOrdernessMs: fc.constantFrom(0, 7, 30),
    keys: fc.constantFrom([], [({ user }: Post) => user], [({ tags }: Post) => tags]),
    where: fc.constantFrom(undefined, ({ action }: Post) => action !== 'view'),
  })
  .map(
    ({ sequence: [first, ...rest], withinMs, afterMatch, ...options }): PatternOptions => ({
      ...options,
      shape: { kind: 'pattern', sequence: [{ ...first!, absent: false }, ...rest], withinMs, afterMatch },
      head: 'Closed',
      emit: 'OnChange',
      allowedLatenessMs: 0,
      timeOf: ({ at }) => at,
      aggregations: allAggregations,
    }),
  );

/** Many events of one key close together, so that runs meet. */
const denseInputs = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 1, 1, 5, 40), fc.constantFrom('like', 'like', 'repost', 'reply'), fc.nat(9)), {
    maxLength: 40,
  })
  .map((steps): readonly Input[] => {
    let at = 0;
    return steps.map(([by, action, size]) => {
      at += by;
      const post = aPost({ at, action, size: size - 3, tags: size > 4 ? ['x'] : ['x', 'y'] });
      return { kind: 'event', partition: 0, post };
    });
  });
const patternInputs = fc.oneof(someInputs, denseInputs);

const check = (law: (options: PatternOptions, inputs: readonly Input[]) => void, runs = 300): void => {
  fc.assert(fc.property(patternOptions, patternInputs, law), { numRuns: runs });
};

/** Key → what was told of it, without what tells the matches of one end apart. */
const toldOf = ({ upserts }: Pick<Seen, 'upserts'>) => {
  const told = new Map<string, unknown[]>();
  for (const { key, start, end, values } of upserts)
    told.set(keyText(key), [...(told.get(keyText(key)) ?? []), { start, end, values }]);
  return told;
};
const inOrder = (told: ReadonlyMap<string, readonly unknown[]>) =>
  new Map([...told].map(([key, all]) => [key, all.map((one) => JSON.stringify(one)).sort()]));

const end: readonly Input[] = [0, 1].map((partition) => ({ kind: 'watermark', partition, watermark: 1e12 }));

describe('patterns', () => {
  test('find what their definition says, in its order', () => {
    check((options, inputs) => {
      expect(toldOf(run(options, inputs))).toEqual(patternTruthOf(options, inputs).matches);
    }, 3000);
  });

  test('find it all when the time is over', () => {
    check((options, inputs) => {
      const all = [...inputs, ...end];
      expect(inOrder(toldOf(run(options, all)))).toEqual(inOrder(patternTruthOf(options, all).matches));
    }, 1000);
  });

  test('call late, filtered and aggregated what the definition does, and their ledger balances', () => {
    check((options, inputs) => {
      const { outcomes, windower } = run(options, inputs);
      const truth = patternTruthOf(options, inputs);
      expect(outcomes).toEqual(truth.outcomes);
      expect(windower.watermark()).toBe(truth.watermark);
      expect(isBalanced(totalOf(windower.ledger()))).toBe(true);
    }, 500);
  });

  test('say the same when they are saved and restored at any point', () => {
    fc.assert(
      fc.property(patternOptions, patternInputs, fc.nat(90), (options, inputs, at) => {
        const restartAt = at % Math.max(1, inputs.length);
        const cycle: Input = { kind: 'cycle', limit: 1000 };
        const whole = run(options, [...inputs.slice(0, restartAt), cycle, ...inputs.slice(restartAt)]);
        const halves = run(options, inputs, { at: restartAt, options });
        const text = ({ upserts }: Seen) => upserts.map(({ slot: _, ...upsert }) => JSON.stringify(upsert)).sort();
        expect(text(halves)).toEqual(text(whole));
        expect(halves.outcomes).toEqual(whole.outcomes);
        expect(halves.windower.size()).toEqual(whole.windower.size());
      }),
      { numRuns: 1000 },
    );
  });

  test('tell the matches of a key with one end apart, and none of them twice', () => {
    check((options, inputs) => {
      const { upserts } = run(options, [...inputs, ...end]);
      const ids = upserts.map(({ key, end: at, nth }) => JSON.stringify([key, at, nth]));
      expect(new Set(ids).size).toBe(ids.length);
    }, 1000);
  });

  test('keep nothing of a key whose time is over', () => {
    check((options, inputs) => {
      expect(run(options, [...inputs, ...end]).windower.size()).toMatchObject({ keys: 0, rows: 0 });
    });
  });

  test('are the same for another order of events within the allowed disorder', () => {
    const someEvents = fc.array(fc.tuple(fc.nat(300), fc.nat(29), fc.constantFrom('like', 'repost', 'reply')), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(patternOptions, someEvents, (given, drawn) => {
        const options = { ...given, maxOutOfOrdernessMs: 30 };
        // One event for each moment: those of equal times are taken as they come.
        const events = [...new Map(drawn.map((one) => [one[0], one])).values()];
        const inputsBy = (order: (event: (typeof events)[number]) => number): readonly Input[] => [
          ...[...events]
            .sort((a, b) => order(a) - order(b))
            .map(
              ([at, , action]): Input => ({
                kind: 'event',
                partition: 0,
                post: aPost({ at, action, user: `u${at % 2}`, tags: ['x'], size: at % 3 }),
              }),
            ),
          { kind: 'watermark', partition: 0, watermark: 1000 },
        ];
        const straight = run(
          options,
          inputsBy(([at]) => at),
        );
        const mixed = run(
          options,
          inputsBy(([at, delay]) => at + delay),
        );
        expect(inOrder(toldOf(mixed))).toEqual(inOrder(toldOf(straight)));
      }),
      { numRuns: 300 },
    );
  });
});
