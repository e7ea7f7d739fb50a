import { z } from 'zod';
import { Cel, Millis, programBase, Topic, Watermark } from './program.ts';

const shared = { name: z.string(), where: Cel.optional() };

/** `field` is CEL over `event`. A missing or non-numeric value is left out of sum, min, max and avg. */
export const Aggregation = z.discriminatedUnion('kind', [
  z.strictObject({ ...shared, kind: z.literal('count') }),
  z.strictObject({ ...shared, kind: z.literal('sum'), field: Cel }),
  z.strictObject({ ...shared, kind: z.literal('min'), field: Cel }),
  z.strictObject({ ...shared, kind: z.literal('max'), field: Cel }),
  z.strictObject({ ...shared, kind: z.literal('avg'), field: Cel }),
  z.strictObject({ ...shared, kind: z.literal('stddev'), field: Cel }),
  /** Exact up to so many values (absent: always), above that estimated with this standard error, a share. */
  z.strictObject({
    ...shared,
    kind: z.literal('distinct'),
    field: Cel,
    exactUpTo: z.number().int().min(0).optional(),
    error: z.number().optional(),
  }),
  /** The most frequent values with their counts, or with the sums of `by`. `error`: of a count, at most, as a share of all. */
  z.strictObject({
    ...shared,
    kind: z.literal('topK'),
    field: Cel,
    by: Cel.optional(),
    size: z.number().int().min(1),
    error: z.number(),
  }),
  /** By event time; of equal times the one that came later. */
  z.strictObject({ ...shared, kind: z.literal('first'), field: Cel }),
  z.strictObject({ ...shared, kind: z.literal('last'), field: Cel }),
  /** Newest first. `distinct`: each value once. */
  z.strictObject({
    ...shared,
    kind: z.literal('lastN'),
    field: Cel,
    size: z.number().int().min(1),
    distinct: z.boolean(),
  }),
  /** Names of other aggregations; derived ones only of those before it. Live. */
  z.strictObject({
    name: z.string(),
    kind: z.literal('ratio'),
    numerator: z.string(),
    denominator: z.string(),
    whenZero: z.number().optional(),
  }),
  /** CEL over the other aggregations by name, as for a ratio. Live. */
  z.strictObject({ name: z.string(), kind: z.literal('expression'), expression: Cel }),
  /** Counts by the value of `by`, each times its weight. Weights are live. */
  z.strictObject({ ...shared, kind: z.literal('weightedSum'), by: Cel, weights: z.record(z.string(), z.number()) }),
]);

const Keep = z.number().int().min(1);

/** Templates as in `lib/wire/keys`: `{name}` is a key field, `{window_start}` or `{window_end}` (ms). */
export const Sink = z.discriminatedUnion('kind', [
  /** One field for each aggregation, and `@<window>` with the window's end; the fields go when the window is empty. */
  z.strictObject({ kind: z.literal('hash'), key: z.string(), ttlMs: Millis.optional() }),
  /** Sorted set of WindowResult JSON by window end; the newest `keep` stay. */
  z.strictObject({ kind: z.literal('series'), key: z.string(), keep: Keep, ttlMs: Millis.optional() }),
  /** Sorted set of members, which are templates too, by the value `score`; the highest `keep` stay. */
  z.strictObject({
    kind: z.literal('sortedSet'),
    key: z.string(),
    member: z.string(),
    score: z.string(),
    keep: Keep.optional(),
    ttlMs: Millis.optional(),
  }),
  /** The elements of `value`, a list, newest first. */
  z.strictObject({ kind: z.literal('list'), key: z.string(), value: z.string(), keep: Keep, ttlMs: Millis.optional() }),
  /** The value, a number. */
  z.strictObject({ kind: z.literal('counter'), key: z.string(), value: z.string(), ttlMs: Millis.optional() }),
  /** Sorted set of tags by the event time, ms, when they go. Nobody else who writes there keeps a tag for longer than `ttlMs`. */
  z.strictObject({ kind: z.literal('tags'), key: z.string(), ttlMs: Millis }),
  /** Every upsert, as WindowResult. Compacted: the newest of each key, and a tombstone for one that became empty. */
  z.strictObject({ kind: z.literal('topic'), topic: Topic }),
]);

/** In order; one that is `absent` must not come between its neighbours. Without `strict`, events that do not match are skipped. */
const PatternStep = z.strictObject({
  name: z.string(),
  where: Cel,
  min: z.number().int().min(1),
  max: z.number().int().min(1),
  strict: z.boolean(),
  absent: z.boolean(),
});

/** A table that expressions see a row of beside the event. */
const Join = z.strictObject({
  /** Of the row in expressions, and before its fields in `key`. */
  name: z.string(),
  /** Key, and value as a JSON object; the newest of each key counts, and no value deletes it. */
  topic: Topic,
  /** More rows than that stop the worker. */
  maxRows: z.number().int().min(1),
  /** CEL over `event` alone. */
  key: Cel,
  /** Of an event without a row: it sees null, is filtered, or waits for `waitMs` of event time and sees null then. */
  whenMissing: z.enum(['Keep', 'Drop', 'Wait']),
  waitMs: Millis,
  /** The newest row that is known, or the newest one that is not younger than the event. */
  version: z.enum(['Newest', 'AsOf']),
});

