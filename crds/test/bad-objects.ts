import type { Resource } from '../src/index.ts';
import type { Change } from './examples.ts';

/** An object that breaks one rule, and what is said of it. */
export interface Bad {
  readonly kind: Resource['kind'];
  /** From a good object to a bad one. */
  readonly changes: readonly Change[];
  readonly at: string;
  readonly message: string;
  /** From the example to a good object with what the rule is about, where the example has none of it. */
  readonly good?: readonly Change[];
}

const secret = { name: 'a', key: 'b' };
const source = 'spec.sources.0';
const bluesky = [`${source}.bluesky`, undefined] as const;

const ofPipeline: readonly Omit<Bad, 'kind'>[] = [
  { changes: [['spec.api', undefined]], at: 'spec.ui', message: 'ui needs api, which serves it: add api: {}' },
  {
    changes: [['spec.kafka.topics', 'Strimzi']],
    at: 'spec.kafka.strimziCluster',
    message: 'give strimziCluster when topics is Strimzi, and only then',
  },
  {
    changes: [['spec.kafka.tls', { certRef: secret }]],
    at: 'spec.kafka.tls',
    message: 'give certRef and keyRef together, or neither',
    good: [['spec.kafka.tls', { certRef: secret, keyRef: secret }]],
  },
  {
    changes: [['spec.redis.mode', 'Sentinel']],
    at: 'spec.redis.sentinelMaster',
    message: 'give sentinelMaster when mode is Sentinel, and only then',
  },
  {
    changes: [
      ['spec.redis.mode', 'Cluster'],
      ['spec.redis.database', 3],
    ],
    at: 'spec.redis.database',
    message: 'database must be 0 when mode is Cluster',
  },
  { changes: [['spec.goals.freshness', '0s']], at: 'spec.goals.freshness', message: 'must be longer than 0s' },
  {
    changes: [[`${source}.generator`, {}]],
    at: source,
    message: 'give exactly one of replay, generator, bluesky, x, mastodon, http, kafka',
  },
  {
    changes: [bluesky, [`${source}.x`, { tokenRef: secret }]],
    at: `${source}.x`,
    message: 'stream: Filtered needs rules, and stream: Sample takes none',
    good: [bluesky, [`${source}.x`, { tokenRef: secret, stream: 'Sample' }]],
  },
  {
    changes: [bluesky, [`${source}.x`, { tokenRef: secret, stream: 'Sample', quota: {} }]],
    at: `${source}.x.quota`,
    message: 'give perMonth, perDay or both',
    good: [bluesky, [`${source}.x`, { tokenRef: secret, stream: 'Sample', quota: { perDay: 100 } }]],
  },
  {
    changes: [bluesky, [`${source}.mastodon`, { instances: [{ url: 'https://mastodon.example' }] }]],
    at: `${source}.mastodon.instances.0`,
    message: 'give exactly one of public, hashtag, list',
    good: [bluesky, [`${source}.mastodon`, { instances: [{ url: 'https://mastodon.example', public: {} }] }]],
  },
  {
    changes: [bluesky, [`${source}.http`, { apiKeysRef: secret, hmac: { secretRef: secret } }]],
    at: `${source}.http`,
    message: 'give apiKeysRef or hmac, not both',
    good: [bluesky, [`${source}.http`, { apiKeysRef: secret }]],
  },
  {
    changes: [['spec.outcomes.0.reported', { atLeast: 1 }]],
    at: 'spec.outcomes.0',
    message: 'give exactly one of count, figure, reported',
  },
  {
    changes: [['spec.offlineStores', [{ name: 'a' }]]],
    at: 'spec.offlineStores.0',
    message: 'give exactly one of hbase, files, redis',
    good: [['spec.offlineStores', [{ name: 'a', redis: { keyPrefix: 'user:' } }]]],
  },
  {
    changes: [['spec.offlineStores', [{ name: 'a', hbase: {} }]]],
    at: 'spec.offlineStores.0.hbase',
    message: 'give exactly one of rest, thrift',
    good: [['spec.offlineStores', [{ name: 'a', hbase: { rest: 'http://hbase.example:8080' } }]]],
  },
  {
    changes: [['spec.alerts.rules.0.channels', ['nobody']]],
    at: 'spec.alerts',
    message: 'a rule names a channel that is not in channels',
  },
  {
    changes: [['spec.alerts.channels.0.slack', undefined]],
    at: 'spec.alerts.channels.0',
    message: 'give exactly one of slack, email, webhook, alertmanager',
  },
  {
    changes: [['spec.api.autoscaling', { maxReplicas: 3 }]],
    at: 'spec.api.autoscaling',
    message: 'give replicas or autoscaling, not both',
  },
];

