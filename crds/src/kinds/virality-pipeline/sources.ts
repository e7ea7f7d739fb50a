import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { listByName, listOf, mapOf } from '../../shared/collections.ts';
import { backoff, sasl, tls } from '../../shared/connections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { workload } from '../../shared/pods.ts';
import { quantity } from '../../shared/quantity.ts';
import { secretKeyReference } from '../../shared/references.ts';
import { address, cel, fraction, instant, name, text, topicName, url } from '../../shared/scalars.ts';
import { MastodonSource, XSource } from './platforms.ts';

const speedPattern = /^(Max|[0-9]{1,6}(\.[0-9]{1,3})?)$/;
const noSpeed = {
  error: ({ input }: { readonly input?: unknown }) =>
    `${JSON.stringify(input)} is no speed: write Max, a whole number such as 600, or "0.5" in quotes`,
};

const speed = () =>
  z
    .union([z.int(noSpeed).min(1, noSpeed), z.string().max(10).regex(speedPattern, noSpeed)], noSpeed)
    .meta({ 'x-kubernetes-int-or-string': true, pattern: speedPattern.source, minimum: 1, maxLength: 10 })
    .transform((written): number | 'max' => (written === 'Max' ? 'max' : Number(written)));

const timeUnit = () => z.enum(['Seconds', 'Milliseconds', 'Microseconds', 'Iso8601']).default('Milliseconds');

/** How events of another shape become ours. */
const mapping = (over: string) => ({
  mapping: rolling(
    mapOf(cel(), 64),
    `Field of the event (type, at, post_id, user_id, author_id, user.followers, attributes.x, …) to CEL over ${over}`,
  ),
  timeUnit: rolling(
    timeUnit(),
    'Unit of what the mapping gives for `at` and `user.created_at`: since the epoch, or text as in 2026-11-21T03:00:00Z.',
  ),
});

const ReplayFile = z.strictObject({
  path: rolling(
    text(1024),
    "File: relative to the data folder that the runner was given, else to the resource's file; or s3:// or https://.",
  ),
  format: rolling(z.enum(['Csv', 'JsonLines']), 'Form of the rows.'),
  compression: rolling(
    z.enum(['None', 'Gzip', 'Bzip2', 'Zstd']).optional(),
    'Compression. Absent: by the ending .gz, .bz2 or .zst.',
  ),
  where: rolling(cel().optional(), 'CEL over `row`: which rows are taken. Absent: all.'),
  ...mapping(
    '`row` (the columns as text, or the JSON value), `first` (no earlier row had this post_id) and `root` (the row of the post). Without id, an event is named by its file and line.',
  ),
});

const tick = () =>
  rolling(positiveDuration().prefault('1s'), 'Events are given on in slices of event time of this length.');

const Replay = z.strictObject({
  files: rolling(listOf(ReplayFile, { min: 1, max: 64 }), 'Files, read as one stream in the order of event time.'),
  speed: rolling(speed().prefault('Max'), 'Seconds of event time in a real second; Max: as fast as possible.'),
  tick: tick(),
  order: rolling(
    z.enum(['InOrder', 'Sort']).default('InOrder'),
    'Whether each file is in the order of event time, or has to be sorted in memory.',
  ),
  onBadRow: rolling(
    z.enum(['DeadLetter', 'Stop']).default('DeadLetter'),
    'A row that cannot be used goes to the dead letters, or ends the replay.',
  ),
});

const Generator = z.strictObject({
  seed: recreate(z.int().default(1), 'Equal seeds give equal events.'),
  startAt: recreate(instant().prefault('2026-01-01T00:00:00Z'), 'Time of the first event, UTC.'),
  rate: rolling(z.number().gt(0).max(100_000_000).default(100), 'New posts an hour of event time, on average.'),
  authors: rolling(
    z.int().min(1).max(10_000_000).default(2000),
    'Number of authors; their audiences are heavy-tailed.',
  ),
  duration: rolling(positiveDuration().optional(), 'Length in event time. Absent: without end.'),
  speed: rolling(speed().prefault(1), 'Seconds of event time in a real second; Max: as fast as possible.'),
  tick: tick(),
  maxOutOfOrderness: rolling(duration().prefault('5s'), 'Events come so much out of order, at most.'),
  lateShare: rolling(fraction().default(0.001), 'Share of events that come later than that.'),
  duplicateShare: rolling(fraction().default(0.001), 'Share of events that come twice.'),
  deleteShare: rolling(fraction().default(0.01), 'Share of posts that are deleted again.'),
});

