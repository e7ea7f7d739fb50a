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
  return { meter, running, consumer, report, take, pass };
};

test('work is the time of steps without that of waiting, and what was not saved is not committed', async () => {
  const { meter, running, consumer, report, pass } = await opened();
  const polling = consumer.poll({ maxRecords: 10, maxWaitMs: 0 });
  pass(40);
  await polling;
  meter.step({ tookMs: 50, records: 3, running });
  expect(report()).toMatchObject({ busyMs: 10, uncommitted: 3, watermark: undefined, eventTime: 5, revision: 'r' });
  meter.step({ tookMs: 250, records: 0, running });
  meter.saved();
  expect(report()).toMatchObject({ busyMs: 10, uncommitted: 0 });
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
