import { z } from 'zod';
import { defineKind, readyColumns } from '../kind.ts';
import { type Rule, withRules } from '../rules.ts';
import { listByName, listOf } from '../shared/collections.ts';
import { commonStatus, ledgerStatus, scaleStatus, time } from '../shared/conditions.ts';
import { retryPolicy } from '../shared/connections.ts';
import { live, recreate, rolling } from '../shared/field.ts';
import { lifecycle, replicasOrAutoscaling, scaledWorkload } from '../shared/pods.ts';
import { reference } from '../shared/references.ts';
import { cel, eventField, topicName } from '../shared/scalars.ts';
import { Aggregation } from './feature-window/aggregation.ts';
import { Flink, Join, Repartition, State, Update, Watermark } from './feature-window/operation.ts';
import { WindowShape } from './feature-window/shape.ts';
import { Sink } from './feature-window/sink.ts';

const Input = z.strictObject({
  topic: recreate(
    topicName().default('events'),
    'Topic to read: `events`, `predictions` or `outcomes` of the pipeline, or a whole name.',
  ),
  where: recreate(cel().optional(), 'CEL over `event`: which events are taken. Absent: all.'),
  time: recreate(
    z.enum(['at', 'ingested_at']).default('at'),
    'Field that is the event time: when it happened, or when ingest took it.',
  ),
});

const fields = z.strictObject({
  pipelineRef: recreate(reference(), 'The ViralityPipeline that it belongs to.'),
  ...lifecycle(),
  engine: recreate(
    z.enum(['Groundswell', 'Flink']).default('Groundswell'),
    'Who computes it: our workers, or a FlinkDeployment with the same result, row for row.',
  ),
  flink: rolling(Flink.optional(), 'Settings of Flink. Only with engine Flink.'),
  input: recreate(Input.prefault({}), 'What it reads.'),
  key: recreate(
    listOf(eventField(), { max: 8 }).prefault([]),
    'Fields of the event, or of a joined row (item.category), that are counted apart. A list (tags): the event counts under each element. Empty: one row for everything.',
  ),
  repartition: recreate(
    Repartition.prefault({}),
    'The internal topic by which events reach the worker of their key, where the topic has another key.',
  ),
  joins: recreate(listByName(Join, { max: 8 }).prefault([]), 'Tables whose rows CEL can use beside the event.'),
  window: recreate(WindowShape, 'How events are put together in time.'),
  watermark: recreate(Watermark.prefault({}), 'When a window counts as complete.'),
  emit: recreate(
    z.enum(['OnChange', 'EveryWindow']).default('OnChange'),
    'OnChange: a firing publishes the keys whose values changed. EveryWindow: every key with content, as Flink does.',
  ),
  aggregations: recreate(listByName(Aggregation, { max: 64 }).prefault([]), 'The values of a window.'),
  sinks: rolling(
    listOf(Sink, { max: 8 }).prefault([]),
    'Where results go. Features find a window without sinks all the same.',
  ),
  state: recreate(State.prefault({}), 'Where the state of open windows lives, and how much of it there may be.'),
  update: live(Update.prefault({}), 'How a changed definition takes over.'),
  deadLetters: rolling(retryPolicy().prefault({}), 'What happens to records that cannot be used.'),
  ...scaledWorkload(),
});

type Fields = z.output<typeof fields>;

const hasAggregation = (aggregations: Fields['aggregations'], wanted: string): boolean =>
  aggregations.some(({ name }) => name === wanted);

const rules: readonly Rule<Fields>[] = [
  replicasOrAutoscaling,
  {
    cel: 'has(self.window.pattern) || self.aggregations.size() > 0',
    field: 'aggregations',
    message: 'aggregations must not be empty, except for a pattern: write for example {name: events, count: {}}',
    holds: ({ window, aggregations }) => window.pattern !== undefined || aggregations.length > 0,
  },
  {
    cel: 'self.aggregations.all(a, !has(a.ratio) || (self.aggregations.exists(b, b.name == a.ratio.numerator) && self.aggregations.exists(b, b.name == a.ratio.denominator)))',
    field: 'aggregations',
    message: 'numerator and denominator of a ratio must be names of aggregations of this window',
    holds: ({ aggregations }) =>
      aggregations.every(
        ({ ratio }) =>
          ratio === undefined ||
          (hasAggregation(aggregations, ratio.numerator) && hasAggregation(aggregations, ratio.denominator)),
      ),
  },
  {
    cel: '(has(self.window.pattern) && has(self.window.pattern.tag)) || self.sinks.all(s, !has(s.redis) || !has(s.redis.tags))',
    field: 'sinks',
    message: 'a tags sink needs window.pattern.tag',
    holds: ({ window, sinks }) =>
      window.pattern?.tag !== undefined || sinks.every(({ redis }) => redis?.tags === undefined),
  },
  {
    cel: "self.engine == 'Flink' || !has(self.flink)",
    field: 'flink',
    message: 'flink has no meaning without engine: Flink',
    holds: ({ engine, flink }) => engine === 'Flink' || flink === undefined,
  },
  {
    cel: "self.engine == 'Groundswell' || !(has(self.window.decay) || has(self.window.global))",
    field: 'window',
    message:
      'engine: Flink knows no decay and no global windows: use tumble, hop, session or pattern, or engine: Groundswell',
    holds: ({ engine, window }) =>
      engine === 'Groundswell' || (window.decay === undefined && window.global === undefined),
  },
];

