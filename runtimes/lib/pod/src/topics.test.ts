import { createMemoryLog } from '@groundswell/stores';
import { expect, test } from 'vitest';
import { prepareTopics } from './topics.ts';

const specs = [
  { name: 'a', partitions: 1 },
  { name: 'b', partitions: 2 },
];

test('topics that are missing are created', async () => {
  const log = createMemoryLog();
  await prepareTopics(specs, { log, logger: { warn: () => undefined }, by: 'create' });
  expect(await log.bounds('b')).toHaveLength(2);
});

test('topics that others make are waited for, and those that are missing are named', async () => {
  const log = createMemoryLog();
  const told: unknown[] = [];
  const warn = (fields: unknown) => {
    told.push(fields);
    // Somebody makes one after the other.
    void log.createTopics(specs.slice(0, told.length));
  };
  await prepareTopics(specs, { log, logger: { warn: warn as never }, by: 'wait', everyMs: 1 });
  expect(told).toEqual([{ missing: ['a', 'b'] }, { missing: ['b'] }]);
});
