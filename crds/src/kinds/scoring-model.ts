import { z } from 'zod';
import { defineKind, readyColumns } from '../kind.ts';
import { type Rule, withRules } from '../rules.ts';
import { retryPolicy } from '../shared/connections.ts';
import { live, recreate, rolling } from '../shared/field.ts';
import { lifecycle, replicasOrAutoscaling, scaledWorkload } from '../shared/pods.ts';
import { reference } from '../shared/references.ts';
import { features } from './scoring-model/feature.ts';
import { Rollout } from './scoring-model/rollout.ts';
import { Batching, Drift, Entity, Explanations, Output, Routing, Score, Serving } from './scoring-model/serving.ts';
import { ScoringModelStatus } from './scoring-model/status.ts';
import { Training } from './scoring-model/training.ts';
import { variants } from './scoring-model/variant.ts';

const fields = z.strictObject({
  pipelineRef: recreate(reference(), 'The ViralityPipeline that it belongs to.'),
  ...lifecycle(),
  entity: recreate(Entity.prefault({}), 'What is scored.'),
  score: recreate(Score.prefault({}), 'When it is scored on the stream.'),
  features: recreate(features(), 'What the model sees, in the order of its input.'),
  variants: live(variants().prefault([]), 'The models. Empty: vectors are logged for training, and nothing is scored.'),
  routing: recreate(Routing.prefault({}), 'Which variant answers for which key.'),
  rollout: live(Rollout.optional(), 'How a challenger becomes the champion. Absent: shares are what they say.'),
  batching: live(Batching.prefault({}), 'How rows are put together.'),
  serving: rolling(Serving.prefault({}), 'The request doors.'),
  output: live(Output.prefault({}), 'Where predictions go.'),
  explanations: live(Explanations.prefault({}), 'Why a post has its score.'),
  drift: live(Drift.prefault({}), 'When inputs and scores count as changed.'),
  outcomeRef: recreate(reference().optional(), 'The outcome of the pipeline that it predicts.'),
  training: live(Training.optional(), 'How new models are made. Absent: not here.'),
  deadLetters: rolling(retryPolicy().prefault({}), 'What happens to records that cannot be used.'),
  ...scaledWorkload(),
});

type Fields = z.output<typeof fields>;

const answering = (variants: Fields['variants']) => variants.filter(({ shadow }) => !shadow);

const rules: readonly Rule<Fields>[] = [
  replicasOrAutoscaling,
  {
    cel: 'self.variants.all(v, v.shadow) || (self.variants.filter(v, !v.shadow).map(v, v.share).sum() > 99.99 && self.variants.filter(v, !v.shadow).map(v, v.share).sum() < 100.01)',
    field: 'variants',
    message: 'the shares of the variants that are not shadows must add up to 100',
    holds: ({ variants }) => {
      const shares = answering(variants).map(({ share }) => share);
      const sum = shares.reduce((total, share) => total + share, 0);
      return shares.length === 0 || (sum > 99.99 && sum < 100.01);
    },
  },
  {
    cel: '!has(self.rollout) || (self.variants.exists(v, v.name == self.rollout.champion) && self.variants.exists(v, v.name == self.rollout.challenger))',
    field: 'rollout',
    message: 'champion and challenger of rollout must be names of variants',
    holds: ({ rollout, variants }) =>
      rollout === undefined ||
      [rollout.champion, rollout.challenger].every((wanted) => variants.some(({ name }) => name === wanted)),
  },
  {
    cel: 'has(self.outcomeRef) || !(has(self.training) || has(self.rollout))',
    field: 'outcomeRef',
    message: 'training and rollout need outcomeRef: name an outcome of the pipeline',
    holds: ({ outcomeRef, training, rollout }) =>
      outcomeRef !== undefined || (training === undefined && rollout === undefined),
  },
  {
    cel: '!has(self.training) || !has(self.training.baseline) || self.training.baseline.features.all(b, self.features.exists(f, f.name == b))',
    field: 'training',
    message: 'training.baseline.features must be names of features',
    holds: ({ training, features }) =>
      training?.baseline?.features.every((wanted) => features.some(({ name }) => name === wanted)) ?? true,
  },
];

export const scoringModel = defineKind({
  kind: 'ScoringModel',
  plural: 'scoringmodels',
  singular: 'scoringmodel',
  shortNames: ['sm'],
  summary:
    'ONNX variants, the features that they see, how traffic is split, how a variant is promoted, and how new ones are trained.',
  spec: withRules(fields, rules),
  status: ScoringModelStatus,
  scales: true,
  columns: [
    {
      name: 'Champion',
      type: 'string',
      jsonPath: '.status.champion',
      description: 'Variant that answers when in doubt.',
    },
    { name: 'Shares', type: 'string', jsonPath: '.status.shares', description: 'Shares in short.' },
    {
      name: 'AUC',
      type: 'number',
      jsonPath: '.status.championAuc',
      description: 'ROC-AUC of the champion on matured labels.',
    },
    { name: 'Step', type: 'string', jsonPath: '.status.rollout.step', description: 'Step of the rollout.' },
    {
      name: 'Verdict',
      type: 'string',
      jsonPath: '.status.rollout.verdict.state',
      description: 'What the evidence says.',
    },
    {
      name: 'Scores/s',
      type: 'number',
      jsonPath: '.status.scoresPerSecond',
      description: 'Scores in a second.',
      priority: 1,
    },
    {
      name: 'P99(ms)',
      type: 'number',
      jsonPath: '.status.p99Ms',
      description: 'Answering a request, 99th percentile.',
    },
    { name: 'Pods', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Pods ready.' },
    ...readyColumns,
  ],
  example: `apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata:
  name: virality
spec:
  pipelineRef: { name: virality }
  score:
    at: [0s, 5m, 10m, 60m]
    onChange: { throttle: 1m, until: 24h }
  features:
    - { name: followers, event: event.user.followers }
    - { name: log_followers, expression: log1p(followers) }
    - { name: reposts_10m, window: { ref: { name: post-10m }, field: reposts }, default: 0 }
    - { name: author_reposts, window: { ref: { name: author-72h }, field: reposts }, default: 0, maxStaleness: 1d }
  variants:
    - name: champion
      share: 90
      artifact:
        uri: s3://models/virality/2026-11-20.onnx
        sha256: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
        secretRef: { name: s3 }
    - name: challenger
      share: 10
      artifact:
        uri: s3://models/virality/2026-11-21.onnx
        sha256: "1f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
        secretRef: { name: s3 }
  rollout:
    champion: champion
    challenger: challenger
    steps:
      - shadow: { for: 1h }
      - share: 10
      - gate: { verdict: Better }
    autoPromote: true
  outcomeRef: { name: viral }
  training:
    schedule: "0 * * * *"
    baseline: { features: [followers] }
    publish:
      s3: { uri: s3://models/virality/, secretRef: { name: s3 } }
      proposeAs: challenger
  autoscaling: { minReplicas: 2, maxReplicas: 8 }
`,
});

export type ScoringModel = z.output<typeof scoringModel.schema>;
