import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadings } from '@groundswell/api';
import type { Program } from '@groundswell/graph';
import { createLogger, systemClock } from '@groundswell/process';
import { loadPrograms, ResourceProblemsError } from '../load.ts';
import { type LocalPipeline, startPipeline } from '../pipeline.ts';
import { watchFiles } from '../reload.ts';
import { baseDirectoryOf, readResources, UnreadableResourcesError } from '../resources.ts';
import { run } from '../runner.ts';
import { renderProgress } from '../terminal/progress.ts';
import { createScreen, type Screen } from '../terminal/screen.ts';
import { type ProgramReport, renderSummary } from '../terminal/summary.ts';
import { renderTop } from '../terminal/top.ts';

export interface UpOptions {
  readonly file: readonly string[];
  readonly data: readonly string[];
  readonly dataDir?: string;
  /** ms. */
  readonly saveEvery: number;
  readonly host: string;
  readonly port: number;
  readonly httpPort?: number;
  readonly grpcPort?: number;
  readonly speed?: number | 'max';
  readonly exitWhenDone?: boolean;
  /** Trains by the schedule of the resources. */
  readonly train?: boolean;
  readonly reload: boolean;
  readonly logLevel: string;
}

const uiDirectory = join(import.meta.dirname, '..', '..', '..', 'ui', 'dist');

/** `--speed` stands above what the sources say. */
const atSpeed = (program: Program, speed: number | 'max' | undefined): Program => {
  if (speed === undefined || program.kind !== 'ingest' || !('speed' in program.source.reader)) return program;
  return { ...program, source: { ...program.source, reader: { ...program.source.reader, speed } } };
};

/** A run that takes any free port for its page does so for its models, too. */
const requestPortsOf = ({ port, httpPort, grpcPort }: UpOptions) =>
  port === 0 ? { http: httpPort ?? 0, grpc: grpcPort ?? 0 } : { http: httpPort ?? 8000, grpc: grpcPort ?? 8001 };

/** Where models take requests, for people. */
const modelsOf = (pipeline: LocalPipeline, host: string): readonly string[] => {
  const { http, grpc } = pipeline.requestPorts();
  const at = [
    ...(http === undefined ? [] : [`http://${host}:${http}/v2`]),
    ...(grpc === undefined ? [] : [`${host}:${grpc} (gRPC)`]),
  ];
  return at.length === 0 ? [] : [`Models take requests at ${at.join(' and ')}`];
};

const load = async ({
  file,
  speed,
  train = false,
}: UpOptions): Promise<{ programs: readonly Program[]; warnings: readonly string[] }> => {
  const { programs, warnings } = await loadPrograms(file, 'local');
  const wanted = programs.filter(({ kind }) => train || kind !== 'trainer');
  return { programs: wanted.map((program) => atSpeed(program, speed)), warnings };
};

/** Aborts on the first Ctrl-C or SIGTERM, so that everything drains; a second one ends the process at once. */
const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  return controller.signal;
};

/** What ails, one line for each program that does not work. */
const ailments = (pipeline: LocalPipeline): readonly string[] =>
  pipeline.status
    .read()
    .programs.flatMap(({ name, health }) =>
      health.kind === 'ready' || health.message === '' ? [] : [`${name} ${health.kind}: ${health.message}`],
    );

const topOf = async (pipeline: LocalPipeline): Promise<readonly string[]> => {
  const scorer = pipeline.runner
    .units()
    .map(({ program }) => program)
    .find((program) => program.kind === 'scorer');
  if (scorer === undefined) return [];
  const top = await createReadings(pipeline.stores.keyValue, scorer.pipeline).top(
    { name: scorer.model, outcome: scorer.outcome },
    { limit: 10 },
  );
  return renderTop(top, process.stdout.columns ?? 120);
};

