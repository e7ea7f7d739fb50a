import { join } from 'node:path';
import { type ApiOptions, type ApiRunning, startApi } from '@groundswell/api';
import { ApiProgram } from '@groundswell/graph';
import { createLogger, createMetrics, createValues, runUntilStopped, systemClock } from '@groundswell/process';
import type { KeyValue, Ports } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import type { PipelineStatus } from '@groundswell/wire';
import { model, pipeline, statusAt } from './rows.ts';

const uiDirectory = join(import.meta.dirname, '..', '..', 'runtimes', 'ui', 'dist');

/** The API with the built page on an in-memory store, running as in a pod. */
export interface World {
  readonly url: string;
  readonly keyValue: KeyValue;
  stop(): Promise<void>;
  /** On the same port. */
  startAgain(): Promise<void>;
}

export interface WorldOptions {
  readonly program?: Partial<ApiProgram>;
  readonly status?: () => PipelineStatus;
  /** May hold values of Secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly decide?: NonNullable<ApiOptions['decide']>;
  /** Made before anything starts. */
  readonly topics?: readonly string[];
}

const programOf = (changes: Partial<ApiProgram> = {}): ApiProgram =>
  ApiProgram.parse({
    kind: 'api',
    name: 'api',
    pipeline,
    revision: 'r1',
    models: [{ name: model, features: [], atMs: [], variants: [] }],
    windows: [],
    heatmap: { window: 'engagement', key: 'engagement' },
    access: {
      ...{ anonymous: 'Read', perSecond: 1_000_000, burst: 1_000_000, forwarded: false, origins: [] },
      maxBodyBytes: 1_048_576,
    },
    ui: true,
    ...changes,
  });

export const createWorld = async ({
  program,
  status,
  decide,
  env = {},
  topics = [],
}: WorldOptions = {}): Promise<World> => {
  const logger = createLogger('test', 'silent');
  const stores = await createEmbeddedStores({ clock: systemClock, logger });
  await stores.log.createTopics(topics.map((name) => ({ name, partitions: 1 })));
  const ports: Ports = { ...stores, clock: systemClock, logger, metrics: createMetrics() };
  let stopping = new AbortController();
  let ended: Promise<void> = Promise.resolve();

  const start = async (port: number): Promise<ApiRunning> => {
    const values = createValues({ directories: [], env });
    const options = {
      host: '127.0.0.1',
      port,
      values,
      uiDirectory,
      ...(decide && { decide }),
      status: status ?? (() => statusAt(systemClock.now())),
    };
    const api = await startApi(programOf(program), ports, options);
    stopping = new AbortController();
    ended = runUntilStopped(api, {
      log: logger,
      signal: stopping.signal,
      saveEveryMs: 60_000,
      now: () => systemClock.now(),
    });
    return api;
  };
  const { url } = await start(0);
  return {
    url,
    keyValue: stores.keyValue,
    stop: async () => {
      stopping.abort();
      await ended;
    },
    startAgain: async () => {
      await start(Number(new URL(url).port));
    },
  };
};
