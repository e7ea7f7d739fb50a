import { randomUUID } from 'node:crypto';
import { WindowProgram } from '@groundswell/graph';
import { putAside } from '@groundswell/pod';
import { createMetrics, systemClock } from '@groundswell/process';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { DeadLetter, decodeJson, topicsOf } from '@groundswell/wire';
import { expect, onTestFinished, test } from 'vitest';
import { startRedis } from '../servers/redis.ts';
import { openPorts } from './ports.ts';
import { logger } from './servers.ts';

const id = randomUUID().slice(0, 8);
const pipeline = `aside-${id}`;
const program = WindowProgram.parse({
  ...{ kind: 'window', name: 'window-w', pipeline, revision: 'r', window: 'w' },
  input: { topic: { name: topicsOf(pipeline).events } },
  changelog: { name: topicsOf(pipeline).changelog('w'), compacted: true },
  key: ['post_id'],
  shape: { kind: 'tumble', sizeMs: 10_000 },
  ...{ head: 'Closed', emit: 'OnChange', watermark: { maxOutOfOrdernessMs: 0 }, allowedLatenessMs: 0 },
  deadLetters: { name: `dead-${id}` },
  retries: { attempts: 100, initialMs: 50, maxMs: 200 },
  aggregations: [{ kind: 'count', name: 'events' }],
  sinks: [],
});

test('a Redis that is away for a while gets what was to be written, and what a key refuses lies in the dead letters on Kafka', async () => {
  const ports = await openPorts(id, [{ name: program.deadLetters.name, partitions: 1 }]);
  onTestFinished(() => ports.close());
  const redis = await startRedis();
  onTestFinished(redis.stop);
  const metrics = createMetrics();
  let current = program;
  let retried: () => void = () => undefined;
  const around = putAside({
    ...{ current: () => current, log: ports.log, clock: systemClock, metrics, random: Math.random },
    logger: Object.assign(Object.create(logger) as typeof logger, { warn: () => retried() }),
  });
  const keyValue = await createRedisKeyValue({
    ...{ nodes: [redis.address], logger },
    ...(around !== undefined && { around }),
  });
  onTestFinished(() => keyValue.close());
  const fence = { scope: id, epoch: 1 };
  const write = (keys: readonly string[]): Promise<void> => {
    const batch = keyValue.batch(fence);
    for (const key of keys) batch.hashSet(key, { events: '3' });
    return batch.run();
  };
  await write(['a']);

  await redis.kill();
  const hasFailed = new Promise<void>((resolve) => {
    retried = resolve;
  });
  const written = write(['a', 'b']);
  await hasFailed;
  await redis.restart();
  await written;
  const found = keyValue.batch();
  const hashes = ['a', 'b'].map((key) => found.hashGetAll(key));
  await found.run();
  expect(hashes.map((reply) => reply.value())).toEqual([{ events: '3' }, { events: '3' }]);

  const other = keyValue.batch();
  other.counterAdd('taken', 1);
  await other.run();
  current = { ...program, retries: { attempts: 2, initialMs: 1, maxMs: 1 } };
  await write(['taken', 'c']);
  const consumer = await ports.log.consumer({ topics: [program.deadLetters.name], from: 'earliest' });
  onTestFinished(() => consumer.close());
  const batches = await consumer.poll({ maxRecords: 10, maxWaitMs: 60_000 });
  const letters = batches.flatMap(({ records }) => records.map(({ value }) => DeadLetter.parse(decodeJson(value!))));
  expect(letters).toMatchObject([{ group: 'window-w', origin: 'the key "taken"' }]);
  expect(letters[0]?.reason).toContain('WRONGTYPE');
  expect(await metrics.registry.metrics()).toMatch(/^store_refused_total 1$/m);
});
