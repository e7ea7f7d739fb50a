import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standsForOf } from './aggregation.ts';
import { createWindower } from './create-windower.ts';
import {
  allAggregations,
  aPost,
  type Input,
  type Post,
  someInputs,
  someOptions,
  variousOptions,
} from './testing/inputs.ts';
import { run } from './testing/run.ts';
import type { WindowerOptions } from './windower.ts';

const weights: Readonly<Record<string, number>> = { ann: 1, bob: 2, cyd: 3 };
const weightOf = ({ user }: Post): number => weights[user] ?? 1;
const weighing = (aggregations: WindowerOptions<Post>['aggregations'], standsFor = weightOf): typeof aggregations =>
  aggregations.map((each) => (each.kind === 'derived' ? each : { ...each, standsFor }));

/** Each event as often as it stands for. */
const repeated = (inputs: readonly Input[]): readonly Input[] =>
  inputs.flatMap((input): readonly Input[] =>
    input.kind === 'event' ? Array.from({ length: weightOf(input.post) }, () => input) : [input],
  );

describe('an event that stands for several', () => {
  test('counts and adds up as so many equal ones, whatever leaves the window and whatever the order of sums', () => {
    fc.assert(
      fc.property(variousOptions, someInputs, (various, inputs) => {
        // So that one of the equal events does not end the window for the others.
        const options = { ...various, maxOutOfOrdernessMs: various.maxOutOfOrdernessMs + 1 };
        // The latest three are those that came.
        const aggregations = allAggregations.filter(({ name }) => name !== 'latest');
        const thinned = run({ ...options, aggregations: weighing(aggregations) }, inputs);
        expect(thinned.byWindow).toEqual(run({ ...options, aggregations }, repeated(inputs)).byWindow);
      }),
      { numRuns: 300 },
    );
  });

  test('fades as so many equal ones', () => {
    fc.assert(
      fc.property(someInputs, (inputs) => {
        const options = someOptions({
          shape: { kind: 'decay', everyMs: 5, halfLifeMs: 10, forgetBelow: 0 },
          aggregations: allAggregations.filter(({ name }) => name === 'count' || name === 'weighted'),
        });
        const thinned = run({ ...options, aggregations: weighing(options.aggregations) }, inputs);
        const repeating = run(options, repeated(inputs));
        expect([...thinned.newest.keys()]).toEqual([...repeating.newest.keys()]);
        // Where late ones come to what has faded, sums are rounded more often.
        for (const [key, values] of thinned.newest)
          for (const [i, value] of (repeating.newest.get(key) ?? []).entries())
            expect(Math.abs(Number(values[i]) - Number(value))).toBeLessThanOrEqual(1e-12 * Number(value));
      }),
      { numRuns: 100 },
    );
  });

  test('is one event of a pattern', () => {
    const options = someOptions({
      shape: {
        kind: 'pattern',
        withinMs: 100,
        afterMatch: 'SkipPastLast',
        sequence: [
          {
            name: 'liked',
            where: ({ action }: Post) => action === 'like',
            min: 2,
            max: 2,
            strict: false,
            absent: false,
          },
        ],
      },
      aggregations: weighing([{ kind: 'count', name: 'count' }]),
    });
    const windower = createWindower(options);
    windower.accept(0, aPost({ at: 1, user: 'bob' }));
    windower.advance(0, 50);
    expect(windower.fire(10)).toEqual([]);
    windower.accept(0, aPost({ at: 60, user: 'bob' }));
    windower.advance(0, 200);
    expect(windower.fire(10).map(({ values }) => values)).toEqual([[2]]);
  });

  test('leaves nothing behind when it leaves the window, whatever its weight', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 50 }), (all) => {
        const options = someOptions({
          shape: { kind: 'hop', sizeMs: 20, everyMs: 10 },
          aggregations: weighing([{ kind: 'count', name: 'count' }], ({ size }) => standsForOf(size)),
        });
        const windower = createWindower(options);
        for (const size of all) windower.accept(0, aPost({ at: 5, size }));
        windower.accept(0, aPost({ at: 15, size: 1.5 }));
        windower.advance(0, 30);
        const [, , last] = windower.fire(10);
        expect(last?.values).toEqual([1.5]);
      }),
      { numRuns: 200 },
    );
  });
});

test('what is no weight is one', () => {
  expect([undefined, 'x', Number.NaN, 0.5, -3, Number.POSITIVE_INFINITY].map(standsForOf)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(standsForOf(4)).toBe(4);
  expect(standsForOf(100 / 3)).toBeCloseTo(100 / 3, 5);
});
