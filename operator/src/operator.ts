import { topicsOnKafka } from '@groundswell/graph';
import type { Logger, Metrics } from '@groundswell/process';
import { runController } from './engine/controller.ts';
import type { Kube } from './engine/kube/kube.ts';
import { typeName } from './engine/kube/objects.ts';
import { createEngineMetrics } from './engine/metrics.ts';
import { createQueue, systemTimers } from './engine/queue.ts';
import { sleep } from './engine/sleep.ts';
import { followApis } from './gather/apis.ts';
import { type Caches, startCaches } from './gather/caches.ts';
import { followReports } from './gather/follow-reports.ts';
import { askPod, createReports } from './gather/reports.ts';
import { followSleepers } from './kafka/follow-sleepers.ts';
import { createTopicMaker } from './kafka/make-topics.ts';
import { createKafkas } from './kafka/open-kafka.ts';
import type { PlanSettings } from './plan/plan.ts';
import { createReconcile } from './reconcile.ts';
import { createRecorder } from './report/events.ts';
import { optionalTypes } from './resource-types.ts';
import { createScaler } from './scale/scaler.ts';

export interface OperatorOptions {
  readonly kube: Kube;
  /** None: all. */
  readonly namespaces: readonly string[];
  readonly settings: PlanSettings;
  readonly identity: string;
  readonly version: string;
  readonly workers: number;
  readonly resyncMs: number;
  /** How often programs are asked for what they do, and how old rates in a status may become, ms. */
  readonly reportMs: number;
  readonly statusMs: number;
  /** How often it is asked which APIs of others there are, ms. */
  readonly apisMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told when everything has been listed, and of the caches for as long as it runs. */
  readonly onSynced?: (caches: Caches) => void;
}

/** Looks after pipelines until the signal comes; then finishes what it has in hand. */
export const runOperator = async (options: OperatorOptions, signal: AbortSignal): Promise<void> => {
  const { kube, logger, metrics, workers } = options;
  const watched = createEngineMetrics(metrics, 'pipeline');
  const queue = createQueue({
    timers: systemTimers,
    random: Math.random,
    initialMs: 100,
    maxMs: 60_000,
    ...watched.queue,
  });
  const watching = new AbortController();
  const caches = startCaches({
    kube,
    namespaces: options.namespaces,
    signal: watching.signal,
    onChange: queue.add,
    onError: ({ resource, error, retryInMs }) =>
      logger.warn({ resource, err: error, retryInMs: Math.round(retryInMs) }, 'lost a watch, going on'),
  });
  const apis = followApis({
    kube,
    types: optionalTypes,
    timers: systemTimers,
    everyMs: options.apisMs,
    signal: watching.signal,
    onChange: (type, served) => {
      logger.info({ resource: typeName(type), served }, 'an API of others came or went');
      return caches.serve(type, served);
    },
    onError: (error) => logger.warn({ err: error }, 'could not ask which APIs there are, trying again'),
  });
  const stop = () => queue.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([Promise.all([caches.synced, apis.first]), aborted(signal)]);
    if (signal.aborted) return;
    options.onSynced?.(caches);
    logger.info({ ...caches.sizes() }, 'knows the cluster');
    const reports = createReports({
      ask: askPod,
      parallel: 16,
      onError: (pod, error) => logger.debug({ pod, err: error }, 'could not read the report of a pod'),
    });
    const scaler = createScaler(Date.now);
    const kafkas = createKafkas(kube, signal);
    const topics = createTopicMaker({
      open: kafkas.open,
      timers: systemTimers,
      random: Math.random,
      onError: (key, error) => logger.warn({ pipeline: key, err: error }, 'could not make topics, trying again'),
    });
    signal.addEventListener('abort', topics.close, { once: true });
    const reconcile = createReconcile({
      kube,
      observe: (key) => {
        const known = caches.observe(key);
        return { ...known, reports: reports.of(known.pods), scaling: scaler.decisions(key) };
      },
      settings: options.settings,
      record: createRecorder({
        kube,
        instance: options.identity,
        now: Date.now,
        onError: (error) => logger.warn({ err: error }, 'could not write an Event'),
      }),
      now: Date.now,
      version: options.version,
      onPlanned: (key, { scaled, compiled: { pipelines, programs } }) => {
        const [pipeline] = pipelines;
        kafkas.know(key, pipeline);
        // The small one for trying out is left to the programs, which come with it.
        const isMaker = pipeline?.kafka !== undefined && pipeline.topics.by === 'Operator';
        topics.want(key, isMaker ? topicsOnKafka(programs) : []);
        scaler.follow(key, scaled);
      },
      onWrites: ({ key, objects, statuses }) => {
        if (objects > 0 || statuses > 0) logger.info({ pipeline: key, objects, statuses }, 'brought up to date');
      },
    });
    await Promise.all([
      runController({
        queue,
        workers,
        reconcile,
        now: systemTimers.now,
        onResult: (result) => {
          watched.result(result);
          if (result.result === 'error')
            logger.error({ pipeline: result.key, err: result.error }, 'could not bring up to date, trying again');
        },
      }),
      topics.run(),
      resync(options, { caches, add: queue.add, signal }),
      followReports({
        reports,
        pods: caches.pods,
        timers: systemTimers,
        everyMs: options.reportMs,
        refreshMs: options.statusMs,
        signal,
        onLook: (key, said) => {
          if (scaler.look(key, said)) queue.add(key);
        },
        onNews: queue.add,
      }),
      followSleepers({
        scaler,
        open: kafkas.open,
        parallel: 4,
        timers: systemTimers,
        now: Date.now,
        everyMs: options.reportMs,
        signal,
        onError: (key, error) =>
          logger.warn({ pipeline: key, err: error }, 'could not ask Kafka what waits: no pods are taken away'),
        onNews: queue.add,
      }),
    ]);
  } finally {
    signal.removeEventListener('abort', stop);
    queue.close();
    watching.abort();
    await apis.stopped;
    await caches.stopped();
  }
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Looks at everything now and then: what no watch tells (another version of the operator, say) is found too. */
const resync = async (
  { resyncMs }: OperatorOptions,
  {
    caches,
    add,
    signal,
  }: { readonly caches: Caches; readonly add: (key: string) => void; readonly signal: AbortSignal },
): Promise<void> => {
  while (!signal.aborted) {
    for (const key of caches.keys()) add(key);
    await sleep(resyncMs, systemTimers, signal);
  }
};
