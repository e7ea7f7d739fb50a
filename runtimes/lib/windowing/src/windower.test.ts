import { describe, expect, test } from 'vitest';
import { createWindower } from './create-windower.ts';
import { allAggregations, aPost, type Input, type Post, someOptions } from './testing/inputs.ts';
import { run } from './testing/run.ts';
import type { WindowerOptions } from './windower.ts';

const event = (post: Partial<Post>): Input => ({ kind: 'event', partition: 0, post: aPost(post) });
const watermark = (to: number): Input => ({ kind: 'watermark', partition: 0, watermark: to });
const cycle: Input = { kind: 'cycle', limit: 1000 };

/** Upserts as `[key, end, first value or null]`. */
const told = (options: WindowerOptions<Post>, inputs: readonly Input[]) =>
  run(options, inputs).upserts.map(({ key, end, values }) => [key.join(), end, values?.[0] ?? null]);

describe('windows', () => {
  test.each([
    { at: 0, end: 10 },
    { at: 9, end: 10 },
    { at: 10, end: 20 },
    { at: -1, end: 0 },
    { at: -10, end: 0 },
    { at: -11, end: -10 },
  ])('of 10 ms put an event at $at into the one that ends at $end', ({ at, end }) => {
    const options = someOptions({ maxOutOfOrdernessMs: 100 });
    expect(told(options, [event({ at }), watermark(end - 2)])).toEqual([]);
    expect(told(options, [event({ at }), watermark(end - 1)])).toEqual([['ann', end, 1]]);
  });

  test('that hop hold an event in size / every of them', () => {
    const options = someOptions({ shape: { kind: 'hop', sizeMs: 30, everyMs: 10 }, emit: 'EveryWindow' });
    expect(told(options, [event({ at: 12 }), watermark(60)])).toEqual([
      ['ann', 20, 1],
      ['ann', 30, 1],
      ['ann', 40, 1],
      ['ann', 50, null],
    ]);
  });

  test('that hop publish a key on change only when a pane enters or leaves', () => {
    const options = someOptions({ shape: { kind: 'hop', sizeMs: 30, everyMs: 10 } });
    const inputs = [event({ at: 12 }), event({ at: 22, user: 'bob' }), watermark(60)];
    expect(told(options, inputs)).toEqual([
      ['ann', 20, 1],
      ['bob', 30, 1],
      ['ann', 50, null],
      ['bob', 60, null],
    ]);
  });

  test.each([
    { shape: { kind: 'hop', sizeMs: 25, everyMs: 10 } as const, why: 'everyMs 10 does not divide sizeMs 25' },
    { shape: { kind: 'tumble', sizeMs: 0 } as const, why: '0 ms is given, a whole number above 0 is needed' },
    {
      shape: { kind: 'hop', sizeMs: 10, everyMs: 2.5 } as const,
      why: '2.5 ms is given, a whole number above 0 is needed',
    },
  ])('of shape $shape are refused', ({ shape, why }) => {
    expect(() => createWindower(someOptions({ shape }))).toThrow(`Cannot build a ${shape.kind} window: ${why}`);
  });

  test('cost nothing where nothing is: a year passes in hops of 1 ms', () => {
    const year = 365 * 24 * 60 * 60 * 1000;
    const options = someOptions({ shape: { kind: 'hop', sizeMs: 3_600_000, everyMs: 1 } });
    expect(told(options, [event({ at: 5 }), event({ at: year }), watermark(2 * year)])).toEqual([
      ['ann', 6, 1],
      ['ann', 3_600_006, null],
      ['ann', year + 1, 1],
      ['ann', year + 3_600_001, null],
    ]);
  });

  test('are published a few at a time where that is asked for, whole ends each', () => {
    const windower = createWindower(someOptions());
    for (const user of ['ann', 'bob', 'cyd']) windower.accept(0, aPost({ user }));
    windower.accept(0, aPost({ at: 15 }));
    windower.advance(0, 100);
    const sizes = [];
    for (let some = windower.fire(2); some.length > 0; some = windower.fire(2)) sizes.push(some.map(({ end }) => end));
    expect(sizes).toEqual([[10, 10, 10], [20, 20, 20], [30]]);
  });
});

