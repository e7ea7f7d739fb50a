import { z } from 'zod';
import { defineKind, readyColumns } from '../kind.ts';
import { type Rule, withRules } from '../rules.ts';
import { listByName } from '../shared/collections.ts';
import { commonStatus, ledgerStatus, scaleStatus, time } from '../shared/conditions.ts';
import { retryPolicy } from '../shared/connections.ts';
import { live, recreate, rolling } from '../shared/field.ts';
import { lifecycle, replicasOrAutoscaling, scaledWorkload } from '../shared/pods.ts';
import { reference } from '../shared/references.ts';
import { features } from './scoring-model/feature.ts';
import { Rollout } from './scoring-model/rollout.ts';
import { Batching, Drift, Entity, Explanations, Output, Routing, Score, Serving } from './scoring-model/serving.ts';
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

const verdict = () =>
  z
    .strictObject({
      state: z
        .enum(['Collecting', 'Inconclusive', 'Better', 'NotWorse', 'Worse', 'SplitWrong', 'GuardrailBroken'])
        .describe('What the evidence says.'),
      reason: z.string().max(1024).describe('Why, for people.'),
      metric: z.string().max(32).describe('What is compared.'),
      difference: z.number().optional().describe('Challenger minus champion.'),
      low: z.number().optional().describe('Lower end of its confidence sequence.'),
      high: z.number().optional().describe('Upper end of it.'),
      evidence: z.number().optional().describe('The e-value against the hypothesis that there is no improvement.'),
      labels: z.int().min(0).describe('Matured labels that it rests on.'),
      labelsNeeded: z.int().min(0).optional().describe('Labels after which a verdict can be expected.'),
      expectedAt: time().optional().describe('When that will be, at this pace.'),
    })
    .describe('The newest verdict.');

const Status = z.strictObject({
  ...commonStatus,
  ...scaleStatus,
  variants: listByName(
    z.strictObject({
      name: z.string().max(63).describe('Name of the variant.'),
      state: z
        .enum(['Pending', 'Loading', 'Warming', 'Serving', 'Shadow', 'Failed', 'Retired'])
        .describe('What it is doing.'),
      message: z.string().max(2048).optional().describe('Why it does not serve.'),
      share: z.number().min(0).max(100).describe('Percent of keys that it answers now.'),
      sha256: z.string().max(64).optional().describe('Digest of what is loaded.'),
      auc: z.number().min(0).max(1).optional().describe('ROC-AUC on matured labels.'),
      aucLow: z.number().min(0).max(1).optional().describe('Lower end of its interval.'),
      aucHigh: z.number().min(0).max(1).optional().describe('Upper end of it.'),
      logLoss: z.number().min(0).optional().describe('Log loss.'),
      calibrationError: z.number().min(0).optional().describe('Expected calibration error.'),
      labels: z.int().min(0).optional().describe('Matured labels that these rest on.'),
      p99Ms: z.number().min(0).optional().describe('Time of a score, 99th percentile.'),
    }),
    { max: 32 },
  )
    .optional()
    .describe('Each variant.'),
  champion: z.string().max(63).optional().describe('Variant that answers when in doubt.'),
  championAuc: z.number().min(0).max(1).optional().describe('Its ROC-AUC on matured labels.'),
  shares: z.string().max(512).optional().describe('Shares in short, as in champion 90, challenger 10.'),
  rollout: z
    .strictObject({
      step: z.string().max(32).describe('Step and number of steps, as in 3/6.'),
      doing: z.string().max(256).describe('What it waits for.'),
      since: time().describe('When the step began.'),
      challengerSha256: z.string().max(64).describe('Digest of the challenger.'),
      verdict: verdict().optional(),
    })
    .optional()
    .describe('The rollout that runs.'),
  rejectedSha256: z
    .string()
    .max(64)
    .optional()
    .describe('Digest of the last challenger that was aborted; it is not tried again.'),
  drift: z
    .strictObject({
      scorePsi: z.number().min(0).describe('Population stability index of the score.'),
      worstFeature: z.string().max(63).optional().describe('Feature that changed most.'),
      worstFeaturePsi: z.number().min(0).optional().describe('Its index.'),
    })
    .optional()
    .describe('How inputs and scores changed since training.'),
  training: z
    .strictObject({
      lastRunAt: time().describe('When the last run began.'),
      result: z.enum(['Running', 'Published', 'Refused', 'Failed']).describe('What became of it.'),
      message: z.string().max(2048).describe('Why.'),
      rows: z.int().min(0).optional().describe('Rows that it saw.'),
      positives: z.int().min(0).optional().describe('Positive ones among them.'),
      auc: z.number().min(0).max(1).optional().describe('ROC-AUC on the held-out rows.'),
      sha256: z.string().max(64).optional().describe('Digest of the artifact.'),
      uri: z.string().max(2048).optional().describe('Where it lies.'),
      nextRunAt: time().optional().describe('When the next begins.'),
    })
    .optional()
    .describe('The newest training run.'),
  scoresPerSecond: z.number().min(0).optional().describe('Scores in a second, over all doors.'),
  p99Ms: z.number().min(0).optional().describe('Answering a request, 99th percentile.'),
  ledger: ledgerStatus().optional().describe('Where every event of the stream went.'),
  endpoints: z
    .strictObject({
      http: z.string().max(512).optional().describe('Open Inference Protocol, HTTP.'),
      grpc: z.string().max(512).optional().describe('Open Inference Protocol, gRPC.'),
    })
    .optional()
    .describe('Where it is reached.'),
});

export const scoringModel = defineKind({
  kind: 'ScoringModel',
  plural: 'scoringmodels',
  singular: 'scoringmodel',
  shortNames: ['sm'],
  summary:
    'ONNX variants, the features that they see, how traffic is split, how a variant is promoted, and how new ones are trained.',
  spec: withRules(fields, rules),
  status: Status,
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
