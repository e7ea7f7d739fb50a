import { z } from 'zod';
import { Cel, Millis, programBase, Topic } from './program.ts';
import { RankingRule } from './ranking-rule.ts';

/** Where values lie that are computed elsewhere. */
export const OfflineStoreSpec = z.strictObject({
  name: z.string(),
  timeoutMs: Millis,
  place: z.discriminatedUnion('kind', [
    /** Hashes in the key-value store. */
    z.strictObject({ kind: z.literal('hashes'), keyPrefix: z.string() }),
    /** A table of HBase, through its REST server. */
    z.strictObject({ kind: z.literal('hbase'), url: z.string(), table: z.string(), family: z.string() }),
  ]),
});

/** Where candidates come from. Keys and templates are those of the store. */
export const CandidateSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('given') }),
  /** Sorted set that a window writes, item by value. */
  z.strictObject({ kind: z.literal('hot'), key: z.string() }),
  z.strictObject({ kind: z.literal('predicted'), model: z.string() }),
  /** Newest posts of those whom the user follows, by the API's Feed. */
  z.strictObject({ kind: z.literal('followed') }),
  z.strictObject({
    kind: z.literal('similar'),
    /** Hash with the items that a user took last (a list, newest first), a template over `user_id`. Absent: as the events say. */
    last: z.strictObject({ hash: z.string(), field: z.string() }).optional(),
    /** Where it is said what is similar to an item. Absent: what the same users took. */
    store: z.strictObject({ spec: OfflineStoreSpec, field: z.string() }).optional(),
  }),
  z.strictObject({ kind: z.literal('exploration'), maxAgeMs: Millis }),
]);

/** Puts a score that is computed elsewhere beside that of the model. */
const BlendSpec = z.strictObject({
  store: OfflineStoreSpec,
  field: z.string(),
  /** Of the row; sees `event` with user_id and post_id. */
  key: Cel,
  weights: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('fixed'),
      realTime: z.number().min(0).max(1),
      offline: z.number().min(0).max(1),
    }),
    /** From what became of recommendations, anew by a cron schedule (UTC), once there are so many impressions. */
    z.strictObject({ kind: z.literal('learned'), schedule: z.string(), minLabels: z.number().int().min(1) }),
  ]),
});

const Prior = z.strictObject({ successes: z.number().gt(0), failures: z.number().gt(0) });

/** Answers requests for recommendations, and learns from events what there is and what became of it. */
export const RecommendProgram = z.strictObject({
  kind: z.literal('recommend'),
  ...programBase,
  recommender: z.string(),
  events: Topic,
  log: Topic,
  deadLetters: Topic,
  /** Which events are items, and how long an item is known after its newest event. */
  items: z.strictObject({ where: Cel, ttlMs: Millis }),
  /** Sorted sets with the tags of a user by when they go, event time in ms. Templates over `user_id`. */
  tags: z.array(z.string()),
  /** All that follows is live. */
  candidates: z.array(z.strictObject({ name: z.string(), limit: z.number().int().min(1), source: CandidateSource })),
  /** The ScoringModel that ranks; its scorer puts the features together and runs the variants. */
  model: z.string(),
  blend: BlendSpec.optional(),
  rules: z.array(RankingRule),
  coldStart: z.strictObject({
    minEvents: z.number().int().min(0),
    /** Of 100. */
    users: z.strictObject({ hot: z.number().min(0), interests: z.number().min(0), exploration: z.number().min(0) }),
    items: z.strictObject({ share: z.number().min(0).max(1), until: z.number().int().min(1), prior: Prior }),
  }),
  feedback: z.strictObject({ where: Cel, withinMs: Millis, logShare: z.number().min(0).max(1) }),
  cache: z.strictObject({ ttlMs: Millis, maxUsers: z.number().int().min(0) }),
  limits: z.strictObject({
    topN: z.number().int().min(1),
    candidates: z.number().int().min(1),
    timeoutMs: Millis,
    onTimeout: z.enum(['ServeHot', 'ServeUnranked', 'Fail']),
  }),
});

export type CandidateSource = z.output<typeof CandidateSource>;
export type OfflineStoreSpec = z.output<typeof OfflineStoreSpec>;
export type BlendSpec = z.output<typeof BlendSpec>;
export type RecommendProgram = z.output<typeof RecommendProgram>;