describe('an event', () => {
  const hop = { kind: 'hop', sizeMs: 30, everyMs: 10 } as const;
  /** The last window of an event at 5: the one that ends at 10, or in hops at 30. */
  test.each([
    { shape: undefined, lateness: 0, watermarkAt: 8, late: false },
    { shape: undefined, lateness: 0, watermarkAt: 9, late: true },
    { shape: undefined, lateness: 7, watermarkAt: 15, late: false },
    { shape: undefined, lateness: 7, watermarkAt: 16, late: true },
    { shape: hop, lateness: 0, watermarkAt: 28, late: false },
    { shape: hop, lateness: 0, watermarkAt: 29, late: true },
    { shape: hop, lateness: 7, watermarkAt: 35, late: false },
    { shape: hop, lateness: 7, watermarkAt: 36, late: true },
  ])('at 5 is late: $late, at watermark $watermarkAt with $lateness ms allowed in $shape', (row) => {
    const options = someOptions({ allowedLatenessMs: row.lateness, ...(row.shape && { shape: row.shape }) });
    const { outcomes } = run(options, [watermark(row.watermarkAt), event({ at: 5 })]);
    expect(outcomes).toEqual([row.late ? 'late' : 'aggregated']);
  });

  test('that is late for some of its windows counts in the others', () => {
    const options = someOptions({ shape: hop });
    expect(told(options, [event({ at: 1 }), watermark(9), event({ at: 2 }), watermark(39)])).toEqual([
      ['ann', 10, 1],
      ['ann', 20, 2],
      ['ann', 40, null],
    ]);
  });

  test('that is late but allowed corrects every window that was published with its pane', () => {
    const options = someOptions({ shape: hop, allowedLatenessMs: 100 });
    const inputs = [event({ at: 1 }), event({ at: 12 }), watermark(45), cycle, event({ at: 2 }), cycle];
    expect(told(options, inputs)).toEqual([
      ['ann', 10, 1],
      ['ann', 20, 2],
      ['ann', 40, 1],
      ['ann', 10, 2],
      ['ann', 20, 3],
      ['ann', 40, 1],
    ]);
  });

  test('moves the watermark after it was decided about, and even where it is filtered', () => {
    const options = someOptions({ where: ({ action }) => action === 'like', maxOutOfOrdernessMs: 5 });
    const inputs = [event({ at: 14, action: 'view' }), event({ at: 9 }), event({ at: 15 }), event({ at: 9 })];
    expect(run(options, inputs).outcomes).toEqual(['filtered', 'late', 'aggregated', 'late']);
  });

  test('without a key is filtered, one with a list counts once under each element', () => {
    const options = someOptions({ keys: [({ tags }) => tags] });
    const inputs = [event({ tags: [] }), event({ tags: ['x', 'y', 'x', ''] }), watermark(9)];
    expect(run(options, inputs).outcomes).toEqual(['filtered', 'aggregated']);
    expect(told(options, inputs)).toEqual([
      ['x', 10, 1],
      ['y', 10, 1],
    ]);
  });

  test('with two key fields counts under both, and keys that join alike stay apart', () => {
    const options = someOptions({ keys: [({ user }) => user, ({ action }) => action] });
    const inputs = [event({ user: 'a', action: 'bc' }), event({ user: 'ab', action: 'c' }), watermark(9)];
    expect(run(options, inputs).upserts.map(({ key }) => key)).toEqual([
      ['a', 'bc'],
      ['ab', 'c'],
    ]);
  });
});

describe('an upsert', () => {
  test('says whether it is the newest of its key', () => {
    const options = someOptions({ shape: { kind: 'hop', sizeMs: 20, everyMs: 10 }, allowedLatenessMs: 100 });
    const inputs = [event({ at: 1 }), event({ at: 11 }), watermark(19), cycle, event({ at: 2 }), watermark(49)];
    const facts = run(options, inputs).upserts.map(({ end, values, newest }) => [end, values, newest]);
    expect(facts).toEqual([
      [10, [1], true],
      [20, [2], true],
      [10, [2], false],
      [20, [3], true],
      [30, [1], true],
      [40, null, true],
    ]);
  });
});

