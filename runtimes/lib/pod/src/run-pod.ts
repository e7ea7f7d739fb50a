import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Program, topicsOnKafka, valuesOf } from '@groundswell/graph';
import {
  createLogger,
  createMetrics,
  createValues,
  inClusterAccess,
  type Logger,
  type Running,
  runUntilStopped,
  systemClock,
  valuePathOf,
  valuesDirectory,
} from '@groundswell/process';
import { createLogCheckpoints, createLogStates, type Ports } from '@groundswell/stores';
import { createFileStates } from '@groundswell/stores/files';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { openTracing } from '@groundswell/tracing';
import { topicsOf } from '@groundswell/wire';
import { type Config, readConfig } from './config.ts';
import { readConnections } from './connections.ts';
import { followFiles } from './follow-files.ts';
import { followProgram } from './follow-program.ts';
import { startHealthServer } from './health-server.ts';
import { createMeter } from './meter.ts';
import { putAside } from './put-aside.ts';
import { prepareTopics } from './topics.ts';
import { type Watched, watchProgram } from './watch-program.ts';

/** How often the log is asked what lies before the program, ms. */
const lookAheadEveryMs = 5_000;

/** What a closed client has left open, as kafkajs does when the broker was away, keeps an ended pod no longer than this, ms. */
const lingerMs = 2_000;

export interface Pod<P extends Program> {
  /** @throws Error where the value is no program of this kind */
  readonly parse: (value: unknown) => P;
  readonly start: (program: P, ports: Ports) => Promise<Running>;
  /** It reads values of Secrets anew while it runs; others are started again when one changes. */
  readonly followsValues?: boolean;
}

/** @param current the program as it is now */
const openPorts = async (config: Config, current: () => Program): Promise<Ports & { close(): Promise<void> }> => {
  const program = current();
  const logger = createLogger(program.name, config.logLevel);
  const values = createValues({ directories: [valuesDirectory], env: process.env });
  const tracing = await openTracing(program, values);
  const { kafka, redis } = await readConnections(config);
  const log = await createKafkaLog({
    ...kafka,
    clientId: program.name,
    logger,
    sessionTimeoutMs: config.sessionTimeoutMs,
  });
  const metrics = createMetrics({ exemplars: tracing !== undefined });
  const around = putAside({ current, log, clock: systemClock, logger, metrics, random: Math.random });
  const keyValue = await createRedisKeyValue({ ...redis, logger, ...(around !== undefined && { around }) });
  await prepareTopics(topicsOnKafka([program]), { log, logger, by: config.kafkaTopics });
  const checkpoints = createLogCheckpoints(log, topicsOf(program.pipeline).checkpoints);
  const states = config.stateFolder === undefined ? createLogStates(log) : createFileStates(config.stateFolder);
  return {
    log,
    keyValue,
    checkpoints,
    states,
    logger,
    clock: systemClock,
    metrics,
    tracing,
    close: async () => {
      await tracing?.close();
      await checkpoints.close();
      await states.close();
      await keyValue.close();
      await log.close();
    },
  };
};

/** Where the API server may be asked: what it says of the program. */
const watchOf = async (config: Config, signal: AbortSignal, logger: Logger): Promise<Watched | undefined> => {
  const { configMap, apiHost: host, apiPort: port, serviceAccountFolder: folder } = config;
  if (configMap === undefined || host === undefined) return undefined;
  const access = await inClusterAccess({ host, port, folder });
  return access.namespace === undefined ? undefined : watchProgram({ access, name: configMap, signal, logger });
};

/** The whole life of a pod: one program on Kafka and Redis until SIGTERM, with health and metrics beside. */
export const runPod = async <P extends Program>({ parse, start, followsValues }: Pod<P>): Promise<void> => {
  const config = readConfig(process.env);
  const read = () => readFile(config.programFile, 'utf8');
  const parseText = (text: string): P => parse(JSON.parse(text));
  const program = parseText(await read());
  let current = program;
  const opened = await openPorts(config, () => current);
  const meter = createMeter(opened.log, opened.clock);
  const ports = { ...opened, log: meter.log };
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

  const running = await start(program, ports);
  const server = await startHealthServer({
    host: config.healthHost,
    port: config.healthPort,
    health: () => running.health(),
    metrics: ports.metrics,
    report: () => meter.report(current, running),
  });
  const watched = await watchOf(config, stopping.signal, ports.logger);
  const changed = followProgram({ parse: parseText, read, watched, clock: systemClock }, program.revision);
  const { files } = await readConnections(config);
  const values = (followsValues ? [] : valuesOf(program)).map((value) => join(valuesDirectory, valuePathOf(value)));
  const isRotated = await followFiles([...files, ...values], systemClock);
  const takeChange = async (): Promise<void> => {
    if (await isRotated()) {
      ports.logger.info('credentials were changed: ending, to start again with them');
      stopping.abort();
    }
    const next = await changed(current.revision);
    if (next === undefined) return;
    if (await running.update(next.program)) {
      current = next.program;
      ports.logger.info({ revision: current.revision }, 'took the change live');
    }
    // Started again, by its supervisor, it reads the changed file; before that is there, it would read the old one.
    else if (next.isMounted) stopping.abort();
  };
  const looking = setInterval(() => void meter.lookAhead(), lookAheadEveryMs);
  const { logger: log } = ports;
  try {
    await runUntilStopped(running, {
      log,
      signal: stopping.signal,
      saveEveryMs: config.saveEveryMs,
      now: systemClock.now,
      between: takeChange,
      onStep: (tookMs, records) => meter.step({ tookMs, records, running }),
    });
  } finally {
    clearInterval(looking);
    stopping.abort();
    server.close();
    await ports.close();
  }
  setTimeout(() => process.exit(), lingerMs).unref();
};
