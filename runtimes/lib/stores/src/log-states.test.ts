import { expect, test } from 'vitest';
import { statesContract } from './contract/index.ts';
import { bytes, makeTopic } from './contract/reading.ts';
import type { Log, OutRecord } from './log.ts';
import { createLogStates } from './log-states.ts';
import { createMemoryLog } from './memory/memory-log.ts';

const shared = createMemoryLog();
statesContract('states in a topic', async () => ({
  open: async () => createLogStates(shared),
  topic: () => makeTopic(shared, { partitions: 3, compacted: true }),
}));

const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value?.subarray(0, 9));
const large = (letter: string): Uint8Array => bytes(letter.repeat(2_000_000));

/** A log whose producers fail after so many records. */
const dyingLog = (log: Log, after: number): Log => ({
  ...log,
  producer: async () => {
    const producer = await log.producer();
    let left = after;
    return {
      ...producer,
      send: async (topic: string, records: readonly OutRecord[]) => {
        for (const record of records) {
          if (left-- <= 0) throw new Error('killed');
          await producer.send(topic, [record]);
        }
      },
    };
  },
});

test('whenever a writer is killed, what it saved last is found whole', async () => {
  for (let after = 1; ; after++) {
    const log = createMemoryLog();
    const topic = await makeTopic(log, { compacted: true });
    const place = { topic, shard: 0 };
    const states = createLogStates(dyingLog(log, after));
    const saves: readonly (readonly ['save' | 'append', Uint8Array])[] = [
      ['save', bytes('first')],
      ['append', large('a')],
      ['append', bytes('b')],
      ['save', large('x')],
      ['append', large('c')],
    ];
    const wanted: string[][] = [];
    let [killed, now] = [false, [] as string[]];
    for (const [kind, part] of saves) {
      now = kind === 'save' ? [text(part)] : [...now, text(part)];
      wanted.push(now);
      try {
        await states[kind](place, 1, part);
      } catch {
        killed = true;
        break;
      }
    }
    const found = (await createLogStates(log).load(topic, [0])).get(0);
    const parts = found && [text(found.base), ...found.changes.map(text)];
    // The save that was killed may be there already, or not yet.
    expect(wanted.slice(killed ? -2 : -1)).toContainEqual(parts);
    if (!killed) break;
  }
});

test('records that nobody needs any more are deleted, also those of writers before', async () => {
  const log = createMemoryLog();
  const topic = await makeTopic(log, { compacted: true });
  const place = { topic, shard: 0 };
  const first = createLogStates(log);
  await first.save(place, 1, large('a'));
  await first.append(place, 1, large('b'));
  const second = createLogStates(log);
  await second.load(topic, [0]);
  await second.save(place, 2, bytes('base'));
  await second.append(place, 2, bytes('change'));
  await second.save(place, 2, bytes('base again'));
  const third = createLogStates(log);
  await third.load(topic, [0]);
  await third.save(place, 3, bytes('third'));
  const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
  const batches = await consumer.poll({ maxRecords: 1000, maxWaitMs: 0 });
  const newest = new Map(batches.flatMap(({ records }) => records).map(({ key, value }) => [key, value]));
  expect([...newest].filter(([, value]) => value !== null).map(([key]) => key)).toEqual(['0/3/0']);
});
