import { z } from 'zod';
import { listOf, setOf } from '../../shared/collections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { quantity } from '../../shared/quantity.ts';
import { cel, fraction, text } from '../../shared/scalars.ts';

/** What is scored. */
export const Entity = z.strictObject({
  where: recreate(cel().default("event.type == 'post'"), 'CEL over `event`: which events begin something to score.'),
});

/** When the stream door scores. */
export const Score = z.strictObject({
  at: recreate(
    listOf(duration(), { max: 32 }).prefault(['0s']),
    'Ages, in event time, at which a post is scored; 0s is when it appears. Ascending.',
  ),
  onChange: recreate(
    z
      .strictObject({
        throttle: live(positiveDuration().prefault('1m'), 'At most so often, in event time.'),
        until: live(positiveDuration().prefault('24h'), 'Up to this age.'),
      })
      .optional(),
    'Also when an event of the post came in. Absent: only at the ages.',
  ),
  watermark: recreate(
    z
      .strictObject({
        maxOutOfOrderness: recreate(duration().prefault('5s'), 'As in a FeatureWindow.'),
        idleTimeout: rolling(positiveDuration().optional(), 'As in a FeatureWindow.'),
      })
      .prefault({}),
    'When an age counts as reached.',
  ),
});

export const Routing = z.strictObject({
  key: recreate(
    z.enum(['post_id', 'author_id', 'user_id']).default('post_id'),
    'Field whose value keeps its variant: on the stream, gRPC and HTTP alike.',
  ),
  salt: recreate(text(128).optional(), 'Mixed into the hash; another one deals anew. Absent: the name of the model.'),
});

export const Batching = z.strictObject({
  maxRows: live(z.int().min(1).max(65_536).default(64), 'Rows in one run of the model, at most.'),
  maxWait: live(duration().prefault('2ms'), 'Longest wait for more rows; there is none while nothing else is waiting.'),
});

/** Where predictions go. */
export const Output = z.strictObject({
  top: live(
    z
      .strictObject({
        size: live(z.int().min(1).max(100_000).default(100), 'Number of posts.'),
        maxAge: live(positiveDuration().prefault('1d'), 'Older posts leave it.'),
      })
      .prefault({}),
    'The posts with the highest scores.',
  ),
  ttl: live(positiveDuration().prefault('3d'), 'How long a prediction can be asked for.'),
  history: live(z.int().min(0).max(10_000).default(60), 'Newest scores of a post that are kept, for its curve.'),
  logShare: live(
    fraction().default(1),
    'Share of scores that are logged with their vectors, chosen by a hash of the post.',
  ),
});

/** The request doors: Open Inference Protocol, and scores by key. */
export const Serving = z.strictObject({
  protocols: rolling(
    setOf(z.enum(['Grpc', 'Http']), { max: 2 }).prefault(['Grpc', 'Http']),
    'Doors that are open. Empty: only the stream.',
  ),
  deadline: live(positiveDuration().prefault('1s'), 'For requests that bring none.'),
  maxQueue: live(
    z.int().min(1).max(1_000_000).default(10_000),
    'Rows that may wait; more are refused at once, with a time to come back.',
  ),
  maxBody: live(quantity().prefault('16Mi'), 'Size of a request, at most.'),
  threads: rolling(z.int().min(1).max(256).optional(), 'Threads of one run of a model. Absent: by the CPU limit.'),
  warmUpRuns: rolling(z.int().min(0).max(10_000).default(20), 'Runs on made-up rows before a variant answers.'),
});

export const Explanations = z.strictObject({
  features: live(z.int().min(0).max(64).default(5), 'Reasons given for a score, strongest first. 0: none.'),
  method: live(
    z.enum(['Auto', 'TreeShap', 'Ablation']).default('Auto'),
    'TreeShap: exact contributions; the artifact needs an explainer. Ablation: what the score loses without the feature. Auto: the best there is.',
  ),
});

export const Drift = z.strictObject({
  window: live(positiveDuration().prefault('1h'), 'Span that is compared with the training set.'),
  maxFeaturePsi: live(
    z.number().min(0).default(0.25),
    'Population stability index of a feature above which a condition says so.',
  ),
  maxScorePsi: live(z.number().min(0).default(0.1), 'The same for the score.'),
});
