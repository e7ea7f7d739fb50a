import type { KeyValue } from '@groundswell/stores';
import { keysOf, type RolloutPoint, type RolloutStatus } from '@groundswell/wire';
import { model, pipeline } from './rows.ts';

const minute = 60_000;
const at = Date.UTC(2025, 10, 27, 14, 32);

const measured = (changes: Partial<RolloutStatus['champion']>): RolloutStatus['champion'] => ({
  ...{ name: 'champion', sha256: 'ab'.repeat(32), share: 90, labels: 4120, positives: 391 },
  ...{ auc: 0.846, aucLow: 0.824, aucHigh: 0.867, logLoss: 0.2214, calibrationError: 0.0131 },
  ...{ liftAt10: 4.61, p99Ms: 18 },
  ...changes,
});

const points: readonly RolloutPoint[] = Array.from({ length: 240 }, (_, i) => ({
  at: at - (239 - i) * minute,
  evidence: Math.exp((i / 239) * Math.log(8.4) + 0.25 * Math.sin(i / 9) * Math.sin((i / 239) * Math.PI)),
  ...{ boundary: 20, difference: 0.02, low: -0.01, high: 0.05, labels: 17 * i, share: i < 80 ? 0 : 10 },
}));

/** A rollout under way, as the program writes it. */
export const writeRollout = async (keyValue: KeyValue): Promise<void> => {
  const keys = keysOf(pipeline);
  const status: RolloutStatus = {
    ...{ model, at, phase: 'Running', step: 1, steps: 4, since: at - 160 * minute },
    doing: 'Waits for the gate NotWorse',
    verdict: {
      ...{ state: 'Collecting', metric: 'Auc', difference: 0.025, low: -0.006, high: 0.056 },
      reason: 'the difference in Auc lies between -0.006 and 0.056 (alpha 0.05)',
      ...{ evidence: points.at(-1)?.evidence ?? 1, labels: 4120, labelsNeeded: 7000, expectedAt: at + 95 * minute },
    },
    champion: measured({}),
    challenger: measured({
      ...{ name: 'challenger', sha256: 'cd'.repeat(32), share: 10 },
      ...{
        auc: 0.871,
        aucLow: 0.85,
        aucHigh: 0.89,
        logLoss: 0.2087,
        calibrationError: 0.0112,
        liftAt10: 5.02,
        p99Ms: 21,
      },
    }),
    ...{ waiting: 812, missing: 3, corrected: 0 },
  };
  const batch = keyValue.batch();
  batch.hashSet(keys.rollout(model), { status: JSON.stringify(status) });
  batch.listPush(
    keys.rolloutHistory(model),
    points.map((point) => JSON.stringify(point)),
    480,
  );
  await batch.run();
};