const progressOf = (pipeline: LocalPipeline, startedAt: number): string => {
  const { events, event_time } = pipeline.status.read();
  return renderProgress(pipeline.isDone() ? 'Replayed to the end' : 'Running', {
    events: events ?? 0,
    at: event_time ?? undefined,
    elapsedMs: systemClock.now() - startedAt,
  });
};

const reportsOf = (pipeline: LocalPipeline): readonly ProgramReport[] => {
  const latencies = new Map(pipeline.scorers().map((scorer) => [scorer.name, scorer.summary()]));
  return pipeline.runner.units().flatMap(({ program: { name, kind }, running }) => {
    const latency = latencies.get(name);
    return running === undefined
      ? []
      : [{ name, kind, report: running.report(), ...(latency !== undefined && { latency }) }];
  });
};

/** Compiles the files again; what does not compile is shown, and what ran goes on. */
const reload = async (pipeline: LocalPipeline, options: UpOptions, screen: Screen): Promise<void> => {
  try {
    const { programs, warnings } = await load(options);
    const changes = await pipeline.runner.update(programs);
    screen.say([...warnings, ...changes]);
  } catch (error) {
    if (!(error instanceof ResourceProblemsError || error instanceof UnreadableResourcesError)) throw error;
    screen.say(['The files have problems; what ran goes on:', error.message]);
  }
};

/** Runs the resources in this process until they are done or told to stop; the last thing it prints is a summary. */
export const up = async (options: UpOptions): Promise<void> => {
  const { file, data, dataDir, host, port, exitWhenDone = false } = options;
  const signal = stopSignal();
  const screen = createScreen(process.stdout, systemClock.now);
  const { programs, warnings } = await load(options);
  const trainingDirectory =
    options.train === true ? (dataDir ?? (await mkdtemp(join(tmpdir(), 'groundswell-models-')))) : undefined;
  const pipeline = await startPipeline({
    programs,
    directory: await baseDirectoryOf(file),
    dataDirectories: data,
    http: { host, port, ...(existsSync(join(uiDirectory, 'index.html')) && { uiDirectory }) },
    requests: { host, ports: requestPortsOf(options) },
    env: process.env,
    clock: systemClock,
    logger: createLogger('groundswell', options.logLevel),
    ...(dataDir !== undefined && { stateDirectory: dataDir }),
    ...(trainingDirectory !== undefined && { trainingDirectory }),
  });
  const changes = options.reload
    ? watchFiles(
        (await readResources(file)).map(({ path }) => path),
        systemClock.now,
      )
    : undefined;
  const startedAt = systemClock.now();
  screen.say([
    ...warnings,
    `Running ${programs.length} programs${pipeline.url() === undefined ? '' : `; the page is ${pipeline.url()}`}`,
    ...modelsOf(pipeline, host),
    ...pipeline.pushUrls().map((url) => `Events are taken at ${url}`),
    ...(trainingDirectory === undefined ? [] : [`New models are published in ${trainingDirectory}`]),
  ]);
  try {
    await run(pipeline.runner, {
      clock: systemClock,
      signal,
      isAwaited: pipeline.stores.isAwaited,
      saveEveryMs: dataDir === undefined ? Number.POSITIVE_INFINITY : options.saveEvery,
      observe: {
        everyMs: 1_000,
        call: async () => {
          if (changes?.take(systemClock.now())) await reload(pipeline, options, screen);
          screen.draw([
            ...(await topOf(pipeline)),
            '',
            `${progressOf(pipeline, startedAt)}   ${pipeline.url() ?? 'no page'}   Ctrl-C ends`,
            ...ailments(pipeline),
          ]);
        },
      },
      until: () => exitWhenDone && pipeline.isDone(),
    });
    screen.say([
      ...(await topOf(pipeline)),
      '',
      ...ailments(pipeline),
      ...renderSummary(reportsOf(pipeline), systemClock.now() - startedAt),
    ]);
  } finally {
    changes?.close();
    await pipeline.close();
  }
};