const Bluesky = z.strictObject({
  instances: rolling(
    listOf(url('wss', 'ws'), { min: 1, max: 16 }).prefault([
      'wss://jetstream2.us-east.bsky.network/subscribe',
      'wss://jetstream1.us-east.bsky.network/subscribe',
      'wss://jetstream2.us-west.bsky.network/subscribe',
      'wss://jetstream1.us-west.bsky.network/subscribe',
    ]),
    'Jetstream instances, tried in turn. Those that end in /xrpc/network.bsky.jetstream.subscribeEvents speak version 2 of its wire.',
  ),
  collections: rolling(
    listOf(text(256), { min: 1, max: 100 }).prefault([
      'app.bsky.feed.post',
      'app.bsky.feed.like',
      'app.bsky.feed.repost',
    ]),
    'Kinds of records to follow.',
  ),
  accounts: rolling(listOf(text(256), { max: 10_000 }).prefault([]), 'Only these accounts (DIDs). Empty: all.'),
  compression: rolling(
    z.enum(['None', 'Zstd']).default('None'),
    'Compression on the wire; Zstd needs version 2 of it, where an instance gives its dictionary.',
  ),
  startAt: recreate(instant().optional(), 'Where to begin the first time, UTC. Absent: now.'),
  cursorRewind: rolling(
    duration().prefault('5s'),
    'How far to go back behind the saved cursor on reconnect; repeats are dropped.',
  ),
  heartbeatTimeout: rolling(positiveDuration().prefault('20s'), 'Silence after which the connection counts as dead.'),
  backoff: rolling(backoff({ initial: '250ms', max: '16s' }).prefault({}), 'Waits between connections.'),
});

const HttpSource = withRules(
  z.strictObject({
    path: rolling(
      z
        .string()
        .max(256)
        .regex(/^\/[A-Za-z0-9/_-]*$/)
        .default('/v1/events'),
      'Path that takes events: one, a batch as a JSON list, or NDJSON. In a cluster the source has a Service of its own, to which the ingress of the API leads by this path.',
    ),
    apiKeysRef: rolling(secretKeyReference().optional(), 'Keys that may send, one a line.'),
    hmac: rolling(
      z
        .strictObject({
          secretRef: rolling(secretKeyReference(), 'Shared secret.'),
          header: rolling(
            text(128).default('x-signature-256'),
            'Header with the HMAC-SHA256 of the body, hexadecimal.',
          ),
        })
        .optional(),
      'Signed requests instead of keys.',
    ),
    mapping: rolling(mapOf(cel(), 64).optional(), 'As in files, where senders do not send our events. CEL over `row`.'),
    timeUnit: rolling(timeUnit(), 'Unit of what the mapping gives for `at`.'),
    maxBatch: live(z.int().min(1).max(100_000).default(1000), 'Events in a request, at most.'),
    maxBody: live(quantity().prefault('1Mi'), 'Size of a request, at most.'),
    maxBehind: live(positiveDuration().prefault('10s'), 'Requests are refused with 429 when ingest is so far behind.'),
  }),
  [
    {
      cel: '!(has(self.apiKeysRef) && has(self.hmac))',
      message: 'give apiKeysRef or hmac, not both',
      holds: ({ apiKeysRef, hmac }) => apiKeysRef === undefined || hmac === undefined,
    },
  ],
);

const KafkaSource = z.strictObject({
  brokers: rolling(
    listOf(address(), { max: 16 }).prefault([]),
    'Brokers of another cluster, host:port. Empty: those of the pipeline.',
  ),
  topic: recreate(topicName(), 'Topic to read.'),
  group: recreate(text(200).optional(), 'Consumer group. Absent: made from the names of pipeline and source.'),
  startFrom: recreate(z.enum(['Earliest', 'Latest']).default('Latest'), 'Where a new group begins.'),
  ...mapping('`row`, the JSON value of a record. Without id, an event is named by its partition and offset.'),
  sasl: rolling(sasl().optional(), 'Log-in.'),
  tls: rolling(tls().optional(), 'Encryption.'),
});

const readers = {
  replay: recreate(Replay.optional(), 'Files with past events.'),
  generator: recreate(Generator.optional(), 'Made-up posts and cascades, equal for equal seeds.'),
  bluesky: recreate(Bluesky.optional(), 'The Bluesky network, through Jetstream.'),
  x: recreate(XSource.optional(), 'X, API v2.'),
  mastodon: recreate(MastodonSource.optional(), 'Mastodon, streaming API.'),
  http: recreate(HttpSource.optional(), 'Events that others push to our API.'),
  kafka: recreate(KafkaSource.optional(), "Another team's topic."),
};

const Source = withRules(
  z.strictObject({
    name: recreate(name(), 'Names the source, in events, metrics and programs.'),
    suspend: live(z.boolean().default(false), 'Stops it; it goes on from its cursor.'),
    ...readers,
    dedupe: rolling(
      z
        .strictObject({
          span: rolling(duration().prefault('1h'), 'Ids are remembered for this span of event time.'),
          maxIds: rolling(z.int().min(0).max(100_000_000).default(1_000_000), 'Ids remembered, at most.'),
        })
        .prefault({}),
      'How repeats are dropped.',
    ),
    maxFuture: live(
      positiveDuration().prefault('5m'),
      'An event so far ahead of the clock goes to the dead letters: it would close windows too early. Not for replay and generator.',
    ),
    standby: rolling(z.boolean().default(false), 'A second pod takes over at once when the first is gone.'),
    ...workload(),
  }),
  [exactlyOne(Object.keys(readers))],
);

export const sources = () => listByName(Source, { min: 1, max: 32 });