describe('aggregations', () => {
  const sizes = (...sizes: readonly unknown[]): readonly Input[] => [
    ...sizes.map((size, at) => event({ at, ...(size !== undefined && { size: size as number }) })),
    watermark(9),
  ];
  const results = (inputs: readonly Input[]) => {
    const values = run(someOptions({ aggregations: allAggregations }), inputs).upserts[0]?.values ?? [];
    return Object.fromEntries(allAggregations.map(({ name }, i) => [name, values[i]]));
  };

  test('of numbers', () => {
    expect(results(sizes(4, 2, 2, 7))).toMatchObject({
      ...{ count: 4, sum: 15, avg: 3.75, min: 2, max: 7, distinct: 3, first: 4, last: 7 },
      stddev: Math.sqrt(4.1875),
    });
  });

  test('of nothing are 0 where they count, else null', () => {
    expect(results(sizes(undefined))).toMatchObject({
      ...{ count: 1, sum: null, avg: null, stddev: null, min: null, max: null, distinct: 0, first: null, last: null },
    });
  });

  test.each([['big'], [Number.NaN], [Infinity], [2 ** 401], [null], [{}], [[1]], [true]])(
    'leave %j out where they need a number',
    (odd) => {
      expect(results(sizes(1, odd, 3))).toMatchObject({ count: 3, sum: 4, avg: 2, min: 1, max: 3, stddev: 1 });
    },
  );

  test('count each element of a list where values are counted apart', () => {
    const options = someOptions({
      aggregations: [
        { kind: 'distinct', name: 'distinct', of: ({ tags }) => tags },
        { kind: 'topK', name: 'top', of: ({ tags }) => tags, size: 1, error: 0.1 },
        { kind: 'lastN', name: 'latest', of: ({ tags }) => tags, size: 3, distinct: false },
      ],
    });
    const inputs = [
      event({ tags: ['x', 'y'] }),
      event({ at: 1, tags: ['y'] }),
      event({ at: 2, tags: [] }),
      watermark(9),
    ];
    expect(run(options, inputs).upserts[0]?.values).toEqual([2, [{ value: 'y', count: 2 }], ['y', 'y', 'x']]);
  });

  test('that are derived are computed of the others, in the order of declaration', () => {
    const options = someOptions({
      aggregations: [
        { kind: 'derived', name: 'early', derive: (values) => JSON.stringify(values) },
        { kind: 'count', name: 'count' },
        { kind: 'derived', name: 'twice', derive: ([, count]) => Number(count) * 2 },
        { kind: 'derived', name: 'late', derive: (values) => JSON.stringify(values) },
      ],
    });
    expect(run(options, [event({}), watermark(9)]).upserts[0]?.values).toEqual([
      '[null,1,null,null]',
      1,
      2,
      '["[null,1,null,null]",1,2,null]',
    ]);
  });

  test('tell texts from numbers and booleans', () => {
    expect(results(sizes('1', 1, true, 'true', 1))).toMatchObject({ distinct: 4, first: '1', last: 1 });
  });

  test('of large numbers that are close lose nothing', () => {
    const base = 1.7e12;
    expect(results(sizes(base + 1, base + 2, base + 3))).toMatchObject({ stddev: Math.sqrt(2 / 3), avg: base + 2 });
  });

  test('keep counts of actions without a weight, in case they get one', () => {
    const options = someOptions({
      aggregations: [{ kind: 'weightedSum', name: 'weighted', by: ({ action }) => action, weights: { like: 1 } }],
    });
    const actions = Array.from({ length: 12 }, (_, i) => event({ action: `a${i}` }));
    const inputs: Input[] = [...actions, event({ action: 'like' }), watermark(9), cycle];
    expect(told(options, inputs)).toEqual([['ann', 10, 1]]);
    expect(told(options, [...inputs, { kind: 'reweigh', weights: { a0: 0.5, a11: 10 } }]).at(-1)).toEqual([
      'ann',
      10,
      10.5,
    ]);
  });
});
