import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GeneratorReader, IngestProgram, ReplayReader } from '@groundswell/graph';
import { type Clock, createLogger, createMetrics } from '@groundswell/process';
import type { LogRecord, Ports } from '@groundswell/stores';
import {
  createMemoryCheckpoints,
  createMemoryKeyValue,
  createMemoryLog,
  createMemoryStates,
} from '@groundswell/stores/embedded';
import { DeadLetter, decodeJson, SocialEvent } from '@groundswell/wire';
import { onTestFinished } from 'vitest';
import type { IngestRunning } from '../ingest.ts';

/** A clock that stands until it is moved; `sleep` moves it. */
export interface HandClock extends Clock {
  set(at: number): void;
  sleep(ms: number): Promise<void>;
}

export const handClock = (start = Date.UTC(2026, 0, 1)): HandClock => {
  let now = start;
  return {
    now: () => now,
    set: (at) => {
      now = at;
    },
    sleep: async (ms) => {
      now += ms;
    },
  };
};

export const outputTopic = 'virality.events';
const deadLetterTopic = 'virality.dead-letters';

export const testPorts = async (partitions = 1, clock: Clock = handClock()): Promise<Ports> => {
  const log = createMemoryLog({ clock });
  await log.createTopics([
    { name: outputTopic, partitions },
    { name: deadLetterTopic, partitions: 1 },
  ]);
  return {
    log,
    clock,
    keyValue: createMemoryKeyValue({ clock }),
    checkpoints: createMemoryCheckpoints(),
    states: createMemoryStates(),
    metrics: createMetrics(),
    logger: createLogger('test', 'silent'),
  };
};

export const programOf = (
  reader: IngestProgram['source']['reader'],
  changes: Partial<Omit<IngestProgram, 'source'>> = {},
): IngestProgram => ({
  kind: 'ingest',
  name: 'ingest-demo',
  pipeline: 'virality',
  revision: 'r1',
  source: { name: 'demo', reader },
  output: { name: outputTopic },
  keyBy: 'post_id',
  deadLetters: { name: deadLetterTopic },
  dedupe: { spanMs: 3_600_000, maxIds: 100_000 },
  ...changes,
});

type FileConfig = ReplayReader['files'][number];

/** Columns `id, at, post, user`, in seconds. */
export const fileOf = (path: string, changes: Partial<FileConfig> = {}): FileConfig => ({
  path,
  format: 'csv',
  compression: 'none',
  timeUnit: 's',
  mapping: {
    id: 'row.id',
    type: "first ? 'post' : 'repost'",
    at: 'row.at',
    post_id: 'row.post',
    user_id: 'row.user',
    author_id: 'root.user',
  },
  ...changes,
});

export const replayOf = (files: readonly FileConfig[], changes: Partial<ReplayReader> = {}): ReplayReader => ({
  kind: 'replay',
  files: [...files],
  speed: 'max',
  tickMs: 1000,
  order: 'InOrder',
  onBadRow: 'DeadLetter',
  ...changes,
});

export const generatorOf = (changes: Partial<GeneratorReader> = {}): GeneratorReader => ({
  kind: 'generator',
  seed: 7,
  startAt: Date.UTC(2026, 0, 5),
  postsPerHour: 20,
  authors: 200,
  durationMs: 12 * 3_600_000,
  speed: 'max',
  tickMs: 60_000,
  maxOutOfOrdernessMs: 5000,
  lateShare: 0.01,
  duplicateShare: 0.02,
  deleteShare: 0.02,
  ...changes,
});

/** A folder with these files, gone after the test. */
export const folderWith = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-ingest-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
};

export const recordsOf = async ({ log }: Ports, topic: string): Promise<readonly LogRecord[]> => {
  const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
  const records: LogRecord[] = [];
  for (;;) {
    const batches = await consumer.poll({ maxRecords: 100_000, maxWaitMs: 0 });
    if (batches.length === 0) break;
    records.push(...batches.flatMap((batch) => batch.records));
  }
  await consumer.close();
  return records;
};

/** Events of the output topic, checked against the schema; watermarks left out. */
export const eventsOf = async (ports: Ports): Promise<readonly SocialEvent[]> =>
  (await recordsOf(ports, outputTopic)).flatMap(({ value }) =>
    value === null ? [] : [SocialEvent.parse(decodeJson(value))],
  );

export const deadLettersOf = async (ports: Ports): Promise<readonly DeadLetter[]> =>
  (await recordsOf(ports, deadLetterTopic)).map(({ value }) => DeadLetter.parse(decodeJson(value as Uint8Array)));

/** Steps until the source has ended or stalled, or so often. */
export const drain = async (running: IngestRunning, mostSteps = 100_000): Promise<void> => {
  for (let step = 0; step < mostSteps; step++) {
    if (running.progress().done || running.health().kind === 'stalled') return;
    await running.step({ maxWaitMs: 0 });
  }
};
