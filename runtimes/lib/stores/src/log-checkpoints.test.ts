import { expect, test } from 'vitest';
import { checkpointsContract } from './contract/index.ts';
import { makeTopic, readAll } from './contract/reading.ts';
import type { Log, OutRecord } from './log.ts';
import { createLogCheckpoints } from './log-checkpoints.ts';
import { createMemoryLog } from './memory/memory-log.ts';

const shared = createMemoryLog();
const made = makeTopic(shared, { partitions: 3, compacted: true });
checkpointsContract('checkpoints in a topic', async () => createLogCheckpoints(shared, await made));

const large = (fill: number): Uint8Array => new Uint8Array(2_000_000).fill(fill);

/** A log whose producers fail from the record on that `isLast` names. */
const dyingLog = (log: Log, isLast: (record: OutRecord) => boolean): Log => ({
  ...log,
  producer: async () => {
    const producer = await log.producer();
    let isDead = false;
    return {
      ...producer,
      send: async (topic, records) => {
        for (const record of records) {
          isDead ||= isLast(record);
          if (isDead) throw new Error('killed');
          await producer.send(topic, [record]);
        }
      },
    };
  },
});

const living = async (log: Log, topic: string): Promise<number> => {
  const [records = []] = (await readAll(log, topic)).values();
  return [...new Map(records.map((record) => [record.key, record])).values()].filter(({ value }) => value !== null)
    .length;
};

test.each([
  { what: 'its first chunk', isLast: (record: OutRecord) => record.key?.endsWith('/0') === true },
  { what: 'its last chunk', isLast: (record: OutRecord) => record.key?.endsWith('/2') === true },
  { what: 'its manifest', isLast: (record: OutRecord) => record.key === 'worker' },
])('a save that dies before $what leaves the state as it was', async ({ isLast }) => {
  const log = createMemoryLog();
  const topic = await makeTopic(log, { compacted: true });
  await createLogCheckpoints(log, topic).save('worker', large(1));
  await expect(createLogCheckpoints(dyingLog(log, isLast), topic).save('worker', large(2))).rejects.toThrow('killed');
  expect((await createLogCheckpoints(log, topic).load('worker'))?.[0]).toBe(1);
});

test('a save that dies before the old chunks are deleted has saved', async () => {
  const log = createMemoryLog();
  const topic = await makeTopic(log, { compacted: true });
  await createLogCheckpoints(log, topic).save('worker', large(1));
  const dying = createLogCheckpoints(
    dyingLog(log, (record) => record.value === null),
    topic,
  );
  await dying.load('worker');
  await expect(dying.save('worker', large(2))).rejects.toThrow('killed');
  expect((await createLogCheckpoints(log, topic).load('worker'))?.[0]).toBe(2);
});

test('chunks that nobody needs are deleted with the next save, also those of a save that died', async () => {
  const log = createMemoryLog();
  const topic = await makeTopic(log, { compacted: true });
  const checkpoints = createLogCheckpoints(log, topic);
  for (const fill of [1, 2, 3]) await checkpoints.save('worker', large(fill));
  expect(await living(log, topic)).toBe(1 + 3);
  const dying = createLogCheckpoints(
    dyingLog(log, ({ key }) => key === 'worker'),
    topic,
  );
  await expect(dying.save('worker', large(4))).rejects.toThrow('killed');
  expect(await living(log, topic)).toBe(1 + 3 + 3);
  await checkpoints.save('worker', large(5));
  const next = createLogCheckpoints(log, topic);
  await next.load('worker');
  await next.save('worker', new Uint8Array([6]));
  expect(await living(log, topic)).toBe(1);
});

test('a state whose chunks are gone is not taken for a first start', async () => {
  const log = createMemoryLog();
  const topic = await makeTopic(log, { compacted: true });
  await createLogCheckpoints(log, topic).save('worker', large(1));
  const [records = []] = (await readAll(log, topic)).values();
  const producer = await log.producer();
  await producer.send(topic, [{ key: records[0]?.key ?? '', value: null, headers: { checkpoint: 'worker' } }]);
  await expect(createLogCheckpoints(log, topic).load('worker')).rejects.toThrow(
    `Cannot load checkpoint "worker" from topic "${topic}": parts of it are missing in the topic`,
  );
});
