import type { ViralityPipeline } from '@groundswell/crds';
import { rowEnvironment } from '../environments.ts';
import type { Path } from '../problem.ts';
import type { BlueskyReader, GeneratorReader, IngestProgram, ReplayReader } from '../programs/index.ts';
import { groupOf, speaksEvents } from '../programs/index.ts';
import type { PipelineContext, PipelineReading } from './context.ts';
import { retriesOf } from './retries.ts';
import type { Unhashed } from './revision.ts';
import { httpOf } from './sources/http.ts';
import { kafkaOf } from './sources/kafka.ts';
import { mappingOf, timeUnits } from './sources/mapping.ts';
import { mastodonOf } from './sources/mastodon.ts';
import { xOf } from './sources/x.ts';

type Source = ViralityPipeline['spec']['sources'][number];
type Replay = NonNullable<Source['replay']>;
type ReplayFile = Replay['files'][number];
type Reader = IngestProgram['source']['reader'];

/** A program for each source, in their order; undefined where there is none for it. */
export const compileSources = (context: PipelineContext): readonly (Unhashed<IngestProgram> | undefined)[] => {
  refuseSharedPaths(context.reading);
  return context.reading.spec.sources.map((source, i) => compileSource(context, source, i));
};

const refuseSharedPaths = ({ spec, refuse }: PipelineReading): void => {
  for (const [i, { http }] of spec.sources.entries()) {
    const first = spec.sources.findIndex((other) => other.http !== undefined && other.http.path === http?.path);
    if (http !== undefined && first < i)
      refuse(
        ['sources', i, 'http', 'path'],
        `Cannot take events at "${http.path}": source "${spec.sources[first]?.name}" does, another path is needed`,
      );
  }
};

const compileSource = (
  { name, reading, topics }: PipelineContext,
  source: Source,
  i: number,
): Unhashed<IngestProgram> | undefined => {
  const reader = readerOf(reading, source, ['sources', i]);
  const { name: sourceName, dedupe } = source;
  const { span, maxIds } = dedupe;
  const keyBy = reading.spec.topics.events.key;
  // Made-up and past events have a time of their own, which no clock bounds.
  const maxFuture = reader !== undefined && hasOwnTime(reader) ? {} : { maxFutureMs: source.maxFuture };
  if (reader === undefined) return undefined;
  return {
    kind: 'ingest',
    name: programNameOf(source),
    pipeline: name,
    source: { name: sourceName, reader },
    output: topics.events,
    keyBy,
    deadLetters: topics.deadLetters,
    ...retriesOf(reading.spec.deadLetters),
    dedupe: { spanMs: span, maxIds },
    ...maxFuture,
  };
};

const programNameOf = ({ name }: Source): string => `ingest-${name}`;

const hasOwnTime = ({ kind }: Reader): boolean => kind === 'replay' || kind === 'generator';

const readerOf = (reading: PipelineReading, source: Source, path: Path): Reader | undefined => {
  if (source.replay !== undefined) return replayOf(reading, source.replay, [...path, 'replay']);
  if (source.generator !== undefined) return generatorOf(source.generator);
  if (source.bluesky !== undefined) return blueskyOf(reading, source.bluesky, [...path, 'bluesky']);
  if (source.http !== undefined) return httpOf(reading, source.http, [...path, 'http']);
  if (source.mastodon !== undefined) return mastodonOf(source.mastodon);
  if (source.x !== undefined) return xOf(reading, source.x, [...path, 'x']);
  if (source.kafka === undefined) return undefined;
  const group = groupOf({ pipeline: reading.name, name: programNameOf(source) });
  return kafkaOf(reading, source.kafka, { path: [...path, 'kafka'], group });
};

const generatorOf = (generator: NonNullable<Source['generator']>): GeneratorReader => {
  const { duration } = generator;
  return {
    kind: 'generator',
    seed: generator.seed,
    startAt: generator.startAt,
    postsPerHour: generator.rate,
    authors: generator.authors,
    ...(duration === undefined ? {} : { durationMs: duration }),
    speed: generator.speed,
    tickMs: generator.tick,
    maxOutOfOrdernessMs: generator.maxOutOfOrderness,
    lateShare: generator.lateShare,
    duplicateShare: generator.duplicateShare,
    deleteShare: generator.deleteShare,
  };
};

const blueskyOf = (reading: PipelineReading, bluesky: NonNullable<Source['bluesky']>, path: Path): BlueskyReader => {
  const { instances, collections, accounts, compression, startAt, cursorRewind, heartbeatTimeout, backoff } = bluesky;
  const first = instances.findIndex((instance) => !speaksEvents(instance));
  if (compression === 'Zstd' && first >= 0)
    reading.refuse(
      [...path, 'instances', first],
      `Cannot unpack what "${instances[first]}" sends: it gives nobody its dictionary; with compression: Zstd, an address that ends in /xrpc/network.bsky.jetstream.subscribeEvents is needed`,
    );
  return {
    kind: 'bluesky',
    instances: [...instances],
    collections: [...collections],
    ...(accounts.length === 0 ? {} : { accounts: [...accounts] }),
    ...(compression === 'Zstd' && { compression: 'zstd' as const }),
    ...(startAt === undefined ? {} : { startAt }),
    cursorRewindMs: cursorRewind,
    heartbeatTimeoutMs: heartbeatTimeout,
    backoff: { initialMs: backoff.initial, maxMs: backoff.max },
  };
};

const replayOf = (reading: PipelineReading, replay: Replay, path: Path): ReplayReader => ({
  kind: 'replay',
  files: replay.files.map((file, i) => replayFileOf(reading, file, [...path, 'files', i])),
  speed: replay.speed,
  tickMs: replay.tick,
  order: replay.order,
  onBadRow: replay.onBadRow,
});

type ProgramFile = ReplayReader['files'][number];

const formats = { Csv: 'csv', JsonLines: 'jsonl' } as const;
const compressions = { None: 'none', Gzip: 'gzip', Bzip2: 'bzip2', Zstd: 'zstd' } as const;
const endings = { '.gz': 'gzip', '.bz2': 'bzip2', '.zst': 'zstd' } as const;

const compressionOf = ({ path, compression }: ReplayFile): ProgramFile['compression'] => {
  if (compression !== undefined) return compressions[compression];
  return Object.entries(endings).find(([ending]) => path.endsWith(ending))?.[1] ?? 'none';
};

const replayFileOf = (reading: PipelineReading, file: ReplayFile, path: Path): ProgramFile => {
  if (/^[a-z0-9]+:\/\//.test(file.path))
    reading.refuse([...path, 'path'], `Cannot read ${JSON.stringify(file.path)}: only local files are supported yet`);
  return {
    path: file.path,
    format: formats[file.format],
    compression: compressionOf(file),
    ...(file.where === undefined ? {} : { where: reading.expression([...path, 'where'], file.where, rowEnvironment) }),
    mapping: mappingOf(reading, file.mapping, { path: [...path, 'mapping'], hasHistory: true }),
    timeUnit: timeUnits[file.timeUnit],
  };
};
