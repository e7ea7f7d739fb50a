import { WindowProgram } from '@groundswell/graph';
import { createLogger, createMetrics } from '@groundswell/process';
import { CommandError, createMemoryLog } from '@groundswell/stores';
import { DeadLetter, decodeJson } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { putAside } from './put-aside.ts';

const program = WindowProgram.parse({
  ...{ kind: 'window', name: 'window-w', pipeline: 'demo', revision: 'r', window: 'w' },
  input: { topic: { name: 'events' } },
  changelog: { name: 'changelog', compacted: true },
  key: ['post_id'],
  shape: { kind: 'tumble', sizeMs: 10_000 },
  ...{ head: 'Closed', emit: 'OnChange', watermark: { maxOutOfOrdernessMs: 0 }, allowedLatenessMs: 0 },
  deadLetters: { name: 'dead' },
  retries: { attempts: 2, initialMs: 0, maxMs: 0 },
  aggregations: [{ kind: 'count', name: 'events' }],
  sinks: [],
});

test('what a key refuses as often as the resource says lies in the dead letters, and is counted', async () => {
  const log = createMemoryLog();
  await log.createTopics([{ name: 'dead', partitions: 1 }]);
  const metrics = createMetrics();
  const logger = createLogger('test', 'silent');
  const around = putAside({ current: () => program, log, clock: { now: () => 7 }, logger, metrics, random: () => 0 });
  const command = { kind: 'hashSet', key: 'post:p', fields: { events: '3' } } as const;
  let runs = 0;
  await around?.(async () => {
    runs++;
    throw new CommandError(command, 'the key holds another kind of value (WRONGTYPE), delete it first');
  })([{ command, reply: undefined }]);
  // Twice, and once more for the key alone.
  expect(runs).toBe(3);
  const consumer = await log.consumer({ topics: ['dead'], from: 'earliest' });
  const [batch] = await consumer.poll({ maxRecords: 10, maxWaitMs: 0 });
  const letters = batch?.records.map(({ value }) => DeadLetter.parse(decodeJson(value ?? new Uint8Array())));
  expect(letters).toMatchObject([{ group: 'window-w', origin: 'the key "post:p"', at: 7 }]);
  expect(JSON.parse(Buffer.from(letters?.[0]?.raw ?? '', 'base64').toString())).toEqual([command]);
  const told = await metrics.registry.metrics();
  expect(told).toMatch(/^store_retries_total 1$/m);
  expect(told).toMatch(/^store_refused_total 1$/m);
});

test('a program whose resource says nothing about it tries once', () => {
  const { retries: _, ...without } = program;
  const logger = createLogger('test', 'silent');
  const options = { log: createMemoryLog(), clock: { now: () => 0 }, logger, metrics: createMetrics() };
  expect(putAside({ current: () => without, ...options, random: () => 0 })).toBeUndefined();
});
