import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IngestProgram } from '@groundswell/graph';
import { createValues, type Values } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { loadCheckpoint, writtenSince } from './checkpoint.ts';
import { createIngest, type IngestRunning } from './ingest.ts';
import { createPushDoors, type PushDoors } from './push-doors.ts';
import { openReader } from './readers/open.ts';
import { createSeenIds } from './seen-ids.ts';
import type { Socket, World } from './source-reader.ts';

export interface IngestOptions {
  /** Of the resource's file: where relative paths begin. */
  readonly directory: string;
  /** Looked through first for relative paths, in this order. */
  readonly dataDirectories?: readonly string[];
  /** Where values of Secrets are. Absent: nowhere. */
  readonly values?: Values;
  /** Where others push events to. Absent: nowhere. */
  readonly doors?: PushDoors;
  /** For tests: what readers wait with, draw lots with and connect with. */
  readonly world?: Partial<Pick<World, 'sleep' | 'random' | 'openSocket'>>;
}

/**
 * Starts a source where it was last saved, else at its beginning. The topics have to exist.
 *
 * @throws Error when the source cannot be read as configured; the message says what is needed
 */
export const startIngest = async (
  program: IngestProgram,
  ports: Ports,
  options: IngestOptions,
): Promise<IngestRunning> => {
  const restored = await loadCheckpoint(ports.checkpoints, program.name);
  const reader = await openReader(program.source, worldOf(ports, options), restored?.cursor);
  const written = new Set(restored?.written);
  if (restored !== undefined) {
    const since = { ends: restored.ends, source: program.source.name };
    for (const id of await writtenSince(ports.log, program.output.name, since)) written.add(id);
  }
  const running = createIngest({
    program,
    ports,
    producer: await ports.log.producer(),
    reader,
    state: { seen: createSeenIds(program.dedupe, restored?.seen), written },
    restored,
  });
  // So that even a crash before the first save knows from where in the log to look for what was written.
  if (restored === undefined) await running.save();
  return running;
};

const worldOf = (
  { clock, logger, log }: Ports,
  { directory, dataDirectories = [], world, values, doors }: IngestOptions,
): World => ({
  clock,
  logger,
  log,
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(ignoreAbort);
  },
  random: Math.random,
  // Headers are Node's own addition to what browsers have.
  openSocket: (url, headers = {}) => new WebSocket(url, { headers } as unknown as string) as unknown as Socket,
  values: values ?? createValues({ directories: [], env: {} }),
  doors: doors ?? createPushDoors(),
  resolvePath: (path) => {
    if (isAbsolute(path)) return path;
    const places = [...dataDirectories, directory].map((place) => resolve(place, path));
    return places.find((place) => existsSync(place)) ?? (places[0] as string);
  },
  ...world,
});

const ignoreAbort = (error: unknown): void => {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
};
