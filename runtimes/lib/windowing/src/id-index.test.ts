import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIdIndex, hashOf } from './id-index.ts';

/** So few that most come again. */
const id = fc.oneof(fc.nat({ max: 400 }).map(String), fc.string({ maxLength: 3 }));

test('it finds what a Map finds, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), id), { maxLength: 1_000, size: 'max' }), (changes) => {
      const ids: string[] = [];
      const [index, map, free] = [createIdIndex(ids), new Map<string, number>(), [] as number[]];
      for (const [isGone, text] of changes) {
        expect(index.find(text)).toBe(map.get(text));
        const known = map.get(text);
        if (known === undefined) {
          const slot = free.pop() ?? ids.length;
          ids[slot] = text;
          index.add(slot);
          map.set(text, slot);
        } else if (isGone) {
          index.remove(known);
          index.remove(known);
          map.delete(text);
          free.push(known);
        }
      }
      expect(index.size()).toBe(map.size);
      for (const [text, slot] of map) expect(index.find(text)).toBe(slot);
    }),
    { numRuns: 20 },
  );
});

/** 200 ids that want one place of any table that they fit into. */
const meeting = (): readonly string[] => {
  const found: string[] = [];
  for (let i = 0; found.length < 200; i++) if ((hashOf(`tag-${i}`) & 0x3ff) === 7) found.push(`tag-${i}`);
  return found;
};

test('ids that somebody has chosen to meet are found as all others, while they come and go', () => {
  const ids = [...meeting()];
  const index = createIdIndex(ids);
  for (const slot of ids.keys()) index.add(slot);
  for (const [slot, text] of ids.entries()) expect(index.find(text)).toBe(slot);
  for (let slot = 0; slot < ids.length; slot += 2) index.remove(slot);
  for (const [slot, text] of ids.entries()) expect(index.find(text)).toBe(slot % 2 === 0 ? undefined : slot);
  expect(index.size()).toBe(ids.length / 2);
});