const Size = z.strictObject({ cpu: z.string().optional(), memory: z.string().optional() });

/** How Flink runs the window, in place of our worker. */
const Flink = z.strictObject({
  /** As the Flink Kubernetes Operator names it: `v2_2`. */
  version: z.string(),
  image: z.string().optional(),
  parallelism: z.number().int().min(1),
  configuration: z.record(z.string(), z.string()),
  jobManager: Size.optional(),
  taskManager: Size.optional(),
});

export const WindowProgram = z.strictObject({
  kind: z.literal('window'),
  ...programBase,
  /** The FeatureWindow's name. */
  window: z.string(),
  input: z.strictObject({ topic: Topic, where: Cel.optional() }),
  joins: z.array(Join).optional(),
  /**
   * The internal topic by which events reach the shard of their key. Absent: all events of a key are in one partition of
   * the input already.
   */
  rekey: z.strictObject({ topic: Topic }).optional(),
  /** States of the shards; a shard for each partition of the topic that is aggregated. */
  changelog: Topic,
  /**
   * State of one worker, from which on it takes no more events: keys, and memory in bytes. Without `maxBytes` it is 60 % of
   * what the process may have, where that is limited. `evicts`: instead it lets go of the keys that were silent for longest.
   * `maxKeys` and `evicts` are live.
   */
  limits: z
    .strictObject({
      maxKeys: z.number().int().min(1).optional(),
      maxBytes: z.number().int().min(0).optional(),
      evicts: z.literal(true).optional(),
    })
    .optional(),
  /** Where the states of shards lie instead of the changelog, in a cluster: a volume that all workers share. */
  volume: z
    .strictObject({
      /** Bytes. */
      size: z.number().int().min(1),
      storageClassName: z.string().optional(),
      accessMode: z.enum(['ReadWriteMany', 'ReadWriteOnce']),
    })
    .optional(),
  /** How often state and offsets are saved, wall time in ms; live. Absent: as often as other programs. */
  saveEveryMs: Millis.optional(),
  /** How a revision with another definition takes over; live. Absent: at once when it is as far, and the old one goes. */
  update: z
    .strictObject({
      /** Nothing: it begins empty. */
      warmFrom: z.enum(['Changelog', 'Topic', 'Nothing']),
      maxWarmUpMs: Millis,
      keepOldMs: Millis,
    })
    .optional(),
  /** SocialEvent fields, or those of a joined row (`item.category`); none: one row for everything. `tags` is a list: the event counts under each. An event without the field is filtered. */
  key: z.array(z.string()),
  shape: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('tumble'), sizeMs: Millis }),
    /** `everyMs` divides `sizeMs`. */
    z.strictObject({ kind: z.literal('hop'), sizeMs: Millis, everyMs: Millis }),
    /** Ends `gapMs` after its last event, or `maxMs` after its first. */
    z.strictObject({ kind: z.literal('session'), gapMs: Millis, maxMs: Millis.optional() }),
    /** A key is dropped so long after its newest event. */
    z.strictObject({ kind: z.literal('global'), everyMs: Millis, forgetAfterMs: Millis.optional() }),
    /** A key is dropped when all that it holds has faded below; live. */
    z.strictObject({
      kind: z.literal('decay'),
      halfLifeMs: Millis,
      everyMs: Millis,
      forgetBelow: z.number().min(0),
    }),
    /** What ends is the match; events `withinMs` after its first, or later, are not part of it. */
    z.strictObject({
      kind: z.literal('pattern'),
      sequence: z.array(PatternStep).min(1),
      withinMs: Millis,
      afterMatch: z.enum(['SkipPastLast', 'SkipToNext', 'NoSkip']),
    }),
  ]),
  /** What a match says of its key, and for how long after its end. */
  tag: z.strictObject({ name: z.string(), keepMs: Millis }).optional(),
  /** Closed: only whole windows. Sawtooth: also the newest window with its unfinished pane, after each step. */
  head: z.enum(['Closed', 'Sawtooth']),
  /** OnChange: a firing publishes the keys whose values changed, and the emptied. EveryWindow: every key with content, as Flink does. */
  emit: z.enum(['OnChange', 'EveryWindow']),
  watermark: Watermark,
  allowedLatenessMs: Millis,
  /** Where late events go, besides being counted. */
  lateTopic: Topic.optional(),
  deadLetters: Topic,
  /** A source of the pipeline may be thinned out: events say how many they stand for, and count as so many. Not for patterns. */
  thinned: z.literal(true).optional(),
  /** None only for patterns. */
  aggregations: z.array(Aggregation),
  sinks: z.array(Sink),
  /** Absent: our own worker. What SQL cannot say was refused. */
  flink: Flink.optional(),
});

export type Aggregation = z.output<typeof Aggregation>;
export type Join = z.output<typeof Join>;
export type Sink = z.output<typeof Sink>;
export type WindowProgram = z.output<typeof WindowProgram>;
