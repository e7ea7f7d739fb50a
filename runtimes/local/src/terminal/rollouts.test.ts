import type { RolloutStatus } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { renderRollout } from './rollouts.ts';

const side = (name: string, share: number, auc: number | null): RolloutStatus['champion'] => ({
  ...{ name, sha256: name.padEnd(64, '0'), share, labels: 1200, positives: 100, auc },
  ...{
    aucLow: auc && auc - 0.02,
    aucHigh: auc && auc + 0.02,
    logLoss: null,
    calibrationError: 0.01,
    liftAt10: null,
    p99Ms: 7.6,
  },
});
const rollout = (over: Partial<RolloutStatus> = {}): RolloutStatus => ({
  ...{
    model: 'virality',
    at: 7_200_000,
    phase: 'Running',
    step: 1,
    steps: 3,
    since: 0,
    doing: 'waits for the verdict Better',
  },
  verdict: {
    ...{ state: 'Inconclusive', reason: '1200 labels do not decide it yet', metric: 'Auc' },
    ...{
      difference: 0.012,
      low: -0.004,
      high: 0.03,
      evidence: 3,
      labels: 1200,
      labelsNeeded: 7000,
      expectedAt: 93_600_000,
    },
  },
  ...{ champion: side('champion', 80, 0.85), challenger: side('challenger', 20, 0.862) },
  ...{ waiting: 5, missing: 0, corrected: 2 },
  ...over,
});

test('a rollout is shown with its step, its evidence and both variants', () => {
  expect(renderRollout(rollout())).toEqual([
    'virality: Running, step 2 of 3 for 2h',
    '  waits for the verdict Better',
    '  Inconclusive: 1200 labels do not decide it yet',
    '  1,200 of about 7,000 labels, in about 1d at this pace, 2 were corrected, Auc differs by 0.012 (-0.004 to 0.030)',
    '',
    '  variant     sha256    share  labels  ROC-AUC                 calibration error  p99',
    '  champion    champion  80 %   1,200   0.850 (0.830 to 0.870)  0.010              8 ms',
    '  challenger  challeng  20 %   1,200   0.862 (0.842 to 0.882)  0.010              8 ms',
  ]);
});

test('what is not known yet is a dash, and nothing is foretold', () => {
  const verdict = { ...rollout().verdict, difference: null, low: null, high: null, labels: 0, labelsNeeded: null };
  const lines = renderRollout(rollout({ verdict, challenger: { ...side('new', 0, null), p99Ms: null }, corrected: 0 }));
  expect(lines[3]).toBe('  0 labels so far');
  expect(lines.at(-1)).toMatch(/new0+ +0 % +1,200 +– +0.010 +–$/);
});
