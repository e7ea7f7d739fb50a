import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, type Moment, type RolloutPlan, type RolloutState, type Step } from './rollout.ts';
import type { VerdictState } from './verdict.ts';

const hour = 3_600_000;
const steps: readonly Step[] = [
  { kind: 'shadow', forMs: hour },
  { kind: 'gate', verdict: 'Healthy', timeoutMs: hour, onTimeout: 'Abort' },
  { kind: 'share', percent: 10 },
  { kind: 'gate', verdict: 'NotWorse', timeoutMs: 72 * hour, onTimeout: 'Pause' },
  { kind: 'share', percent: 50 },
  { kind: 'gate', verdict: 'Better', timeoutMs: 72 * hour, onTimeout: 'Abort' },
];
const plan: RolloutPlan = { steps, autoPromote: true, abort: false, rollbackWindowMs: 24 * hour };
const at = (hours: number, state: VerdictState = 'Collecting', over: Partial<Moment> = {}): Moment => ({
  ...{ now: hours * hour, challenger: 'b', verdict: { state, reason: `says ${state}` } },
  ...{ unmet: [], promote: false, rejected: undefined },
  ...over,
});
const run = (moments: readonly Moment[], of: RolloutPlan = plan): RolloutState =>
  moments.reduce<RolloutState | undefined>((state, moment) => advance(of, state, moment), undefined)!;

describe('a rollout', () => {
  test('begins as a shadow', () => {
    expect(run([at(0)])).toMatchObject({
      phase: 'Waiting',
      step: 0,
      share: 0,
      doing: expect.stringContaining('Shadow until 1970-01-01T01:00'),
    });
  });

  test('goes on step by step, as time and verdicts allow, to the promotion', () => {
    const states = [at(0), at(1), at(2), at(30, 'NotWorse'), at(31, 'NotWorse'), at(60, 'Better')].map((_, i, all) =>
      run(all.slice(0, i + 1)),
    );
    expect(states.map(({ phase, step, share }) => [phase, step, share])).toEqual([
      ['Waiting', 0, 0],
      ['Waiting', 3, 10],
      ['Waiting', 3, 10],
      ['Waiting', 5, 50],
      ['Waiting', 5, 50],
      ['Promoted', 6, 100],
    ]);
  });

  test.each(['Worse', 'GuardrailBroken'] as const)(
    'is aborted at once when the verdict is %s, and stays so',
    (state) => {
      const aborted = run([at(0), at(1), at(2, state)]);
      expect(aborted).toMatchObject({ phase: 'Aborted', share: 0, doing: `says ${state}` });
      expect(advance(plan, aborted, at(9, 'Better', { promote: true }))).toEqual(aborted);
    },
  );

  test('never passes a gate on too little evidence', () => {
    for (const state of ['Collecting', 'Inconclusive', 'SplitWrong'] as const)
      expect(run([at(0), at(1), at(2, state), at(73, state), at(100, state)])).toMatchObject({ step: 3, share: 10 });
  });

  test('is aborted or waits for a person when a gate takes too long, as the gate says', () => {
    expect(run([at(0), at(1), at(80)])).toMatchObject({
      phase: 'Waiting',
      doing: expect.stringContaining('waits for a person'),
    });
    expect(run([at(0), at(1), at(2, 'NotWorse'), at(80, 'NotWorse')])).toMatchObject({
      phase: 'Aborted',
      doing: expect.stringContaining('No verdict Better in time'),
    });
  });

  test('holds still while the split is wrong', () => {
    expect(run([at(0), at(1), at(5, 'SplitWrong')])).toMatchObject({
      phase: 'Waiting',
      share: 10,
      doing: 'says SplitWrong',
    });
  });

  test('waits for what must hold of the pipeline', () => {
    const waiting = run([at(0), at(2, 'Collecting', { unmet: ['FeaturesFresh'] })]);
    expect(waiting).toMatchObject({ phase: 'Waiting', step: 0, doing: 'Waits until FeaturesFresh hold' });
  });

  test("lets a person's word pass one wait, and promote at the end", () => {
    const person = {
      ...plan,
      autoPromote: false,
      steps: [{ kind: 'pause' }, { kind: 'share', percent: 50 }, { kind: 'pause' }] as const,
    };
    const first = run([at(0)], person);
    expect(first).toMatchObject({ step: 0, share: 0, doing: 'Waits for a person to promote' });
    const second = advance(person, first, at(1, 'Inconclusive', { promote: true }));
    expect(second).toMatchObject({ step: 2, share: 50, phase: 'Waiting' });
    const third = advance(person, second, at(2, 'Inconclusive', { promote: true }));
    expect(third).toMatchObject({ step: 3, share: 50, phase: 'Waiting' });
    expect(advance(person, third, at(3, 'Inconclusive', { promote: true }))).toMatchObject({
      phase: 'Promoted',
      share: 100,
    });
  });

  test('begins anew with another challenger, but not with one that was given up', () => {
    const promoted = run([at(0), at(1), at(2, 'NotWorse'), at(3, 'Better')]);
    expect(advance(plan, promoted, at(4, 'Collecting', { challenger: 'c' }))).toMatchObject({
      challenger: 'c',
      step: 0,
      share: 0,
    });
    expect(advance(plan, promoted, at(4, 'Collecting', { challenger: 'c', rejected: 'c' }))).toMatchObject({
      phase: 'Aborted',
      share: 0,
    });
  });

  test('changes nothing when it is asked again at an equal moment', () => {
    const moments = fc.array(
      fc.record({
        hours: fc.integer({ min: 0, max: 20 }),
        state: fc.constantFrom<VerdictState>(
          'Collecting',
          'Inconclusive',
          'Better',
          'NotWorse',
          'Worse',
          'SplitWrong',
          'GuardrailBroken',
        ),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(moments, (all) => {
        let now = 0;
        const walked = all.map(({ hours, state }) => {
          now += hours;
          return at(now, state);
        });
        const end = run(walked);
        expect(advance(plan, end, walked.at(-1)!)).toEqual(end);
        expect(end.share === 0 || end.phase !== 'Aborted').toBe(true);
      }),
    );
  });
});
