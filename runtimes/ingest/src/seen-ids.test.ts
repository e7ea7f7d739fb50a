import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFingerprintTable, fingerprintOf } from './fingerprints.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';

const roomy = { spanMs: 1_000_000, maxIds: 10_000 };
const ids = fc.array(fc.record({ id: fc.integer({ min: 0, max: 300 }), at: fc.integer({ min: 0, max: 5000 }) }), {
  maxLength: 2000,
});
const taken = (seen: SeenIds, events: readonly { readonly id: number; readonly at: number }[]): readonly number[] =>
  events.filter(({ id, at }) => seen.add(`id-${id}`, at)).map(({ id }) => id);

describe('remembered ids', () => {
  test('let each id pass once, however repeats are interleaved', () => {
    fc.assert(
      fc.property(ids, (events) => {
        expect(taken(createSeenIds(roomy), events)).toEqual([...new Set(events.map(({ id }) => id))]);
      }),
    );
  });

  test('decide the same after being saved and restored at any point', () => {
    const tight = { spanMs: 800, maxIds: 100 };
    fc.assert(
      fc.property(ids, fc.nat(2000), (events, cut) => {
        const whole = createSeenIds(tight);
        const first = createSeenIds(tight);
        const expected = taken(whole, events);
        const before = taken(first, events.slice(0, cut));
        const snapshot = JSON.parse(JSON.stringify(first.snapshot()));
        expect([...before, ...taken(createSeenIds(tight, snapshot), events.slice(cut))]).toEqual(expected);
      }),
    );
  });

  test('are kept for the span of event time, and a little longer', () => {
    const seen = createSeenIds({ spanMs: 1000, maxIds: 100 });
    expect(seen.add('a', 0)).toBe(true);
    expect(seen.add('b', 1000)).toBe(true);
    expect(seen.add('a', 0)).toBe(false);
    expect(seen.add('c', 1126)).toBe(true);
    expect(seen.add('a', 0)).toBe(true);
  });

  test('do not go away because an event is late', () => {
    const seen = createSeenIds({ spanMs: 1000, maxIds: 100 });
    seen.add('new', 10_000);
    expect(seen.add('late', 0)).toBe(true);
    expect(seen.add('late', 0)).toBe(false);
    expect(seen.add('new', 10_000)).toBe(false);
  });

  test('are never more than allowed; the oldest go first, and are counted', () => {
    const seen = createSeenIds({ spanMs: 1_000_000, maxIds: 800 });
    for (let i = 0; i < 5000; i++) {
      expect(seen.add(`id-${i}`, i)).toBe(true);
      expect(seen.size()).toBeLessThanOrEqual(800);
    }
    expect(seen.forgotten()).toBe(5000 - seen.size());
    expect([4999, 4500, 4300].map((i) => seen.add(`id-${i}`, 5000))).toEqual([false, false, false]);
    expect(seen.add('id-0', 5000)).toBe(true);
  });

  test.each([
    { spanMs: 0, maxIds: 10 },
    { spanMs: 10, maxIds: 0 },
  ])('are none with %o: everything passes', (options) => {
    const seen = createSeenIds(options);
    expect([seen.add('a', 0), seen.add('a', 0)]).toEqual([true, true]);
  });
});

describe('fingerprints', () => {
  test('differ for texts that differ little', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i++) seen.add(fingerprintOf(`at://did:plc:abc/app.bsky.feed.like/${i}`).join());
    expect(seen.size).toBe(100_000);
  });

  test('of equal low words are told apart, and found again after the table grew', () => {
    const table = createFingerprintTable();
    const entry = (live: number) => ({ generation: 0, oldest: 0, live });
    for (let high = 0; high < 3000; high++) expect(table.add(7, high, entry(high))).toBe(true);
    for (let high = 0; high < 3000; high++) expect(table.add(7, high, entry(3000))).toBe(false);
  });
});
