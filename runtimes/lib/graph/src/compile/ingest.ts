import { suggest } from '@groundswell/cel';
import type { ViralityPipeline } from '@groundswell/crds';
import { eventFields, isEventField, mappingEnvironment, rowEnvironment } from '../environments.ts';
import type { Path } from '../problem.ts';
import type { BlueskyReader, GeneratorReader, IngestProgram, ReplayReader } from '../programs/index.ts';
import type { PipelineContext, PipelineReading } from './context.ts';
import type { Unhashed } from './revision.ts';

type Source = ViralityPipeline['spec']['sources'][number];
type Replay = NonNullable<Source['replay']>;
type ReplayFile = Replay['files'][number];

/** A program for each source, in their order; undefined where there is none for it. */
export const compileSources = (context: PipelineContext): readonly (Unhashed<IngestProgram> | undefined)[] =>
  context.reading.spec.sources.map((source, i) => compileSource(context, source, i));

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
  const maxFuture = reader?.kind === 'bluesky' ? { maxFutureMs: source.maxFuture } : {};
  if (reader === undefined) return undefined;
  return {
    kind: 'ingest',
    name: `ingest-${sourceName}`,
    pipeline: name,
    source: { name: sourceName, reader },
    output: topics.events,
    keyBy,
    deadLetters: topics.deadLetters,
    dedupe: { spanMs: span, maxIds },
    ...maxFuture,
  };
};

const readerOf = (
  reading: PipelineReading,
  source: Source,
  path: Path,
): ReplayReader | GeneratorReader | BlueskyReader | undefined => {
  if (source.replay !== undefined) return replayOf(reading, source.replay, [...path, 'replay']);
  if (source.generator !== undefined) return generatorOf(source.generator);
  if (source.bluesky !== undefined) return blueskyOf(source.bluesky);
  for (const kind of ['x', 'mastodon', 'http', 'kafka'] as const)
    if (source[kind] !== undefined) reading.notYet([...path, kind], 'use generator, replay or bluesky');
  return undefined;
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

const blueskyOf = (bluesky: NonNullable<Source['bluesky']>): BlueskyReader => {
  const { instances, collections, accounts, startAt, cursorRewind, heartbeatTimeout, backoff } = bluesky;
  return {
    kind: 'bluesky',
    instances: [...instances],
    collections: [...collections],
    ...(accounts.length === 0 ? {} : { accounts: [...accounts] }),
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
const timeUnits = { Seconds: 's', Milliseconds: 'ms', Microseconds: 'us', Iso8601: 'iso' } as const;
const endings = { '.gz': 'gzip', '.bz2': 'bzip2', '.zst': 'zstd' } as const;

const compressionOf = ({ path, compression }: ReplayFile): ProgramFile['compression'] => {
  if (compression !== undefined) return compressions[compression];
  return Object.entries(endings).find(([ending]) => path.endsWith(ending))?.[1] ?? 'none';
};

const replayFileOf = (reading: PipelineReading, file: ReplayFile, path: Path): ProgramFile => {
  if (/^[a-z0-9]+:\/\//.test(file.path))
    reading.refuse([...path, 'path'], `Cannot read ${JSON.stringify(file.path)}: only local files are supported yet`);
  const mapping = { ...file.mapping };
  for (const [field, source] of Object.entries(mapping)) {
    const environment = early.includes(field) ? rowEnvironment : mappingEnvironment;
    reading.expression([...path, 'mapping', field], source, environment);
    checkTarget(reading, field, [...path, 'mapping', field]);
  }
  const lacking = required.filter((field) => !(field in mapping));
  if (lacking.length > 0)
    reading.refuse(
      [...path, 'mapping'],
      `Cannot make events of the rows: the mapping lacks ${lacking.join(', ')}, each event needs them`,
    );
  return {
    path: file.path,
    format: formats[file.format],
    compression: compressionOf(file),
    ...(file.where === undefined ? {} : { where: reading.expression([...path, 'where'], file.where, rowEnvironment) }),
    mapping,
    timeUnit: timeUnits[file.timeUnit],
  };
};

/** What an event cannot be without and nobody else can know. */
const required: readonly string[] = ['type', 'at', 'post_id', 'user_id', 'author_id'];

/** They decide which row is the first of its post, so they cannot ask for it. */
const early: readonly string[] = ['at', 'post_id'];

/** Set by ingest itself. */
const own: readonly string[] = ['source', 'ingested_at'];

const targets = eventFields.filter((field) => !own.includes(field));

const checkTarget = (reading: PipelineReading, field: string, path: Path): void => {
  const cannot = `Cannot map to ${JSON.stringify(field)}`;
  if (own.includes(field)) reading.refuse(path, `${cannot}: ingest sets it itself, remove it`);
  else if (!isEventField(field))
    reading.refuse(path, `${cannot}: events have no such field, ${suggest(field, targets)}`);
};
