import { z } from 'zod';
import { defineKind, readyColumns } from '../kind.ts';
import { withRules } from '../rules.ts';
import { commonStatus, scaleStatus } from '../shared/conditions.ts';
import { live, recreate } from '../shared/field.ts';
import { lifecycle, replicasOrAutoscaling, scaledWorkload } from '../shared/pods.ts';
import { rankingRules } from '../shared/ranking-rules.ts';
import { reference } from '../shared/references.ts';
import { candidates } from './recommender/candidates.ts';
import { Cache, ColdStart, Feedback, Items, Limits, Rank, withinLimits } from './recommender/ranking.ts';

const fields = z.strictObject({
  pipelineRef: recreate(reference(), 'The ViralityPipeline that it belongs to.'),
  ...lifecycle(),
  items: live(Items.prefault({}), 'What can be recommended.'),
  candidates: live(candidates(), 'Where the items come from that are ranked.'),
  rank: live(Rank, 'How they are ordered.'),
  rules: live(rankingRules().prefault([]), 'What is done to the order before it is answered, one after another.'),
  coldStart: live(ColdStart.prefault({}), 'What new users and new items get.'),
  feedback: live(Feedback.prefault({}), 'What counts as a success.'),
  cache: live(Cache.prefault({}), 'How long an answer is used again.'),
  limits: live(Limits.prefault({}), 'What a request may cost.'),
  ...scaledWorkload(),
});

const Status = z.strictObject({
  ...commonStatus,
  ...scaleStatus,
  requestsPerSecond: z.number().min(0).optional().describe('Requests in a second.'),
  p99Ms: z.number().min(0).optional().describe('Answering a request, 99th percentile.'),
  cacheHitPercent: z.number().min(0).max(100).optional().describe('Requests answered from the cache.'),
  coldPercent: z.number().min(0).max(100).optional().describe('Requests of new users.'),
  fallbackPercent: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('Answers without the model or without offline values.'),
  successPercent: z.number().min(0).max(100).optional().describe('Recommended items that were a success.'),
  blend: z
    .strictObject({
      realTime: z.number().describe('Weight of the score by the model.'),
      offline: z.number().describe('Weight of the score that is computed elsewhere.'),
      labels: z.int().min(0).describe('Logged outcomes that they were learned from.'),
    })
    .optional()
    .describe('The weights that are in use, where they are learned.'),
  url: z.string().max(512).optional().describe('Where it is reached.'),
});

export const recommender = defineKind({
  kind: 'Recommender',
  plural: 'recommenders',
  singular: 'recommender',
  shortNames: ['rec'],
  summary: 'What a user should see next: candidates, a model, a blend of real-time and offline, and cold start.',
  spec: withRules(fields, [replicasOrAutoscaling, withinLimits]),
  status: Status,
  scales: true,
  columns: [
    { name: 'Model', type: 'string', jsonPath: '.spec.rank.modelRef.name', description: 'ScoringModel that ranks.' },
    { name: 'Req/s', type: 'number', jsonPath: '.status.requestsPerSecond', description: 'Requests in a second.' },
    { name: 'P99(ms)', type: 'number', jsonPath: '.status.p99Ms', description: 'Answering a request.' },
    {
      name: 'Hit%',
      type: 'number',
      jsonPath: '.status.cacheHitPercent',
      description: 'Requests answered from the cache.',
    },
    { name: 'Cold%', type: 'number', jsonPath: '.status.coldPercent', description: 'Requests of new users.' },
    {
      name: 'Success%',
      type: 'number',
      jsonPath: '.status.successPercent',
      description: 'Recommended items that were a success.',
      priority: 1,
    },
    { name: 'Pods', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Pods ready.' },
    ...readyColumns,
  ],
  example: `apiVersion: groundswell.dev/v1alpha1
kind: Recommender
metadata:
  name: shop
spec:
  pipelineRef: { name: virality }
  candidates:
    - { name: given, given: {} }
    - { name: hot, hot: { windowRef: { name: item-hot }, field: clicks }, limit: 200 }
    - { name: taste, taste: { feedRef: { name: home } }, limit: 200 }
    - { name: new, exploration: { maxAge: 24h }, limit: 50 }
  rank:
    modelRef: { name: clicks }
    blend:
      fixed: { realTime: 0.6, offline: 0.4 }
      storeRef: { name: nightly }
  rules:
    - { name: not-again, dropSeen: { for: 6h } }
    - name: pets
      boost: { where: "'pet-lover' in user.tags && 'pets' in post.tags", factor: 2 }
  coldStart:
    minEvents: 5
    users: { hot: 50, interests: 30, exploration: 20 }
  cache: { ttl: 10s }
  limits: { topN: 20, timeout: 50ms, onTimeout: ServeHot }
  autoscaling: { minReplicas: 1, maxReplicas: 8 }
`,
});

export type Recommender = z.output<typeof recommender.schema>;
