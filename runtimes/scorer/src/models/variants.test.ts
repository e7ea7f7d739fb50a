import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointsOf } from './hash.ts';
import { createRouter, effectiveShares, type Side } from './variants.ts';

const all = () => true;
const side = (name: string, share: number, shadow = false): Side => ({ name, share, shadow });
const keys = Array.from({ length: 4_000 }, (_, i) => `post-${i}`);
const namesOf = (sides: readonly Side[], serves: (index: number) => boolean = all): readonly (string | undefined)[] => {
  const route = createRouter(sides, { salt: 's', serves });
  return keys.map((key) => sides[route(key) ?? -1]?.name);
};

test('shares hold within 0.2 points over a million keys', () => {
  const sides = [side('champion', 70), side('a', 20), side('b', 9), side('c', 1)];
  const route = createRouter(sides, { salt: 'virality', serves: all });
  const counts = sides.map(() => 0);
  for (let i = 0; i < 1_000_000; i++) {
    const to = route(`at://did:plc:${i}/app.bsky.feed.post/${i * 7}`) ?? -1;
    counts[to] = (counts[to] ?? 0) + 1;
  }
  for (const [i, { share }] of sides.entries()) expect(Math.abs((counts[i] ?? 0) / 10_000 - share)).toBeLessThan(0.2);
});

test.each([
  { kind: 'counted', keyOf: (i: number) => String(i) },
  { kind: 'long with a common start', keyOf: (i: number) => `${'x'.repeat(200)}${i}` },
  { kind: 'single characters', keyOf: (i: number) => String.fromCharCode(i) },
])('points of keys that are $kind are spread evenly', ({ keyOf }) => {
  const pointOf = pointsOf('s');
  const cells = new Float64Array(100);
  const n = 50_000;
  for (let i = 0; i < n; i++) {
    const cell = Math.floor(pointOf(keyOf(i)));
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const chiSquare = cells.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
  // 99 degrees of freedom: above 160 in one of 10,000 draws.
  expect(chiSquare).toBeLessThan(160);
});

test('points never change: users would change sides', () => {
  expect([
    pointsOf('virality')('post-1'),
    pointsOf('virality')('post-2'),
    pointsOf('other')('post-1'),
    pointsOf('')(''),
  ]).toEqual([13.751117825835191, 35.63075984212619, 89.41915920271816, 77.04201957038914]);
});

test('another salt deals anew', () => {
  const [one, other] = [pointsOf('one'), pointsOf('other')];
  const both = keys.filter((key) => one(key) < 10 && other(key) < 10);
  expect(both.length / keys.length).toBeGreaterThan(0.005);
  expect(both.length / keys.length).toBeLessThan(0.017);
});

test('the border between salt and key counts', () => {
  expect(pointsOf('ab')('c')).not.toBe(pointsOf('a')('bc'));
});

const share = fc.integer({ min: 0, max: 33 });
test('with two challengers, a share that changes moves keys between that one and the first declared, and nobody else', () => {
  fc.assert(
    fc.property(share, share, share, fc.boolean(), (a, b, next, second) => {
      const sides = (x: number, y: number) => [side('stable', 100 - x - y), side('a', x), side('b', y)];
      const before = namesOf(sides(a, b));
      const after = namesOf(second ? sides(a, next) : sides(next, b));
      const mover = second ? 'b' : 'a';
      for (const [i, name] of before.entries())
        if (after[i] !== name) expect([name, after[i]].sort()).toEqual([mover, 'stable']);
    }),
    { numRuns: 40 },
  );
});

test('a share that grows only takes, and one that shrinks only gives, at the cost of the first declared', () => {
  const before = namesOf([side('stable', 80), side('a', 10), side('b', 10)]);
  const after = namesOf([side('stable', 60), side('a', 10), side('b', 30)]);
  expect(after.filter((name) => name === 'b').length).toBeGreaterThan(before.filter((name) => name === 'b').length);
  for (const [i, name] of before.entries()) if (name !== 'stable') expect(after[i]).toBe(name);
});

test('with three challengers, only the one further in on the same side shifts', () => {
  const before = namesOf([side('stable', 70), side('a', 10), side('b', 10), side('c', 10)]);
  const after = namesOf([side('stable', 60), side('a', 20), side('b', 10), side('c', 10)]);
  for (const [i, name] of before.entries()) {
    if (name === 'a' || name === 'b') expect(after[i]).toBe(name);
    if (name === 'c') expect(['a', 'c']).toContain(after[i]);
  }
});

test('shadows get no keys, and none is left without a variant', () => {
  const names = namesOf([side('ghost', 50, true), side('stable', 40), side('a', 30)]);
  expect(new Set(names)).toEqual(new Set(['stable', 'a']));
});

test('a variant that does not serve passes its keys to the first that does', () => {
  const sides = [side('broken', 60), side('ghost', 0, true), side('a', 30), side('b', 10)];
  const serves = (index: number): boolean => index !== 0;
  const healthy = namesOf(sides);
  const names = namesOf(sides, serves);
  expect(names).toEqual(healthy.map((name) => (name === 'broken' ? 'a' : name)));
  expect(effectiveShares(sides, serves)).toEqual([0, 0, 90, 10]);
});

test('nothing answers when nothing serves', () => {
  const sides = [side('a', 100), side('ghost', 0, true)];
  expect(new Set(namesOf(sides, () => false))).toEqual(new Set([undefined]));
  expect(new Set(namesOf(sides, (index) => index === 1))).toEqual(new Set([undefined]));
  expect(effectiveShares(sides, () => false)).toEqual([0, 0]);
  expect(namesOf([])[0]).toBeUndefined();
});
