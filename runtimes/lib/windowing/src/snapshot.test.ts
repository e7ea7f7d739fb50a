import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWindower } from './create-windower.ts';
import { CorruptSnapshotError } from './snapshot.ts';
import { allAggregations, aPost, someOptions } from './testing/inputs.ts';

const options = someOptions({ shape: { kind: 'hop', sizeMs: 30, everyMs: 10 }, aggregations: allAggregations });
const filled = () => {
  const windower = createWindower(options);
  for (let at = 0; at < 50; at++) windower.accept(0, aPost({ at, user: `u${at % 7}`, size: at / 10 }));
  windower.fire();
  return windower;
};

describe('a snapshot', () => {
  test('that is restored gives the same snapshot', () => {
    const snapshot = filled().snapshot();
    expect(createWindower(options, [snapshot]).snapshot()).toEqual(snapshot);
  });

  test('is refused while upserts wait to be taken', () => {
    const windower = createWindower({ ...options, head: 'Sawtooth' });
    windower.accept(0, aPost());
    expect(() => windower.snapshot()).toThrow('Cannot take a snapshot: upserts wait to be published');
    windower.heads();
    expect(windower.snapshot().length).toBeGreaterThan(0);
  });

  test('that is cut short anywhere is refused', () => {
    const snapshot = filled().snapshot();
    fc.assert(
      fc.property(fc.nat(snapshot.length - 1), (length) => {
        expect(() => createWindower(options, [snapshot.slice(0, length)])).toThrow(CorruptSnapshotError);
      }),
      { numRuns: 300 },
    );
  });

  test('that goes on behind its end is refused', () => {
    const snapshot = filled().snapshot();
    expect(() => createWindower(options, [new Uint8Array([...snapshot, 1])])).toThrow('bytes are left over');
  });

  test.each([
    ['another size', { ...options, shape: { kind: 'hop', sizeMs: 40, everyMs: 10 } as const }],
    ['other aggregations', { ...options, aggregations: allAggregations.slice(1) }],
  ])('of a windower of %s is refused, with both sides', (_, others) => {
    expect(() => createWindower(others, [filled().snapshot()])).toThrow(
      /Cannot restore a windower: the snapshot does not fit, it is of \[.*\], \[.*\] is needed/,
    );
  });
});
