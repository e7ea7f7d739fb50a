import { z } from 'zod';
import { defineKind, readyColumns } from '../kind.ts';
import { type Rule, withRules } from '../rules.ts';
import { commonStatus, ledgerStatus, scaleStatus, time } from '../shared/conditions.ts';
import { live, recreate, rolling } from '../shared/field.ts';
import { lifecycle, replicasOrAutoscaling, scaledWorkload } from '../shared/pods.ts';
import { rankingRules } from '../shared/ranking-rules.ts';
import { reference } from '../shared/references.ts';
import { FanOut, Saver, Timeline } from './feed/delivery.ts';
import { Mix, matchingNeedsTags, Ranking } from './feed/ranking.ts';
import { Tagging, Tastes } from './feed/tagging.ts';

const fields = z.strictObject({
  pipelineRef: recreate(reference(), 'The ViralityPipeline that it belongs to.'),
  ...lifecycle(),
  mode: live(
    z.enum(['FanOutOnWrite', 'RankOnRead', 'Hybrid']).default('Hybrid'),
    'FanOutOnWrite writes each post to the timelines of all followers. RankOnRead reads the followed accounts on request. Hybrid does the first for small accounts and the second for large ones.',
  ),
  hybrid: live(
    z
      .strictObject({
        maxFollowers: live(z.int().min(0).max(1_000_000_000), 'Accounts with more followers are merged at read.'),
      })
      .optional(),
    'Where Hybrid draws the line. Absent: at 10000 followers.',
  ),
  saver: rolling(Saver.prefault({}), 'How posts are saved.'),
  fanOut: rolling(FanOut.prefault({}), 'How posts reach timelines.'),
  timeline: live(Timeline.prefault({}), 'What a timeline holds.'),
  ranking: live(
    Ranking.optional(),
    'Orders followed accounts by score, each with its newest posts. Absent: there are timelines only, newest first.',
  ),
  mix: live(Mix.prefault({}), 'What a personal timeline is made of.'),
  rules: live(rankingRules().prefault([]), 'What is done to a timeline before it is answered, in order.'),
  tagging: rolling(Tagging.optional(), 'How posts get tags. Absent: only those that they bring.'),
  tastes: live(Tastes.prefault({}), 'How actions become the tastes of a user.'),
  ...scaledWorkload(),
});

type Fields = z.output<typeof fields>;

const hybridOnlyWhenHybrid: Rule<Fields> = {
  cel: "self.mode == 'Hybrid' || !has(self.hybrid)",
  field: 'hybrid',
  message: 'hybrid has no meaning without mode: Hybrid',
  holds: ({ mode, hybrid }) => mode === 'Hybrid' || hybrid === undefined,
};

const Status = z.strictObject({
  ...commonStatus,
  ...scaleStatus,
  postsPerSecond: z.number().min(0).optional().describe('Posts taken in a second.'),
  deliveriesPerSecond: z.number().min(0).optional().describe('Timelines written in a second.'),
  deliveryP99Ms: z.number().min(0).optional().describe('From a post to its timelines, 99th percentile.'),
  fanOut: z
    .strictObject({
      postsInFlight: z.int().min(0).describe('Posts that have not reached all followers yet.'),
      followersDone: z.int().min(0).describe('Followers of theirs that have them.'),
      followersLeft: z.int().min(0).describe('Followers of theirs that do not.'),
      expectedAt: time().optional().describe('When they will, at this pace.'),
    })
    .optional()
    .describe('How far posts are on their way.'),
  lag: z
    .strictObject({
      saver: z.int().min(0).optional().describe('Posts not saved yet.'),
      fanOut: z.int().min(0).optional().describe('Posts whose fan-out has not begun.'),
      tagger: z.int().min(0).optional().describe('Posts not tagged yet.'),
    })
    .optional()
    .describe('What each consumer group has before it.'),
  timelines: z.int().min(0).optional().describe('Timelines that are kept.'),
  materialize: z.enum(['OnWrite', 'OnRead']).optional().describe('Which form of the ranking answers now.'),
  ledger: ledgerStatus().optional().describe('Where every post went.'),
});

export const feed = defineKind({
  kind: 'Feed',
  plural: 'feeds',
  singular: 'feed',
  shortNames: [],
  summary: 'Timelines: posts delivered to followers, accounts ranked by live weights, and posts that match tastes.',
  spec: withRules(fields, [replicasOrAutoscaling, hybridOnlyWhenHybrid, matchingNeedsTags]),
  status: Status,
  scales: true,
  columns: [
    { name: 'Mode', type: 'string', jsonPath: '.spec.mode', description: 'How posts reach followers.' },
    { name: 'Posts/s', type: 'number', jsonPath: '.status.postsPerSecond', description: 'Posts taken in a second.' },
    {
      name: 'Deliveries/s',
      type: 'number',
      jsonPath: '.status.deliveriesPerSecond',
      description: 'Timelines written in a second.',
    },
    {
      name: 'P99(ms)',
      type: 'number',
      jsonPath: '.status.deliveryP99Ms',
      description: 'From a post to its timelines.',
    },
    {
      name: 'InFlight',
      type: 'integer',
      jsonPath: '.status.fanOut.postsInFlight',
      description: 'Posts that have not reached all followers yet.',
    },
    { name: 'Pods', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Pods ready.' },
    ...readyColumns,
  ],
  example: `apiVersion: groundswell.dev/v1alpha1
kind: Feed
metadata:
  name: home
spec:
  pipelineRef: { name: virality }
  mode: Hybrid
  hybrid: { maxFollowers: 10000 }
  timeline: { length: 800, ttl: 14d }
  ranking:
    windowRef: { name: author-72h }
    weights: { likes: 1, reposts: 2, replies: 3 } # live
    postsPerAccount: 3
  mix: { followed: 0.7, matching: 0.2, trending: 0.1, modelRef: { name: virality } }
  rules:
    - { name: not-again, dropSeen: { for: 24h } }
    - { name: not-one-voice, diversity: { maxPerAuthor: 2, inFirst: 10 } }
  tagging:
    tags: [pets, sports, music, politics, science]
    local:
      artifact:
        uri: s3://models/tagger.onnx
        sha256: "2f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    llm:
      url: https://llm.example.com/v1
      model: small
      keyRef: { name: llm, key: api-key }
  tastes: { halfLife: 7d, weights: { click: 1, like: 2 } }
  replicas: 3
`,
});

export type Feed = z.output<typeof feed.schema>;
