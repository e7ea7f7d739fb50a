import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isQuiet } from './quiet.ts';
import { createWorker, hour, minute, predictionOf, ruleOf, scopeOf } from './test/world.ts';

const fire = (worker: ReturnType<typeof createWorker>, post_id: string, at: number): void =>
  worker.observe(scopeOf(predictionOf({ post_id, scored_at: at })), at);

const told = (worker: ReturnType<typeof createWorker>) =>
  worker.messages.map(({ alerts, more }) => [...alerts.map(({ post_id }) => post_id), ...(more > 0 ? [more] : [])]);

describe('messages', () => {
  test('have the words of their alert', () => {
    const worker = createWorker(ruleOf());
    fire(worker, 'p1', 0);
    expect(worker.messages).toMatchObject([{ rule: 'hot', severity: 'Warning', title: 'p1 scores 0.900', more: 0 }]);
  });

  test('put alerts of a group together, and wait for them', () => {
    const worker = createWorker(ruleOf({ group: { by: 'prediction.author_id', waitMs: 30_000 } }));
    fire(worker, 'p1', 0);
    fire(worker, 'p2', 20_000);
    worker.tick(29_999);
    expect(worker.messages).toEqual([]);
    worker.restart();
    worker.tick(30_000);
    expect(worker.messages).toMatchObject([{ title: 'hot: 2 alerts (a1)', group: 'a1' }]);
    expect(worker.messages[0]?.text).toBe('• p1 scores 0.900\n• p2 scores 0.900');
  });

  test('beyond the most of an hour are counted, and told when there is room', () => {
    const worker = createWorker(ruleOf({ maxPerHour: 2 }));
    for (let i = 0; i < 60; i++) fire(worker, `p${i}`, i);
    expect(told(worker)).toEqual([['p0'], ['p1']]);
    worker.restart();
    worker.tick(59 * minute);
    expect(worker.messages).toHaveLength(2);
    worker.tick(61 * minute);
    expect(worker.messages[2]).toMatchObject({ title: 'hot: 58 alerts', more: 8 });
    expect(worker.messages[2]?.alerts).toHaveLength(50);
    expect(worker.messages[2]?.text).toMatch(/\nand 8 more$/);
  });

  test.each([
    { severity: 'Warning' as const, expected: [['p1', 'p2']] },
    { severity: 'Critical' as const, expected: [['p1'], ['p2']] },
  ])('of severity $severity in quiet hours', ({ severity, expected }) => {
    const quietHours = { from: 22 * 60, to: 7 * 60, timeZone: 'UTC', unless: 'Critical' as const };
    const worker = createWorker(ruleOf({ severity, quietHours }));
    fire(worker, 'p1', 23 * hour);
    fire(worker, 'p2', 26 * hour);
    worker.restart();
    worker.tick(31 * hour - 1);
    if (severity === 'Warning') expect(told(worker)).toEqual([]);
    worker.tick(31 * hour);
    expect(told(worker)).toEqual(expected);
  });
});

test.each([
  { timeZone: 'UTC', at: '2026-01-15T23:00:00Z', quiet: true },
  { timeZone: 'UTC', at: '2026-01-15T22:00:00Z', quiet: true },
  { timeZone: 'UTC', at: '2026-01-15T07:00:00Z', quiet: false },
  { timeZone: 'Europe/Berlin', at: '2026-01-15T21:30:00Z', quiet: true },
  { timeZone: 'Europe/Berlin', at: '2026-07-15T20:30:00Z', quiet: true },
  { timeZone: 'Europe/Berlin', at: '2026-07-15T05:30:00Z', quiet: false },
])('at $at it is quiet in $timeZone: $quiet', ({ timeZone, at, quiet }) => {
  expect(isQuiet({ from: 22 * 60, to: 7 * 60, timeZone, unless: 'Never' }, Date.parse(at))).toBe(quiet);
});

test('every alert is told in exactly one message, no hour has more than allowed, and no quiet hour has any', () => {
  const options = fc.record({
    maxPerHour: fc.integer({ min: 1, max: 4 }),
    isGrouped: fc.boolean(),
    isQuietAtNight: fc.boolean(),
  });
  const steps = fc.array(fc.record({ after: fc.integer({ min: 0, max: 40 }), restart: fc.boolean() }), {
    maxLength: 80,
  });
  const quietHours = { from: 22 * 60, to: 7 * 60, timeZone: 'UTC', unless: 'Critical' as const };
  fc.assert(
    fc.property(options, steps, ({ maxPerHour, isGrouped, isQuietAtNight }, moments) => {
      const worker = createWorker(
        ruleOf({
          maxPerHour,
          ...(isGrouped && { group: { by: 'prediction.model', waitMs: 2 * minute } }),
          ...(isQuietAtNight && { quietHours }),
        }),
      );
      let now = 0;
      const pass = (minutes: number): void => {
        for (let i = 0; i < minutes; i++) {
          now += minute;
          worker.tick(now);
        }
      };
      moments.forEach(({ after, restart }, i) => {
        pass(after);
        fire(worker, `p${i}`, now);
        if (restart) worker.restart();
      });
      pass(36 * 60);
      const count = worker.messages.reduce((sum, { alerts, more }) => sum + alerts.length + more, 0);
      expect(count).toBe(moments.length);
      const named = worker.messages.flatMap(({ alerts }) => alerts.map(({ id }) => id));
      expect(named).toHaveLength(new Set(named).size);
      for (const { at } of worker.messages) {
        const hourFrom = worker.messages.filter((other) => other.at >= at && other.at < at + hour);
        expect(hourFrom.length).toBeLessThanOrEqual(maxPerHour);
        if (isQuietAtNight) expect(isQuiet(quietHours, at)).toBe(false);
      }
    }),
    { numRuns: 30 },
  );
});
