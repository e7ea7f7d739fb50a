import { z } from 'zod';
import { defineKind, readyColumns } from '../kind.ts';
import { withRules } from '../rules.ts';
import { listByName } from '../shared/collections.ts';
import { commonStatus, ledgerStatus, time } from '../shared/conditions.ts';
import { retryPolicy } from '../shared/connections.ts';
import { live, recreate, rolling } from '../shared/field.ts';
import { lifecycle, podDefaults } from '../shared/pods.ts';
import { Alerts } from './virality-pipeline/alerts.ts';
import { Kafka, offlineStores, Redis, Topics } from './virality-pipeline/backends.ts';
import { Deletes, outcomes } from './virality-pipeline/outcomes.ts';
import { Api, Goals, Observability, Ui } from './virality-pipeline/serving.ts';
import { sources } from './virality-pipeline/sources.ts';

const Spec = withRules(
  z.strictObject({
    ...lifecycle(),
    deletionPolicy: live(
      z.enum(['Retain', 'Delete']).default('Retain'),
      'What happens to topics and keys when the pipeline is deleted.',
    ),
    kafka: recreate(
      Kafka.optional(),
      'Kafka. Absent: the operator runs a small one, for trying out; a laptop needs none.',
    ),
    redis: recreate(
      Redis.optional(),
      'Redis. Absent: the operator runs a small one, for trying out; a laptop needs none.',
    ),
    topics: recreate(Topics.prefault({}), 'The topics of the pipeline.'),
    sources: recreate(sources(), 'Where events come from.'),
    outcomes: recreate(outcomes().prefault([]), 'What models learn to predict.'),
    offlineStores: rolling(offlineStores().prefault([]), 'Where features lie that are computed elsewhere.'),
    deadLetters: rolling(retryPolicy().prefault({}), 'What happens to events that cannot be used.'),
    deletes: live(Deletes.prefault({}), 'What a delete reaches, and by when.'),
    alerts: live(Alerts.optional(), 'Who is told, and when.'),
    api: rolling(Api.optional(), 'The HTTP API. Absent: none.'),
    ui: live(Ui.optional(), 'The web page; needs `api`. Absent: none.'),
    goals: live(Goals.prefault({}), 'What the pipeline promises.'),
    observability: live(Observability.prefault({}), 'Logs, metrics and traces.'),
    pods: rolling(podDefaults().prefault({}), 'What holds for all pods.'),
  }),
  [
    {
      cel: '!has(self.ui) || has(self.api)',
      field: 'ui',
      message: 'ui needs api, which serves it: add api: {}',
      holds: ({ ui, api }) => ui === undefined || api !== undefined,
    },
  ],
);

const Status = z.strictObject({
  ...commonStatus,
  sources: listByName(
    z.strictObject({
      name: z.string().max(63).describe('Name of the source.'),
      state: z
        .enum(['Pending', 'Connecting', 'Connected', 'BackingOff', 'OutOfQuota', 'Suspended', 'Ended', 'Failed'])
        .describe('What it is doing.'),
      message: z.string().max(1024).optional().describe('Why.'),
      eventsPerSecond: z.number().min(0).optional().describe('Events taken in a second.'),
      cursor: z.string().max(256).optional().describe('Where it stands.'),
      lastEventAt: time().optional().describe('Time of the newest event.'),
      quota: z
        .strictObject({
          used: z.int().min(0).describe('Posts read in this period.'),
          share: z.number().min(0).max(1).describe('Share of posts that are taken.'),
          exhaustedAt: time().optional().describe('When it would run out at this pace.'),
        })
        .optional()
        .describe('Use of a metered API.'),
    }),
    { max: 32 },
  )
    .optional()
    .describe('Each source.'),
  summary: z
    .strictObject({
      sources: z.string().max(16).describe('Connected of all.'),
      windows: z.string().max(16).describe('Ready of all.'),
      models: z.string().max(16).describe('Ready of all.'),
      feeds: z.string().max(16).describe('Ready of all.'),
      recommenders: z.string().max(16).describe('Ready of all.'),
    })
    .optional()
    .describe('How many parts are well.'),
  eventsPerSecond: z.number().min(0).optional().describe('Events taken in a second, over all sources.'),
  freshnessMs: z.number().min(0).optional().describe('From event to results, 99th percentile.'),
  predictionMs: z.number().min(0).optional().describe('From post to prediction, 99th percentile.'),
  watermarkLagSeconds: z.number().min(0).optional().describe('How far the slowest window is behind.'),
  ledger: ledgerStatus().optional().describe('Where every event went.'),
  deletes: z
    .strictObject({
      open: z.int().min(0).describe('Deletes that have not reached everything yet.'),
      oldestSeconds: z.number().min(0).optional().describe('Age of the oldest of them.'),
    })
    .optional()
    .describe('How deletes stand.'),
  endpoints: z
    .strictObject({
      api: z.string().max(512).optional().describe('Address of the API.'),
      ui: z.string().max(512).optional().describe('Address of the page.'),
    })
    .optional()
    .describe('Where it is reached.'),
  trial: z.boolean().optional().describe('True where Kafka or Redis is a small one of ours: not for production.'),
  operatorVersion: z.string().max(64).optional().describe('Operator that last reconciled it.'),
});

export const viralityPipeline = defineKind({
  kind: 'ViralityPipeline',
  plural: 'viralitypipelines',
  singular: 'viralitypipeline',
  shortNames: ['vp'],
  summary: 'The shared parts: sources, topics, Kafka and Redis, outcomes, alerts, API and page.',
  spec: Spec,
  status: Status,
  scales: false,
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Summary.' },
    { name: 'Sources', type: 'string', jsonPath: '.status.summary.sources', description: 'Connected of all.' },
    { name: 'Windows', type: 'string', jsonPath: '.status.summary.windows', description: 'Ready of all.' },
    { name: 'Models', type: 'string', jsonPath: '.status.summary.models', description: 'Ready of all.' },
    { name: 'Events/s', type: 'number', jsonPath: '.status.eventsPerSecond', description: 'Events taken in a second.' },
    {
      name: 'Fresh(ms)',
      type: 'number',
      jsonPath: '.status.freshnessMs',
      description: 'From event to results, 99th percentile.',
    },
    ...readyColumns,
  ],
  example: `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata:
  name: virality
spec:
  kafka:
    brokers: [kafka.kafka.svc:9092]
  redis:
    addresses: [redis.redis.svc:6379]
    passwordRef: { name: redis, key: password }
  topics:
    events: { partitions: 24, retention: 4d }
  sources:
    - name: bluesky
      bluesky: {}
    - name: archive
      replay:
        files:
          - path: tweets.csv.gz
            format: Csv
            timeUnit: Seconds
            mapping:
              id: row.id
              type: "'post'"
              at: row.time
              post_id: row.id
              user_id: row.user
              author_id: row.user
        speed: 100
  outcomes:
    - name: viral
      count: { where: "event.type in ['repost', 'quote']", atLeast: 57 }
      within: 24h
  alerts:
    channels:
      - name: newsroom
        slack: { webhookUrlRef: { name: slack, key: url } }
    rules:
      - name: going-viral
        when: prediction.score > 0.9 && post.age < 1800000.0
        channels: [newsroom]
  api:
    replicas: 2
    ingress: { host: virality.example.com }
  ui:
    heatmap:
      windowRef: { name: engagement }
`,
});

export type ViralityPipeline = z.output<typeof viralityPipeline.schema>;
