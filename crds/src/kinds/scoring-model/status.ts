import { z } from 'zod';
import { listByName } from '../../shared/collections.ts';
import { commonStatus, ledgerStatus, scaleStatus, time } from '../../shared/conditions.ts';

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

export const ScoringModelStatus = z.strictObject({
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
      lastRunAt: time().optional().describe('When the last run began. Absent, as what became of it, before the first.'),
      result: z.enum(['Running', 'Published', 'Refused', 'Failed']).optional().describe('What became of it.'),
      message: z.string().max(2048).optional().describe('Why.'),
      rows: z.int().min(0).optional().describe('Rows that it saw.'),
      positives: z.int().min(0).optional().describe('Positive ones among them.'),
      auc: z.number().min(0).max(1).optional().describe('ROC-AUC on the held-out rows.'),
      sha256: z.string().max(64).optional().describe('Digest of the artifact.'),
      uri: z.string().max(2048).optional().describe('Where it lies.'),
      nextRunAt: time().optional().describe('When the next begins.'),
    })
    .optional()
    .describe('The newest training run, and the next.'),
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
