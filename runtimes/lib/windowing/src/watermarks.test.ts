import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInputs } from './inputs.ts';
import { createWatermarks, type Watermarks, type WatermarksSnapshot } from './watermarks.ts';

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

describe('the watermarks of windowers that share their inputs', () => {
  const options = { maxOutOfOrdernessMs: 5, idleTimeoutMs: 1000 };
  const share = (assigned: readonly number[]) => {
    const inputs = createInputs(options);
    inputs.assign(assigned);
    return { inputs, open: (from?: WatermarksSnapshot) => createWatermarks({ ...options, inputs }, from) };
  };

  test('are held back by the partitions of the others', () => {
    const { open } = share([0, 1]);
    const [first, second] = [open(), open()];
    first.observe(0, 100);
    expect(first.current()).toBe(-Infinity);
    second.observe(1, 60);
    expect([first.current(), second.current()]).toEqual([55, 55]);
  });

  test('stand apart when a partition joins that is behind: its events are not late, and nobody goes back', () => {
    const { inputs, open } = share([0]);
    const first = open();
    first.observe(0, 100);
    expect(first.current()).toBe(95);
    inputs.assign([0, 1]);
    const joined = open({ current: 40, partitions: [[1, 45]] });
    expect([first.current(), joined.current()]).toEqual([95, 45]);
    joined.observe(1, 200);
    expect([first.current(), joined.current()]).toEqual([95, 95]);
  });

  test('save what they saw themselves only', () => {
    const { open } = share([0, 1]);
    const [first, second] = [open(), open()];
    first.observe(0, 100);
    second.observe(1, 60);
    expect(first.current()).toBe(55);
    expect(first.snapshot()).toEqual({ current: 55, partitions: [[0, 95]] });
  });

  test('go on with a partition that is silent, by whatever the others say', () => {
    const { inputs, open } = share([0, 1]);
    const [first, second] = [open(), open()];
    first.observe(0, 100);
    second.observe(1, 60);
    inputs.elapse(0);
    first.observe(0, 300);
    inputs.elapse(1000);
    inputs.elapse(1000);
    expect(second.current()).toBe(295);
    expect(inputs.areIdle()).toBe(false);
    inputs.rest(0);
    expect(inputs.areIdle()).toBe(true);
  });
});