const Status = z.strictObject({
  ...commonStatus,
  ...scaleStatus,
  window: z.string().max(64).optional().describe('The window in short, as in hop 72h/5m.'),
  watermark: z
    .strictObject({
      value: time().describe('Results up to here are complete.'),
      lagSeconds: z.number().min(0).describe('How far behind the newest event it is.'),
      slowestPartition: z.int().min(0).optional().describe('Partition that holds it back.'),
    })
    .optional()
    .describe('Where the watermark stands.'),
  eventsPerSecond: z.number().min(0).optional().describe('Events taken in a second.'),
  keys: z.int().min(0).optional().describe('Keys with state.'),
  stateBytes: z.int().min(0).optional().describe('Size of the state.'),
  evictedKeys: z.int().min(0).optional().describe('Keys dropped because memory was full.'),
  lag: z.int().min(0).optional().describe('Events not yet taken.'),
  restoreSeconds: z.number().min(0).optional().describe('How long the last restore of state took.'),
  restoredKeys: z.int().min(0).optional().describe('Keys in the state that it brought back.'),
  ledger: ledgerStatus().optional().describe('Where every event went.'),
  warmUp: z
    .strictObject({
      revision: z.string().max(64).describe('Revision that is being filled.'),
      percent: z.number().min(0).max(100).describe('How far it is.'),
      since: time().describe('When it began.'),
    })
    .optional()
    .describe('A changed definition that is about to take over.'),
});

export const featureWindow = defineKind({
  kind: 'FeatureWindow',
  plural: 'featurewindows',
  singular: 'featurewindow',
  shortNames: ['fw'],
  summary: 'An event-time aggregation or pattern over a topic, by key, and where its results go.',
  spec: withRules(fields, rules),
  status: Status,
  scales: true,
  columns: [
    { name: 'Window', type: 'string', jsonPath: '.status.window', description: 'The window in short.' },
    { name: 'Events/s', type: 'number', jsonPath: '.status.eventsPerSecond', description: 'Events taken in a second.' },
    {
      name: 'Lag(s)',
      type: 'number',
      jsonPath: '.status.watermark.lagSeconds',
      description: 'Watermark behind the newest event.',
    },
    { name: 'Keys', type: 'integer', jsonPath: '.status.keys', description: 'Keys with state.' },
    { name: 'Late', type: 'integer', jsonPath: '.status.ledger.late', description: 'Events that came too late.' },
    { name: 'Desired', type: 'integer', jsonPath: '.status.desiredReplicas', description: 'Pods wanted.', priority: 1 },
    { name: 'Pods', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Pods ready.' },
    ...readyColumns,
  ],
  example: `apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata:
  name: author-72h
spec:
  pipelineRef: { name: virality }
  input:
    topic: events
    where: event.type in ['like', 'repost', 'reply']
  key: [author_id]
  window:
    hop: { size: 72h, every: 5m }
    head: Sawtooth # also publish the newest, unfinished five minutes
  watermark: { maxOutOfOrderness: 30s, allowedLateness: 5m, idleTimeout: 1m }
  aggregations:
    - { name: likes, count: {}, where: "event.type == 'like'" }
    - { name: people, distinct: { field: event.user_id } }
    - name: engagement
      weightedSum: { by: event.type, weights: { like: 1, repost: 2, reply: 3 } } # live
    - { name: likes_per_person, ratio: { numerator: likes, denominator: people } }
  sinks:
    - redis: { hash: { key: "author:{author_id}:72h", ttl: 4d } }
`,
});

export type FeatureWindow = z.output<typeof featureWindow.schema>;
