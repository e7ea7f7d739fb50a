import { join } from 'node:path';
import { startAlerter } from '@groundswell/alerter';
import { type ApiRunning, type RolloutWish, startApi } from '@groundswell/api';
import { startFeed } from '@groundswell/feed';
import { type IngestProgram, type Program, type Topic, topicsOfProgram } from '@groundswell/graph';
import { createPushDoors, type IngestRunning, startIngest } from '@groundswell/ingest';
import type { ScoreItems } from '@groundswell/pod';
import { type Clock, createMetrics, createValues, type Logger, type Running } from '@groundswell/process';
import { type RecommendRunning, startRecommend } from '@groundswell/recommend';
import { startRollout } from '@groundswell/rollout';
import { createDoors, type DoorName, type ScorerRunning, startScorer } from '@groundswell/scorer';
import type { Ports, TopicSpec } from '@groundswell/stores';
import { createEmbeddedStores, type EmbeddedStores } from '@groundswell/stores/embedded';
import { openTracing } from '@groundswell/tracing';
import { startTrainer } from '@groundswell/trainer';
import { startWindow } from '@groundswell/window';
import { createRunner, healthOf, type Runner } from './runner.ts';
import { createStatusReader, type StatusReader } from './status.ts';

export interface PipelineOptions {
  readonly programs: readonly Program[];
  /** Where relative paths of the resources begin. */
  readonly directory: string;
  /** Where replayed files lie, when not beside the resources. */
  readonly dataDirectories: readonly string[];
  /** Of this process: may hold values of Secrets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Keeps everything there; in memory without. */
  readonly stateDirectory?: string;
  /**
   * Records go once every program has read them, and not after their retention. For runs in which no program is changed:
   * a window that is defined anew is made of what the log still holds.
   */
  readonly dropsRead?: boolean;
  /** Where trainers keep rows and publish what they made. Without it, no trainer starts. */
  readonly trainingDirectory?: string;
  /** Without it, no API is started. */
  readonly http?: { readonly host: string; readonly port: number; readonly uiDirectory?: string };
  /** Where models take requests (Open Inference Protocol). Without it they take none. */
  readonly requests?: { readonly host: string; readonly ports: Readonly<Record<DoorName, number>> };
  /** Uniform in [0, 1), for runs that shall be the same each time. Absent: that of the runtime. */
  readonly random?: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A pipeline running in this process on the embedded stores. */
export interface LocalPipeline {
  readonly runner: Runner;
  readonly stores: EmbeddedStores;
  readonly status: StatusReader;
  /** Every source has come to its end, or stands where it cannot go on. */
  isDone(): boolean;
  scorers(): readonly ScorerRunning[];
  /** Where the API listens. */
  url(): string | undefined;
  /** Addresses at which sources take events that others push. */
  pushUrls(): readonly string[];
  /** Ports at which models take requests. */
  requestPorts(): Partial<Record<DoorName, number>>;
  close(): Promise<void>;
}

/**
 * How long the embedded log keeps records, wall time in ms. Every program reads in every cycle, so this is only for
 * readers that look in now and then; state lies in checkpoints, and what they have not seen was not committed either.
 */
const retentionMs = 15_000;

const embedded = (program: Program, { name, compacted, retentionMs: wanted }: Topic): TopicSpec => {
  if (compacted === true) return { name, partitions: 1, compacted };
  // Nobody has read these when they are written: a person will.
  const isKept = 'deadLetters' in program && program.deadLetters.name === name;
  return { name, partitions: 1, retentionMs: isKept ? (wanted ?? retentionMs) : retentionMs };
};

/** Opens the stores, creates the topics and starts all programs. @throws Error where the stores cannot be opened */
export const startPipeline = async (options: PipelineOptions): Promise<LocalPipeline> => {
  const { programs, directory, dataDirectories, stateDirectory, trainingDirectory } = options;
  const { http, requests, clock, logger } = options;
  const stores = await createEmbeddedStores({
    clock,
    logger,
    dropsRead: options.dropsRead === true,
    ...(stateDirectory === undefined ? {} : { directory: stateDirectory }),
  });
  const metrics = createMetrics({ exemplars: programs.some(({ traces }) => traces !== undefined) });
  const shared: Ports = { ...stores, clock, logger, metrics, alone: true };
  const doors = requests && createDoors({ ...requests, metrics, logger });
  const values = createValues({ directories: [directory, ...dataDirectories], env: options.env ?? {} });
  const push = createPushDoors();
  let ownPushUrl: string | undefined;
  /** Sources take events at the server of the API, or at one of their own where there is no API. */
  const openPush = async (program: IngestProgram): Promise<void> => {
    if (program.source.reader.kind !== 'http' || programs.some(({ kind }) => kind === 'api')) return;
    if (http === undefined) throw new Error(`Cannot start "${program.name}": this run takes no requests`);
    ownPushUrl ??= await push.listen(http);
  };
  /** Time runs as fast as the programs can work. */
  const isReplayed = programs.some(
    (program) => program.kind === 'ingest' && 'speed' in program.source.reader && program.source.reader.speed === 'max',
  );
  const startProgram = async (program: Program): Promise<Running> => {
    const tracing = await openTracing(program, values);
    const running = await startWith(program, { ...shared, tracing });
    if (tracing === undefined) return running;
    return { ...running, stop: () => running.stop().finally(tracing.close) };
  };
  const startWith = async (program: Program, ports: Ports): Promise<Running> => {
    await stores.log.createTopics(topicsOfProgram(program).map((topic) => embedded(program, topic)));
    switch (program.kind) {
      case 'ingest':
        await openPush(program);
        return startIngest(program, ports, { directory, dataDirectories, values, doors: push });
      case 'window':
        return startWindow(program, ports);
      case 'scorer':
        return startScorer(program, ports, {
          directory,
          ...(stateDirectory !== undefined && { cache: join(stateDirectory, 'artifacts') }),
          ...(doors !== undefined && { doors }),
        });
      case 'rollout':
        return startRollout(program, ports);
      case 'alerter':
        return startAlerter(program, ports, { values });
      case 'feed':
        return startFeed(program, ports);
      case 'recommend':
        return startRecommend(program, ports, {
          scoreItems,
          values,
          ...(options.random && { random: options.random }),
        });
      case 'api': {
        if (http === undefined) throw new Error(`Cannot start "${program.name}": this run has no API`);
        return startApi(program, ports, {
          ...http,
          values,
          status: () => status.read(),
          push: push.handle,
          decide,
          recommender,
          scoreItems,
        });
      }
      case 'trainer': {
        if (trainingDirectory === undefined) throw new Error(`Cannot start "${program.name}": this run trains nothing`);
        return startTrainer(program, ports, { directory, dataDirectory: trainingDirectory, waits: isReplayed });
      }
    }
  };

  /** Called, where a pod asks over HTTP. */
  const scoreItems: ScoreItems = async (request, timeoutMs) => {
    const scorer = running<ScorerRunning>('scorer').find(({ name }) => name === `scorer-${request.model}`);
    if (scorer === undefined) throw new Error(`Cannot score by "${request.model}": its scorer does not run`);
    const startedAt = performance.now();
    return scorer.score(request, { startedAt, deadline: startedAt + timeoutMs });
  };
  const decide = ({ model, decision, challenger, step }: RolloutWish): void =>
    runner.say(model, decision === 'promote' ? { promote: `${challenger}@${step}` } : { abort: challenger });
  const recommender = (name: string) =>
    running<RecommendRunning>('recommend').find((one) => one.name === `recommend-${name}`)?.door;

  const runner = await createRunner(programs, { start: startProgram, commit: () => stores.commit(), logger });
  const status = createStatusReader(programs[0]?.pipeline ?? '', runner, clock);
  const running = <R extends Running>(kind: Program['kind']): readonly R[] =>
    runner
      .units()
      .flatMap((unit) => (unit.program.kind === kind && unit.running !== undefined ? [unit.running as R] : []));

  return {
    runner,
    stores,
    status,
    isDone: () =>
      runner.units().every((unit) => {
        if (unit.program.kind !== 'ingest' || unit.running === undefined) return true;
        return healthOf(unit).kind === 'stalled' || (unit.running as IngestRunning).progress().done;
      }),
    scorers: () => running<ScorerRunning>('scorer'),
    url: () => running<ApiRunning>('api')[0]?.url,
    pushUrls: () =>
      runner.units().flatMap(({ program }) => {
        const base = ownPushUrl ?? running<ApiRunning>('api')[0]?.url;
        if (base === undefined || program.kind !== 'ingest' || program.source.reader.kind !== 'http') return [];
        return [`${base}${program.source.reader.path}`];
      }),
    requestPorts: () => doors?.ports() ?? {},
    close: async () => {
      await doors?.close();
      await runner.stop();
      await stores.close();
    },
  };
};
