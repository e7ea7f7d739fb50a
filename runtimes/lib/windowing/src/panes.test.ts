import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPanes } from './panes.ts';

const step = fc.oneof(fc.record({ open: fc.nat(40) }), fc.constant({ open: undefined }));

test('however panes come and go, those that are left are found, in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(40), (steps, from) => {
      const panes = createPanes();
      let left: number[] = [];
      for (const { open } of steps) {
        if (open === undefined) {
          if (left.length > 0) panes.removeOldest();
          left = left.slice(1);
        } else {
          panes.open(open);
          left = [...new Set([...left, open])].sort((a, b) => a - b);
        }
      }
      expect(panes.all().map(({ index }) => index)).toEqual(left);
      expect(panes.oldest()?.index).toBe(left[0]);
      expect(panes.find(from)?.index).toBe(left.find((index) => index === from));
      expect(panes.nextFrom(from)).toBe(left.find((index) => index >= from) ?? Number.POSITIVE_INFINITY);
    }),
  );
});
