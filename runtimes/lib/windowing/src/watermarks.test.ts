import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWatermarks, type Watermarks } from './watermarks.ts';

const make = (idleTimeoutMs?: number) => createWatermarks({ maxOutOfOrdernessMs: 5, idleTimeoutMs });

describe('the watermark', () => {
  test('of one partition is the largest timestamp less the disorder', () => {
    const watermarks = make();
    expect(watermarks.current()).toBe(-Infinity);
    watermarks.observe(0, 100);
    watermarks.observe(0, 50);
    expect(watermarks.current()).toBe(95);
  });

  test('of several is the smallest, and unknown while one has not spoken', () => {
    const watermarks = make();
    watermarks.assign([0, 1]);
    watermarks.observe(0, 100);
    expect(watermarks.current()).toBe(-Infinity);
    watermarks.observe(1, 60);
    expect(watermarks.current()).toBe(55);
    watermarks.observe(1, 200);
    expect(watermarks.current()).toBe(95);
  });

  test('leaves out a partition that was silent for the timeout, until it speaks again', () => {
    const watermarks = make(1000);
    watermarks.assign([0, 1]);
    watermarks.elapse(0);
    watermarks.observe(0, 100);
    watermarks.elapse(999);
    expect(watermarks.current()).toBe(-Infinity);
    watermarks.elapse(1000);
    expect(watermarks.current()).toBe(95);
    watermarks.observe(1, 150);
    watermarks.observe(0, 300);
    expect(watermarks.current()).toBe(145);
  });

  test('is the largest where all are idle', () => {
    const watermarks = make(1000);
    watermarks.observe(0, 100);
    watermarks.observe(1, 60);
    watermarks.elapse(0);
    expect(watermarks.current()).toBe(95);
    watermarks.observe(0, 200);
    watermarks.observe(1, 100);
    watermarks.elapse(500);
    expect(watermarks.current()).toBe(95);
    watermarks.elapse(1500);
    expect(watermarks.current()).toBe(195);
  });

  test('goes with the partitions that remain', () => {
    const watermarks = make();
    watermarks.observe(0, 100);
    watermarks.observe(1, 60);
    watermarks.assign([0]);
    expect(watermarks.current()).toBe(95);
  });

  test('never goes back, whatever happens, also over a restart', () => {
    const partition = fc.nat(2);
    const call = fc.oneof(
      fc.tuple(partition, fc.integer({ min: -50, max: 500 })).map(
        ([p, at]) =>
          (w: Watermarks) =>
            w.observe(p, at),
      ),
      fc.tuple(partition, fc.integer({ min: -50, max: 500 })).map(
        ([p, at]) =>
          (w: Watermarks) =>
            w.advance(p, at),
      ),
      fc.uniqueArray(partition).map((all) => (w: Watermarks) => w.assign(all)),
      fc.nat(5000).map((now) => (w: Watermarks) => w.elapse(now)),
      fc.constant('restart' as const),
    );
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        let watermarks = make(300);
        for (const one of calls) {
          const before = watermarks.current();
          if (one === 'restart')
            watermarks = createWatermarks({ maxOutOfOrdernessMs: 5, idleTimeoutMs: 300 }, watermarks.snapshot());
          else one(watermarks);
          expect(watermarks.current()).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });
});
