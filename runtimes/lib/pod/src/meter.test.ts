import type { Running } from '@groundswell/process';
import { createMemoryLog } from '@groundswell/stores';
import { expect, test } from 'vitest';
import { createMeter } from './meter.ts';

const opened = async () => {
  let now = 0;
  const clock = { now: () => now };
  const log = createMemoryLog();
  const meter = createMeter(log, clock);
  await log.createTopics([{ name: 'events', partitions: 1 }]);
  const consumer = await meter.log.consumer({ group: 'g', topics: ['events'], from: 'earliest' });
  let records = 0;
  const running: Running = {
    name: 'p',
    step: async () => 0,
    save: async () => {},
    stop: async () => {},
    update: async () => true,
    report: () => ({ records, watermark: -Infinity, eventTime: 5, produced: { x: 1 } }),
    health: () => ({ kind: 'ready' }),
  };
  const report = () => meter.report({ name: 'p', revision: 'r' }, running);
  const take = (more: number) => {
    records += more;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { log, meter, running, consumer, report, take, pass };
};

test('work is the time of steps that took something, without that of waiting', async () => {
  const { meter, running, consumer, report, pass } = await opened();
  const polling = consumer.poll({ maxRecords: 10, maxWaitMs: 0 });
  pass(40);
  await polling;
  meter.step({ tookMs: 50, records: 3, running });
  expect(report()).toMatchObject({ busyMs: 10, watermark: undefined, eventTime: 5, revision: 'r' });
  meter.step({ tookMs: 250, records: 0, running });
  expect(report()).toMatchObject({ busyMs: 10 });
  await consumer.close();
});

test('what was counted in the middle of a step is not told before its end', async () => {
  const { meter, running, consumer, report, take } = await opened();
  take(1);
  meter.step({ tookMs: 1, records: 1, running });
  take(5);
  expect(report().records).toBe(1);
  meter.step({ tookMs: 1, records: 5, running });
  expect(report().records).toBe(6);
  await consumer.close();
});

test('what lies before the group is told for each partition, with what was taken and not committed yet', async () => {
  const { log, meter, consumer, report, pass } = await opened();
  expect(report().inputs).toBeUndefined();
  const producer = await log.producer();
  await producer.send('events', [{ value: new Uint8Array(1) }, { value: new Uint8Array(1) }]);
  await consumer.poll({ maxRecords: 10, maxWaitMs: 0 });
  await consumer.commit([{ topic: 'events', partition: 0, offset: 1n }]);
  pass(7);
  await meter.lookAhead();
  const partitions = [{ topic: 'events', partition: 0, end: 2, committed: 1, taken: 2 }];
  expect(report().inputs).toEqual({ at: 7, partitions });
  await consumer.close();
});