const ofWindow: readonly Omit<Bad, 'kind'>[] = [
  {
    changes: [['spec.aggregations', []]],
    at: 'spec.aggregations',
    message: 'aggregations must not be empty, except for a pattern: write for example {name: events, count: {}}',
  },
  {
    changes: [['spec.aggregations.3.ratio.denominator', 'nobody']],
    at: 'spec.aggregations',
    message: 'numerator and denominator of a ratio must be names of aggregations of this window',
  },
  {
    changes: [['spec.sinks.0.redis', { tags: { key: 'a' } }]],
    at: 'spec.sinks',
    message: 'a tags sink needs window.pattern.tag',
  },
  { changes: [['spec.flink', {}]], at: 'spec.flink', message: 'flink has no meaning without engine: Flink' },
  {
    changes: [
      ['spec.window', { decay: { halfLife: '1h' } }],
      ['spec.engine', 'Flink'],
    ],
    at: 'spec.window',
    message:
      'engine: Flink knows no decay and no global windows: use tumble, hop, session or pattern, or engine: Groundswell',
  },
  {
    changes: [['spec.window.tumble', { size: '1h' }]],
    at: 'spec.window',
    message: 'give exactly one of tumble, hop, session, decay, pattern, global',
  },
  {
    changes: [['spec.window', { session: { gap: '1h' }, head: 'Sawtooth' }]],
    at: 'spec.window',
    message: 'head: Sawtooth needs tumble or hop: the other windows have no slices',
  },
  {
    changes: [['spec.window.hop.every', '7m']],
    at: 'spec.window.hop',
    message: 'every must divide size: write for example size 1h with every 5m',
  },
  {
    changes: [['spec.window', { pattern: { within: '1m', sequence: [{ name: 'a', where: 'true', absent: true }] } }]],
    at: 'spec.window.pattern',
    message: 'the first step of a sequence must not be absent: a pattern starts with an event',
    good: [['spec.window', { pattern: { within: '1m', sequence: [{ name: 'a', where: 'true' }] } }]],
  },
  {
    changes: [
      [
        'spec.window',
        { pattern: { within: '1m', sequence: [{ name: 'a', where: 'true', times: { min: 3, max: 2 } }] } },
      ],
    ],
    at: 'spec.window.pattern.sequence.0.times',
    message: 'min must not be greater than max',
    good: [
      [
        'spec.window',
        { pattern: { within: '1m', sequence: [{ name: 'a', where: 'true', times: { min: 2, max: 3 } }] } },
      ],
    ],
  },
  {
    changes: [['spec.aggregations.0.sum', { field: 'event.at' }]],
    at: 'spec.aggregations.0',
    message:
      'give exactly one of count, sum, min, max, avg, stddev, distinct, topK, first, last, lastN, ratio, weightedSum, expression',
  },
  {
    changes: [['spec.aggregations.3.where', 'true']],
    at: 'spec.aggregations.3',
    message: 'where has no meaning for ratio and expression: put it on the aggregations that they use',
  },
  { changes: [['spec.sinks.0.topic', {}]], at: 'spec.sinks.0', message: 'give exactly one of redis, topic' },
  {
    changes: [['spec.sinks.0.redis.counter', { key: 'a', value: 'likes' }]],
    at: 'spec.sinks.0.redis',
    message: 'give exactly one of hash, series, sortedSet, list, counter, tags',
  },
  {
    changes: [['spec.state', { store: 'Volume' }]],
    at: 'spec.state',
    message: 'give volume when store is Volume, and only then',
  },
  {
    changes: [['spec.autoscaling', { minReplicas: 3, maxReplicas: 2 }]],
    at: 'spec.autoscaling',
    message: 'minReplicas must not be greater than maxReplicas',
    good: [
      ['spec.replicas', undefined],
      ['spec.autoscaling', { minReplicas: 2, maxReplicas: 3 }],
    ],
  },
];

