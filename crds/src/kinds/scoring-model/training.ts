import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { listOf, mapOf, setOf } from '../../shared/collections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live } from '../../shared/field.ts';
import { workload } from '../../shared/pods.ts';
import { secretReference } from '../../shared/references.ts';
import { cronSchedule, fraction, identifier, name, text, url } from '../../shared/scalars.ts';

const Algorithm = z.strictObject({
  type: live(
    z.enum(['XGBoost', 'LightGBM', 'LogisticRegression', 'FactorizationMachine']).default('XGBoost'),
    'What is trained.',
  ),
  params: live(mapOf(z.number(), 64).prefault({}), 'Parameters, as in {trees: 300, depth: 6, learningRate: 0.05}.'),
});

const metrics = ['Auc', 'PrAuc', 'LogLoss', 'CalibrationError', 'LiftAt1', 'LiftAt10', 'ParityError'] as const;

const Gate = withRules(
  z.strictObject({
    metric: live(
      z.enum(metrics),
      'Metric on the held-out rows; ParityError is the largest difference of ONNX to native scores.',
    ),
    min: live(z.number().optional(), 'Smallest value that will do.'),
    max: live(z.number().optional(), 'Largest value that will do.'),
  }),
  [
    {
      cel: 'has(self.min) || has(self.max)',
      message: 'give min, max or both',
      holds: ({ min, max }) => min !== undefined || max !== undefined,
    },
  ],
);

const destinations = {
  s3: live(
    z
      .strictObject({
        uri: live(text(2048), 'Folder, s3://bucket/path/.'),
        secretRef: live(secretReference(), 'Access: keys accessKey and secretKey.'),
        endpoint: live(url('https', 'http').optional(), 'Address of an S3-compatible store. Absent: that of AWS.'),
        region: live(text(64).optional(), 'Region of the store.'),
      })
      .optional(),
    'An S3-compatible store.',
  ),
  volume: live(
    z
      .strictObject({
        claimName: live(text(253), 'PersistentVolumeClaim.'),
        path: live(text(1024).default('/'), 'Folder in it.'),
      })
      .optional(),
    'A volume that the scorers mount, too.',
  ),
};

const Publish = withRules(
  z.strictObject({
    ...destinations,
    keep: live(z.int().min(1).max(10_000).default(24), 'Newest artifacts that are kept.'),
    proposeAs: live(
      name().optional(),
      'Variant that the operator sets to each artifact that passed, as challenger. Absent: it is published, and a person decides.',
    ),
  }),
  [exactlyOne(Object.keys(destinations))],
);

/** How a new model is made, from what was logged. Needs `outcomeRef`. */
export const Training = z.strictObject({
  schedule: live(cronSchedule().default('0 * * * *'), 'When.'),
  timeZone: live(text(64).default('UTC'), 'Time zone of the schedule.'),
  suspend: live(z.boolean().default(false), 'Trains no more until it is false again.'),
  rows: live(z.int().min(100).max(100_000_000).default(1_000_000), 'Newest matured rows, at most.'),
  maxAge: live(positiveDuration().optional(), 'Older rows are left out. Absent: none.'),
  ages: live(
    listOf(duration(), { max: 32 }).prefault([]),
    'Ages of posts whose vectors are used. Empty: those of score.at.',
  ),
  holdout: live(fraction().max(0.9).default(0.2), 'Share of the rows, the newest, that the model is judged by.'),
  algorithm: live(Algorithm.prefault({}), 'What is trained.'),
  baseline: live(
    z.strictObject({ features: live(setOf(identifier(), { min: 1, max: 512 }), 'Features that it sees.') }).optional(),
    'A logistic regression to compare with.',
  ),
  gates: live(
    listOf(Gate, { max: 16 }).prefault([
      { metric: 'Auc', min: 0.78 },
      { metric: 'ParityError', max: 0.0001 },
    ]),
    'What must hold before an artifact is published.',
  ),
  betterThanChampion: live(z.boolean().default(true), 'It must also beat the champion on the same rows.'),
  publish: live(
    Publish.optional(),
    'Where artifacts go. Absent: beside the data of the runner; in a cluster it is needed.',
  ),
  seed: live(z.int().min(0).default(1), 'Equal seeds and rows give equal models.'),
  deadline: live(positiveDuration().prefault('50m'), 'A run that takes longer is ended.'),
  keepRuns: live(z.int().min(0).max(100).default(3), 'Finished runs that stay to be looked at.'),
  ...workload(),
});
