import { topicsOfProgram, WindowProgram } from '@groundswell/graph';
import { createLogger, createMetrics, systemClock } from '@groundswell/process';
import { createLogCheckpoints, createLogStates, type Log } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { startWindow } from '@groundswell/window';
import { createEventScanner, type SocialEvent } from '@groundswell/wire';
import { startRun, startTiming, type Timing } from './measure.ts';
import type { Query } from './queries.ts';

interface From {
  readonly brokers: readonly string[];
  readonly events: number;
}

const logger = createLogger('bench-windows', 'silent');

export const openLog = (brokers: readonly string[]): Promise<Log> =>
  createKafkaLog({ brokers, clientId: 'bench-windows', logger });

/** From the records of a topic to results, which are counted and dropped. Time begins with the first records. */
export const timeTopic = async ({ program, options, fields }: Query, { brokers, events }: From): Promise<Timing> => {
  const log = await openLog(brokers);
  const consumer = await log.consumer({ topics: [program.input.topic.name], from: 'earliest' });
  const run = startRun(options);
  const eventOf = createEventScanner(fields);
  const end = startTiming();
  for (let taken = 0; taken < events; )
    for (const { records } of await consumer.poll({ maxRecords: 20_000, maxWaitMs: 1_000 })) {
      for (const record of records) run.take(eventOf(record) as SocialEvent);
      taken += records.length;
    }
  const timing = { ...run.end(), ...end() };
  await consumer.close();
  await log.close();
  return timing;
};

/** As its resource would be compiled: a hash holds the newest window of a key. */
const programToRedis = ({ program }: Query): WindowProgram =>
  WindowProgram.parse({ ...program, emit: 'OnChange', sinks: [{ kind: 'hash', key: 'post:{post_id}' }] });

/** As a pod does where the resource says nothing. */
const savingEveryMs = 10_000;

/** The window program as a pod runs it: from a topic to hashes, with its state saved. */
export const timeProgram = async (
  query: Query,
  { brokers, events, redis }: From & { readonly redis: string },
): Promise<Timing> => {
  const program = programToRedis(query);
  const log = await openLog(brokers);
  const topics = topicsOfProgram(program).filter(({ name }) => name !== program.input.topic.name);
  await log.createTopics(topics.map(({ name, compacted = false }) => ({ name, partitions: 1, compacted })));
  const running = await startWindow(program, {
    log,
    keyValue: await createRedisKeyValue({ nodes: [redis], logger }),
    checkpoints: createLogCheckpoints(log, program.changelog.name),
    states: createLogStates(log),
    clock: systemClock,
    metrics: createMetrics(),
    logger,
  });
  const end = startTiming();
  let [taken, savedAt] = [0, performance.now()];
  while (taken < events) {
    taken += await running.step({ maxWaitMs: 1_000 });
    if (performance.now() - savedAt < savingEveryMs) continue;
    await running.save();
    savedAt = performance.now();
  }
  await running.save();
  return { results: 0, lateShare: 0, ...end() };
};