const ofModel: readonly Omit<Bad, 'kind'>[] = [
  {
    changes: [['spec.variants.0.share', 50]],
    at: 'spec.variants',
    message: 'the shares of the variants that are not shadows must add up to 100',
  },
  {
    changes: [['spec.rollout.champion', 'nobody']],
    at: 'spec.rollout',
    message: 'champion and challenger of rollout must be names of variants',
  },
  {
    changes: [['spec.outcomeRef', undefined]],
    at: 'spec.outcomeRef',
    message: 'training and rollout need outcomeRef: name an outcome of the pipeline',
  },
  {
    changes: [['spec.training.baseline.features', ['nobody']]],
    at: 'spec.training',
    message: 'training.baseline.features must be names of features',
  },
  {
    changes: [['spec.features.0.expression', 'age']],
    at: 'spec.features.0',
    message: 'give exactly one of event, window, offline, expression',
  },
  {
    changes: [['spec.features.0.maxStaleness', '1d']],
    at: 'spec.features.0',
    message: 'maxStaleness has no meaning for event and expression: put it on the window or offline feature',
  },
  {
    changes: [
      ['spec.variants.1.shadow', true],
      ['spec.variants.0.share', 100],
    ],
    at: 'spec.variants.1',
    message: 'share must be 0 for a shadow, which never answers',
  },
  {
    changes: [['spec.rollout.challenger', 'champion']],
    at: 'spec.rollout',
    message: 'champion and challenger must be two variants',
  },
  {
    changes: [['spec.rollout.steps.0.share', 10]],
    at: 'spec.rollout.steps.0',
    message: 'give exactly one of shadow, share, pause, gate',
  },
  {
    changes: [['spec.training.gates', [{ metric: 'Auc' }]]],
    at: 'spec.training.gates.0',
    message: 'give min, max or both',
  },
  {
    changes: [['spec.training.publish.s3', undefined]],
    at: 'spec.training.publish',
    message: 'give exactly one of s3, volume',
  },
];

const ofFeed: readonly Omit<Bad, 'kind'>[] = [
  { changes: [['spec.mode', 'RankOnRead']], at: 'spec.hybrid', message: 'hybrid has no meaning without mode: Hybrid' },
  {
    changes: [['spec.tagging', undefined]],
    at: 'spec.mix',
    message: 'mix.matching needs tagging: posts have no tags to match without it',
  },
  {
    changes: [['spec.ranking.expression', 'likes']],
    at: 'spec.ranking',
    message: 'give exactly one of weights, expression',
  },
  {
    changes: [['spec.mix.followed', 0.5]],
    at: 'spec.mix',
    message: 'followed, matching and trending must add up to 1',
  },
  {
    changes: [['spec.mix.modelRef', undefined]],
    at: 'spec.mix',
    message: 'trending needs modelRef, and modelRef needs trending',
  },
  {
    changes: [['spec.rules.0.where', 'true']],
    at: 'spec.rules.0',
    message: 'give exactly one of diversity, dropSeen, block, where, boost',
  },
  {
    changes: [
      ['spec.tagging.local', undefined],
      ['spec.tagging.llm', undefined],
    ],
    at: 'spec.tagging',
    message: 'give local, llm or both: something has to choose the tags',
  },
];

const ofRecommender: readonly Omit<Bad, 'kind'>[] = [
  {
    changes: [['spec.limits.candidates', 100]],
    at: 'spec.candidates',
    message: 'limit of a candidate source must not be greater than limits.candidates',
  },
  {
    changes: [['spec.candidates.0.exploration', {}]],
    at: 'spec.candidates.0',
    message: 'give exactly one of given, hot, predicted, taste, followed, similar, exploration',
  },
  {
    changes: [['spec.candidates.0', { name: 'like', similar: { field: 'last' } }]],
    at: 'spec.candidates.0.similar',
    message: 'windowRef needs field, and field needs windowRef',
  },
  {
    changes: [['spec.rank.blend.learned', {}]],
    at: 'spec.rank.blend',
    message: 'give exactly one of fixed, learned',
  },
  {
    changes: [['spec.rank.blend.fixed.offline', 0.5]],
    at: 'spec.rank.blend.fixed',
    message: 'realTime and offline must add up to 1, as in 0.6 and 0.4',
  },
  {
    changes: [['spec.coldStart.users.hot', 60]],
    at: 'spec.coldStart.users',
    message: 'hot, interests and exploration must add up to 100',
  },
];

/** One for each rule that stands in a schema. */
export const badObjects: readonly Bad[] = [
  ...ofPipeline.map((row): Bad => ({ kind: 'ViralityPipeline', ...row })),
  ...ofWindow.map((row): Bad => ({ kind: 'FeatureWindow', ...row })),
  ...ofModel.map((row): Bad => ({ kind: 'ScoringModel', ...row })),
  ...ofFeed.map((row): Bad => ({ kind: 'Feed', ...row })),
  ...ofRecommender.map((row): Bad => ({ kind: 'Recommender', ...row })),
];
