import { z } from 'zod';
import { Cel, Millis, programBase, Topic } from './program.ts';
import { HttpReader, TimeUnit } from './sources/http.ts';
import { KafkaReader } from './sources/kafka.ts';
import { MastodonReader } from './sources/mastodon.ts';
import { XReader } from './sources/x.ts';

/** How fast event time passes, for sources that have their own: 1 is the original pace; 'max' as fast as possible. */
const Speed = z.union([z.number().positive(), z.literal('max')]);

/**
 * CEL over `row` (the columns, as strings, or a JSON line's value), `first` (no earlier row had this post_id) and `root` (the
 * row of this post: the first with its post_id and type `post`). `at` and `post_id` see `row` only, for they decide about the others.
 */
const Mapping = z.record(z.string(), Cel);

const Replay = z.strictObject({
  kind: z.literal('replay'),
  files: z.array(
    z.strictObject({
      /** Relative to the data folder that the runner was given, else to the resource's file. */
      path: z.string(),
      format: z.enum(['csv', 'jsonl']),
      compression: z.enum(['none', 'gzip', 'bzip2', 'zstd']),
      /** CEL, true for rows to take. */
      where: Cel.optional(),
      /**
       * SocialEvent field (dotted for nested: `user.followers`, `attributes.pics`) → CEL. Text becomes the field's type; an empty
       * column is absent. Without `id`, an event is named by its file and line.
       */
      mapping: Mapping,
      /** Unit of what the mapping gives for `at` and `user.created_at`; ISO without a zone is UTC. */
      timeUnit: TimeUnit,
    }),
  ),
  speed: Speed,
  /** Rows are given on in slices of event time of this length, so that a fast replay sees what a slow one sees. */
  tickMs: Millis,
  /** How the files are ordered in time: already, or to be sorted in memory. */
  order: z.enum(['InOrder', 'Sort']),
  /** Dead-letter a bad row and go on, or stop. */
  onBadRow: z.enum(['DeadLetter', 'Stop']),
});

const Generator = z.strictObject({
  kind: z.literal('generator'),
  seed: z.number().int(),
  /** First event, ms since the epoch. */
  startAt: z.number().int(),
  /** New posts an hour of event time, on average. */
  postsPerHour: z.number().positive(),
  authors: z.number().int().min(1),
  durationMs: Millis.optional(),
  speed: Speed,
  tickMs: Millis,
  /** Largest displacement of events in time, and the share that comes later than that. */
  maxOutOfOrdernessMs: Millis,
  lateShare: z.number().min(0).max(1),
  duplicateShare: z.number().min(0).max(1),
  deleteShare: z.number().min(0).max(1),
});

const Bluesky = z.strictObject({
  kind: z.literal('bluesky'),
  /** WebSocket URLs of Jetstream instances, tried in turn. */
  instances: z.array(z.string()).min(1),
  /** Of each message, by a dictionary that the instance gives. Absent: none. */
  compression: z.literal('zstd').optional(),
  collections: z.array(z.string()),
  /** Only these accounts (DIDs); absent or empty: all. */
  accounts: z.array(z.string()).optional(),
  /** Where to begin the first time, ms since the epoch; absent: now. */
  startAt: z.number().int().optional(),
  /** How far to go back before the saved cursor on reconnect; repeats are dropped. */
  cursorRewindMs: Millis,
  /** Silence after which the connection counts as dead. */
  heartbeatTimeoutMs: Millis,
  backoff: z.strictObject({ initialMs: Millis, maxMs: Millis }),
});

/** Whether an instance of Jetstream speaks version 2 of the wire at this address; else it speaks the first one. */
export const speaksEvents = (instance: string): boolean =>
  new URL(instance).pathname.endsWith('/xrpc/network.bsky.jetstream.subscribeEvents');

export const IngestProgram = z.strictObject({
  kind: z.literal('ingest'),
  ...programBase,
  source: z.strictObject({
    name: z.string(),
    reader: z.discriminatedUnion('kind', [
      Replay,
      Generator,
      Bluesky,
      HttpReader,
      MastodonReader,
      XReader,
      KafkaReader,
    ]),
  }),
  output: Topic,
  /** SocialEvent field that becomes the record's key; `at` where the topic is keyed by time. */
  keyBy: z.enum(['post_id', 'user_id', 'author_id', 'at']),
  deadLetters: Topic,
  /** Ids are remembered for this span of event time, at most so many. */
  dedupe: z.strictObject({ spanMs: Millis, maxIds: z.number().int().min(0) }),
  /** An event so far ahead of the clock is dead-lettered. Absent for sources whose time is not that of the clock (replay, generator). Live. */
  maxFutureMs: Millis.optional(),
});

export type IngestProgram = z.output<typeof IngestProgram>;
export type ReplayReader = z.output<typeof Replay>;
export type GeneratorReader = z.output<typeof Generator>;
export type BlueskyReader = z.output<typeof Bluesky>;
