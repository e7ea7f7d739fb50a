import { z } from 'zod';
import { Millis, programBase, Topic } from './program.ts';
import { RankingRule } from './ranking-rule.ts';

const Mode = z.enum(['FanOutOnWrite', 'RankOnRead', 'Hybrid']);

/** Saves posts, so that they can be read. All but the topics is live. */
const Saver = z.strictObject({ kind: z.literal('saver'), ttlMs: Millis });

/** Brings posts to the timelines of followers. All but topics and shards is live. */
const FanOut = z.strictObject({
  kind: z.literal('fanOut'),
  /** One post for the followers of one shard. */
  jobs: Topic,
  mode: Mode,
  /** Posts of accounts with more are merged at read, where the mode is Hybrid. */
  maxFollowers: z.number().int().min(0),
  shards: z.number().int().min(1),
  page: z.number().int().min(1),
  batch: z.number().int().min(1),
  maxPerAccount: z.number().int().min(1),
  /** Posts of a timeline. */
  length: z.number().int().min(1),
});

/** What accounts are ranked by. */
const RankingSpec = z.strictObject({
  /** Template of the hash of an account, and fields in it that the score is made of. */
  hash: z.string(),
  fields: z.array(z.string()),
  score: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('weights'), weights: z.array(z.number()) }),
    z.strictObject({ kind: z.literal('expression'), expression: z.string() }),
  ]),
});

/** Keeps a ranking for each follower who reads one. What it ranks by is live. */
const Ranker = z.strictObject({
  kind: z.literal('ranker'),
  /** Of the window: says whose values have changed. */
  results: Topic,
  shards: z.number().int().min(1),
  ranking: RankingSpec,
});

/** One consumer group of a Feed. */
export const FeedProgram = z.strictObject({
  kind: z.literal('feed'),
  ...programBase,
  feed: z.string(),
  posts: Topic,
  /** Its own. */
  deadLetters: Topic,
  work: z.discriminatedUnion('kind', [Saver, FanOut, Ranker]),
});

/** What the API has to know of the Feed. */
export const FeedView = z.strictObject({
  name: z.string(),
  posts: Topic,
  /** Where clicks go. */
  events: Topic,
  shards: z.number().int().min(1),
  /** Live, as is all that follows. */
  mode: Mode,
  length: z.number().int().min(1),
  ttlMs: Millis,
  refillPosts: z.number().int().min(0),
  /** What is done before anything is answered. CEL sees `post` as it was accepted, and `user` with `user_id` and `tags`. */
  rules: z.array(RankingRule),
  /** Where patterns say something of a user: see RecommendProgram. */
  userTags: z.array(z.string()),
  /** Accounts by weighted values of a window. */
  ranking: RankingSpec.extend({
    /** How long an order made on request is used again. */
    cacheTtlMs: Millis,
    keep: z.number().int().min(1),
    postsPerAccount: z.number().int().min(1),
    maxPostAgeMs: Millis,
    materialize: z.enum(['OnWrite', 'OnRead']),
  }).optional(),
});

export type FeedProgram = z.output<typeof FeedProgram>;
export type FeedView = z.output<typeof FeedView>;
/** The program that fans out, with its settings. */
export type FanOutSettings = Extract<FeedProgram['work'], { kind: 'fanOut' }>;
export type SaverSettings = Extract<FeedProgram['work'], { kind: 'saver' }>;
export type RankerSettings = Extract<FeedProgram['work'], { kind: 'ranker' }>;
export type RankingSpec = z.output<typeof RankingSpec>;
