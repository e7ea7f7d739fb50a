import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWindower } from './create-windower.ts';
import { isBalanced, totalOf } from './ledger.ts';
import { allAggregations, aPost, type Input, type Post, someInputs, someOptions } from './testing/inputs.ts';
import { keyText, run } from './testing/run.ts';
import type { WindowerOptions } from './windower.ts';

const step = {
  name: 's',
  where: ({ action }: Post) => action !== 'view',
  min: 1,
  max: 1,
  strict: false,
  absent: false,
};
const shapes: readonly WindowerOptions<Post>['shape'][] = [
  { kind: 'tumble', sizeMs: 10 },
  { kind: 'hop', sizeMs: 60, everyMs: 10 },
  { kind: 'session', gapMs: 15 },
  { kind: 'session', gapMs: 15, maxMs: 40 },
  { kind: 'global', everyMs: 10, forgetAfterMs: 200 },
  { kind: 'pattern', sequence: [{ ...step, min: 2, max: 3 }, step], withinMs: 60, afterMatch: 'SkipToNext' },
];

/** All kinds of windows, each key by its user alone. */
const options = fc
  .record({
    shape: fc.constantFrom(...shapes),
    maxOutOfOrdernessMs: fc.constantFrom(0, 30),
    allowedLatenessMs: fc.constantFrom(0, 25),
    head: fc.constantFrom('Closed' as const, 'Sawtooth' as const),
  })
  .map(({ head, ...rest }) => {
    const isPaned = rest.shape.kind === 'tumble' || rest.shape.kind === 'hop';
    return someOptions({ ...rest, head: isPaned ? head : 'Closed', aggregations: allAggregations });
  });

interface Given {
  readonly before: readonly Input[];
  readonly keys: number;
  readonly after: readonly Input[];
}
const given = fc
  .record({ inputs: someInputs, at: fc.nat(90), keys: fc.integer({ min: 1, max: 4 }) })
  .map(({ inputs, at, keys }): Given => ({ before: inputs.slice(0, at), keys, after: inputs.slice(at) }));

const check = (law: (options: WindowerOptions<Post>, given: Given) => void): void => {
  fc.assert(fc.property(options, given, law), { numRuns: 400 });
};
const evict = (keys: number): Input => ({ kind: 'evict', keys });
const users = ['ann', 'bob', 'cyd'];

/** What was told of a user after the first inputs, each with all that a store keeps of it. */
const toldAfter = (options: WindowerOptions<Post>, first: readonly Input[], after: readonly Input[]) => {
  const { length } = run(options, first).upserts;
  const told = run(options, [...first, ...after]).upserts.slice(length);
  return (user: string) =>
    told
      .filter(({ key }) => key[0] === user)
      .map(({ start, end, values }) => JSON.stringify([start, end, values]))
      .sort();
};
/** As if the user had never been there before; its events move the watermark all the same. */
const without = (options: WindowerOptions<Post>, user: string, { before, after }: Given) => {
  const known = new Set(before.flatMap((input) => (input.kind === 'event' ? [input.post] : [])));
  const where = (post: Post): boolean => post.user !== user || !known.has(post);
  return toldAfter({ ...options, where }, [...before, evict(0)], after)(user);
};

describe('keys that are evicted', () => {
  test('begin anew, and all others go on as if nothing had been', () => {
    check((options, { before, keys, after }) => {
      const kept = toldAfter(options, [...before, evict(0)], after);
      const told = toldAfter(options, [...before, evict(keys)], after);
      for (const user of users) {
        const both = [kept(user), without(options, user, { before, keys, after })];
        expect(both).toContainEqual(told(user));
      }
    });
  });

  test('are as many as were asked for, but for those with events that wait', () => {
    check((options, { before, keys }) => {
      const { windower } = run(options, before);
      const [full, { keys: evicted }, left] = [windower.size(), windower.evict(keys), windower.size()];
      expect(full.keys - left.keys).toBe(evicted);
      expect(evicted).toBeLessThanOrEqual(keys);
      if (!options.shape.kind.startsWith('se') && options.shape.kind !== 'pattern')
        expect(evicted).toBe(Math.min(keys, full.keys));
      expect(left.used).toBeLessThanOrEqual(full.used);
      expect(isBalanced(totalOf(windower.ledger()))).toBe(true);
    });
  });

  test('stay away after a restart', () => {
    fc.assert(
      fc.property(options, given, fc.nat(90), (options, { before, keys, after }, later) => {
        // Before it, keys of one age have another order.
        fc.pre(after.length > 0);
        const inputs = [...before, evict(keys), ...after];
        const at = Math.min(inputs.length - 1, before.length + 1 + later);
        const restarted = run(options, inputs, { at, options });
        const cycle: Input = { kind: 'cycle', limit: 1000 };
        const straight = run(options, [...inputs.slice(0, at), cycle, ...inputs.slice(at)]);
        for (const user of users.map((name) => keyText([name])))
          expect(restarted.byWindow.get(user)).toEqual(straight.byWindow.get(user));
        expect(restarted.windower.size()).toMatchObject({ keys: straight.windower.size().keys });
      }),
      { numRuns: 400 },
    );
  });
});

describe('the key that goes', () => {
  const filled = (shape: WindowerOptions<Post>['shape']) => {
    const windower = createWindower(someOptions({ shape }));
    for (const [user, at] of [
      ['ann', 1],
      ['bob', 20],
      ['ann', 41],
      ['cyd', 60],
    ] as const)
      windower.accept(0, aPost({ at, user }));
    return { windower, told: windower.fire() };
  };

  test.each([{ kind: 'hop', sizeMs: 100, everyMs: 10 } as const, { kind: 'global', everyMs: 10 } as const])(
    'is the one that was silent for longest, and it is told as empty: $kind',
    (shape) => {
      const { windower } = filled(shape);
      expect(windower.evict(1)).toMatchObject({ keys: 1, upserts: [{ key: ['bob'], values: null }] });
      expect(windower.evict(9)).toMatchObject({ keys: 2, upserts: [{ key: ['ann'], values: null }] });
      expect(windower.size()).toMatchObject({ keys: 0, rows: 0 });
    },
  );

  test('is not taken while something waits to be told', () => {
    const windower = createWindower(someOptions({ head: 'Sawtooth' }));
    windower.accept(0, aPost());
    expect(() => windower.evict(1)).toThrow('Cannot forget keys: upserts wait to be published');
  });
});
