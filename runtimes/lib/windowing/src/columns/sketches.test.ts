import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ranked, Scalar } from '../aggregation.ts';
import { createByteReader, createByteWriter } from '../bytes.ts';
import type { Column } from './column.ts';
import { createDistinct } from './distinct.ts';
import { addTo, bitsFor, createRegisters, estimateOf, mergeInto } from './hyper-log-log.ts';
import { createTopK } from './top-k.ts';

const of = (value: Scalar): Scalar => value;

describe('an estimate of how many different values there are', () => {
  const registersOf = (bits: number, values: Iterable<Scalar>) => {
    const registers = createRegisters(bits);
    for (const value of values) addTo(registers, value);
    return registers;
  };
  const range = function* (from: number, count: number, make: (i: number) => Scalar): Generator<Scalar> {
    for (let i = from; i < from + count; i++) yield make(i);
  };

  test.each([
    { error: 0.3, bits: 4 },
    { error: 0.01, bits: 14 },
    { error: 0.001, bits: 20 },
  ])('asks for $bits bits for an error of $error', ({ error, bits }) => {
    expect(bitsFor(error)).toBe(bits);
  });

  test('is off by no more than the stated standard error, on the whole', () => {
    const error = 0.02;
    const makes = [(i: number) => i, (i: number) => `user-${i}`, (i: number) => `did:plc:${(i * 7919).toString(36)}`];
    for (const count of [10, 1000, 20_000, 100_000]) {
      const offs = makes.flatMap((make) =>
        [0, 1e6, 2e6, 3e6, 4e6].map(
          (from) => estimateOf(registersOf(bitsFor(error), range(from, count, make))) / count - 1,
        ),
      );
      const rootMeanSquare = Math.sqrt(offs.reduce((sum, off) => sum + off * off, 0) / offs.length);
      expect({ count, within: rootMeanSquare < error * 1.3 }).toEqual({ count, within: true });
    }
  });

  test('tells a text from the number that it spells', () => {
    expect(estimateOf(registersOf(14, ['1', 1, true, 'true']))).toBe(4);
  });

  test('of a union is that of both put together, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500)), fc.array(fc.nat(500)), (a, b) => {
        const both = registersOf(6, a);
        mergeInto(both, registersOf(6, b));
        expect(both).toEqual(registersOf(6, [...b.toReversed(), ...a]));
      }),
    );
  });
});

describe('distinct', () => {
  test('counts exactly up to its limit, and tells more than that above it', () => {
    const column = createDistinct<number>({ of, exactUpTo: 100, error: 0.05 });
    for (let i = 0; i < 100; i++) column.add(0, i, 0);
    expect(column.read(0)).toBe(100);
    for (let i = 0; i < 101; i++) column.add(1, i, 0);
    const estimate = Number(column.read(1));
    expect(estimate).toBeGreaterThan(100);
    expect(estimate).toBeLessThan(115);
  });

  test('counts exactly again when what went over the limit has left', () => {
    const column = createDistinct<number>({ of, exactUpTo: 3 });
    for (const value of [1, 2, 3]) column.add(0, value, 0);
    for (const value of [3, 4]) column.add(1, value, 0);
    column.enter(2, 0);
    column.enter(2, 1);
    expect(column.read(2)).toBe(4);
    expect(column.leave(2, 0)).toBe(false);
    column.clear(2);
    column.enter(2, 1);
    expect(column.read(2)).toBe(2);
  });
});

describe('the most frequent values', () => {
  const event = fc.record({ value: fc.oneof(fc.nat(3), fc.nat(200)), weight: fc.integer({ min: 1, max: 4 }) });
  type Weighed = { readonly value: number; readonly weight: number };
  const column = (error: number): Column<Weighed> =>
    createTopK({ of: ({ value }) => value, by: ({ weight }) => weight, size: 300, error });
  const told = (value: number, ranked: readonly Ranked[]): number =>
    ranked.find((one) => one.value === value)?.count ?? 0;

  test('have counts that are too small by at most the stated share of all, also over panes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 150 }), { minLength: 1, maxLength: 4 }), (panes) => {
        // Its size alone would keep all of them.
        const error = 0.1;
        const top = createTopK<Weighed>({ of: ({ value }) => value, by: ({ weight }) => weight, size: 1, error });
        const sketch = { ...top };
        const total = panes.length;
        panes.forEach((events, row) => {
          for (const one of events) sketch.add(row, one, 0);
          sketch.enter(total, row);
        });
        sketch.compact?.(total);
        const events = panes.flat();
        const all = events.reduce((sum, { weight }) => sum + weight, 0);
        const [first] = sketch.read(total) as readonly Ranked[];
        const truth = (value: number) =>
          events.filter((one) => one.value === value).reduce((sum, { weight }) => sum + weight, 0);
        const largest = Math.max(0, ...events.map(({ value }) => truth(value)));
        expect(largest - (first?.count ?? 0)).toBeLessThanOrEqual(error * all);
        if (first !== undefined) expect(first.count).toBeLessThanOrEqual(truth(Number(first.value)));
      }),
      { numRuns: 300 },
    );
  });

  test('are exact where there are few, and leave no trace when they leave', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.array(event, { maxLength: 60 }), (stays, leaves) => {
        const top = column(0.001);
        for (const one of stays) top.add(0, one, 0);
        for (const one of leaves) top.add(1, one, 0);
        top.enter(2, 0);
        top.enter(2, 1);
        expect(top.leave(2, 1)).toBe(true);
        expect(top.read(2)).toEqual(top.read(0));
        for (const { value } of stays) {
          const truth = stays.filter((one) => one.value === value).reduce((sum, { weight }) => sum + weight, 0);
          expect(told(value, top.read(2) as readonly Ranked[])).toBe(truth);
        }
      }),
    );
  });
});

describe.each([
  ['distinct, exact', () => createDistinct<number>({ of })],
  ['distinct, estimated', () => createDistinct<number>({ of, exactUpTo: 2, error: 0.1 })],
  ['topK', () => createTopK<number>({ of, size: 5, error: 0.1 })],
])('%s', (_, create) => {
  test('reads after a restart what it read before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 120 }), (values) => {
        const [before, after] = [create(), create()];
        for (const value of values) before.add(0, value, 0);
        const to = createByteWriter();
        before.write(0, to);
        const from = createByteReader(to.bytes());
        after.load(0, from);
        expect(from.ended()).toBe(true);
        expect(after.read(0)).toEqual(before.read(0));
      }),
    );
  });
});
