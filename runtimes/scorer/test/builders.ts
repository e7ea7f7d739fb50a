import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Feature, ScorerProgram, type ServingSpec, type Variant } from '@groundswell/graph';
import type { EventType, SocialEvent } from '@groundswell/wire';

/** Where `make.py` puts its ONNX files. */
export const fixtures = join(import.meta.dirname, 'fixtures');

export const variant = (name: string, file: string, over: Partial<Variant> = {}): Variant => {
  const sha256 = createHash('sha256')
    .update(readFileSync(join(fixtures, `${file}.onnx`)))
    .digest('hex');
  return { name, share: 100, shadow: false, artifact: { uri: `${file}.onnx`, sha256 }, positiveClass: 1, ...over };
};

/** What `classifier.onnx` takes: minutes, followers and reposts. */
export const features: readonly Feature[] = [
  { name: 'minutes', type: 'float', hidden: false, source: { kind: 'expression', expression: 'age / 60000.0' } },
  {
    name: 'followers',
    type: 'float',
    hidden: false,
    source: { kind: 'expression', expression: 'event.user.followers' },
  },
  {
    name: 'reposts_10m',
    type: 'float',
    default: 0,
    hidden: false,
    source: {
      kind: 'window',
      window: 'post-10m',
      hash: 'w:{post_id}',
      field: 'reposts',
      key: [{ name: 'post_id', value: 'event.post_id' }],
      combine: 'Max',
    },
  },
];

/** The score that `classifier.onnx` gives. */
export const classified = (minutes: number, followers: number, reposts: number): number =>
  1 / (1 + Math.exp(-(0.25 * minutes + 0.01 * followers + 0.5 * reposts - 2)));

export const servingSpec: ServingSpec = {
  doors: ['grpc', 'http'],
  deadlineMs: 10_000,
  maxQueue: 10_000,
  maxBodyBytes: 16 * 2 ** 20,
  warmUpRuns: 2,
};

export const program = (over: Partial<ScorerProgram> = {}): ScorerProgram =>
  ScorerProgram.parse({
    kind: 'scorer',
    name: 'scorer-virality',
    pipeline: 'demo',
    revision: '1',
    model: 'virality',
    input: { name: 'demo.events' },
    entityWhere: "event.type == 'post'",
    atMs: [0, 300_000, 600_000],
    watermark: { maxOutOfOrdernessMs: 5_000 },
    features,
    variants: [variant('champion', 'classifier')],
    routing: { key: 'post_id', salt: 'virality' },
    batching: { maxRows: 64, maxWaitMs: 2 },
    serving: servingSpec,
    top: { size: 3, maxAgeMs: 3_600_000 },
    ttlMs: 86_400_000,
    predictions: { name: 'demo.predictions' },
    outcomes: { name: 'demo.outcomes' },
    deadLetters: { name: 'demo.spoilt' },
    ...over,
  });

let made = 0;

/** An event of post `postId` at `at` ms. */
export const event = (type: EventType, postId: string, at: number, over: Partial<SocialEvent> = {}): SocialEvent => {
  const user = type === 'post' ? `author of ${postId}` : `user ${made}`;
  return {
    id: `e${made++}`,
    type,
    at,
    ingested_at: at,
    source: 'test',
    post_id: postId,
    user_id: user,
    author_id: `author of ${postId}`,
    ...(type === 'post' ? { user: { followers: 100, name: 'Ann' }, text: 'hello' } : {}),
    ...over,
  };
};
